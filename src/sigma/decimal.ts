/**
 * A decimal number with optional sign, fraction and exponent, blanks around it allowed.
 * @returns undefined for anything else: empty text, hexadecimal, units, Infinity.
 */
export function decimalOf(text: string): number | undefined {
  const trimmed = text.trim();
  let at = 0;
  if (trimmed[at] === '-' || trimmed[at] === '+') at++;
  let digits = 0;
  while (isDigit(trimmed, at)) {
    at++;
    digits++;
  }
  if (trimmed[at] === '.') {
    at++;
    while (isDigit(trimmed, at)) {
      at++;
      digits++;
    }
  }
  if (digits === 0) return undefined;
  if (trimmed[at] === 'e' || trimmed[at] === 'E') {
    at++;
    if (trimmed[at] === '-' || trimmed[at] === '+') at++;
    if (!isDigit(trimmed, at)) return undefined;
    while (isDigit(trimmed, at)) at++;
  }
  if (at !== trimmed.length) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}
