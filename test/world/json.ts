/** A number in the digits as given, such as a 64-bit id that a double cannot hold. */
export class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Json =
  | string
  | number
  | boolean
  | null
  | Digits
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

export type Fields = { readonly [key: string]: Json | undefined };

/** `ascii` escapes everything beyond ASCII, `html` also `<`, `>` and `&`, as some libraries do. */
export type Escaping = 'plain' | 'ascii' | 'html';

/** Like `JSON.stringify`, with exact digits and the escaping habits of other languages. */
export function writeJson(value: Json, escaping: Escaping = 'plain'): string {
  if (typeof value === 'string') return writeString(value, escaping);
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Digits) return value.text;
  if (Array.isArray(value)) {
    return `[${value.map((element: Json) => writeJson(element, escaping)).join(',')}]`;
  }
  let text = '{';
  for (const key in value) {
    const member = (value as Fields)[key];
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${writeString(key, escaping)}:${writeJson(member, escaping)}`;
  }
  return `${text}}`;
}

/** Printable ASCII without quote, backslash, `&`, `<` or `>`: the same in every language. */
const TAME = /^[ !#-%'-;=?-[\]-~]*$/;

function writeString(text: string, escaping: Escaping): string {
  if (TAME.test(text)) return `"${text}"`;
  const quoted = JSON.stringify(text);
  if (escaping === 'ascii') return quoted.replace(/[\u0080-\uffff]/g, escapeUnit);
  if (escaping === 'html') return quoted.replace(/[<>&\u2028\u2029]/g, escapeUnit);
  return quoted;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
