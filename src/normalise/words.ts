/**
 * A text as plain words, so that `loginSuccess`, `login_success`, `LOGIN-SUCCESS` and
 * `Login success` read alike: lower case, one blank between words and at both ends. Chinese
 * stands apart from Latin words, too: `换取access_token成功` is ` 换取 access token 成功 `.
 */
export function wordsOf(text: string): string {
  const length = Math.min(lengthOfHead(text), MAX_WORDS);
  let out = 0;
  let all = 0;
  units[out++] = BLANK;
  let last: number = Kind.gap;
  for (let at = 0; at < length; at += 1) {
    const unit = text.charCodeAt(at);
    const kind = unit < 128 ? ASCII_KIND[unit] : kindOf(unit);
    if (kind === Kind.gap) {
      if (last !== Kind.gap) units[out++] = BLANK;
      last = Kind.gap;
      continue;
    }
    const begins =
      kind === Kind.capital ? last === Kind.small || last === Kind.other : isSeam(last, kind);
    if (begins) units[out++] = BLANK;
    units[out++] = kind === Kind.capital ? unit | 0x20 : unit;
    all |= unit;
    last = kind;
  }
  if (last !== Kind.gap) units[out++] = BLANK;
  return all < 128 ? asciiText(out) : String.fromCharCode.apply(null, unitsTo(out));
}

/** Half the cost of making a text of single units. */
function asciiText(length: number): string {
  for (let at = 0; at < length; at += 1) ascii[at] = units[at];
  return ascii.toString('latin1', 0, length);
}

const unitsTo = (length: number): number[] => units.subarray(0, length) as unknown as number[];

/** Between Latin and other letters, either way. */
function isSeam(last: number, kind: number): boolean {
  return kind === Kind.other ? last === Kind.small || last === Kind.capital : last === Kind.other;
}

/** What happened stands at the beginning of a message. */
const MAX_WORDS = 2048;
const FEW = 8;

/** The first line says what happened; stack frames below name many things that did not. */
function lengthOfHead(text: string): number {
  const newline = text.indexOf('\n', FEW);
  return newline === -1 ? text.length : newline;
}

const BLANK = 0x20;
/** At worst a blank before every character. */
const units = new Uint16Array(MAX_WORDS * 2 + 2);
const ascii = Buffer.alloc(units.length);

/** Digits count as small: a capital after one begins a word. */
const Kind = { gap: 0, small: 1, capital: 2, other: 3 } as const;

const ASCII_KIND = Uint8Array.from({ length: 128 }, (_, unit) => {
  const character = String.fromCharCode(unit);
  if (/[a-z0-9]/.test(character)) return Kind.small;
  return /[A-Z]/.test(character) ? Kind.capital : Kind.gap;
});

/** Letters and digits beyond ASCII are kept as they stand; all other signs part words. */
function kindOf(unit: number): number {
  if (unit >= 0x4e00 && unit <= 0x9fff) return Kind.other;
  if (unit >= 0x2000 && unit <= 0x303f) return Kind.gap;
  if (unit >= 0xff00 && unit <= 0xff0f) return Kind.gap;
  if (unit >= 0xff1a && unit <= 0xff20) return Kind.gap;
  if (unit >= 0xff3b && unit <= 0xff65) return Kind.gap;
  if (unit < 0xc0) return Kind.gap;
  // Scripts that part their words as Latin does.
  return unit < 0x2000 ? Kind.small : Kind.other;
}
