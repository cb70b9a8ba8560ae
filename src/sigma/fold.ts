/**
 * Case folding for comparisons: one UTF-16 unit to one unit, free of context and locale, so that a
 * part of a folded text is the folded part. Lower case, and the two letters with a second lower
 * form (ς, ſ) as σ and s. Letters outside the basic plane keep their case.
 */
const table = new Uint16Array(0x10000);
for (let unit = 0; unit < 0x10000; unit++) table[unit] = unit;
/** Where Unicode keeps letters with case; the rest of the plane folds to itself. */
const CASED = [
  [0x41, 0x5b],
  [0xb5, 0x590],
  [0x10a0, 0x1100],
  [0x13a0, 0x1400],
  [0x1c80, 0x1cc0],
  [0x1e00, 0x2000],
  [0x2100, 0x2190],
  [0x24b0, 0x24f0],
  [0x2c00, 0x2d30],
  [0xa640, 0xa800],
  [0xab30, 0xabc0],
  [0xff21, 0xff5b],
] as const;
for (const [from, to] of CASED) {
  for (let unit = from; unit < to; unit++) {
    const lower = String.fromCharCode(unit).toLowerCase();
    if (lower.length === 1) table[unit] = lower.charCodeAt(0);
  }
}
table[0x3c2] = 0x3c3;
table[0x17f] = 0x73;

/** The folded form of one UTF-16 unit. */
export const FOLDED_UNIT: Readonly<Uint16Array> = table;

/** Letters whose native lower case is longer, depends on context, or lies outside the plane. */
const PECULIAR = /[\u0130\u017f\u03a3\u03c2\ud800-\udbff]/;

/** The text with every unit folded. */
export function fold(text: string): string {
  if (!PECULIAR.test(text)) return text.toLowerCase();
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = table[text.charCodeAt(i)];
  const parts: string[] = [];
  for (let i = 0; i < units.length; i += 8192) {
    parts.push(String.fromCharCode(...units.subarray(i, i + 8192)));
  }
  return parts.join('');
}
