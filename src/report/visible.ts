/**
 * Log text, made harmless to look at: control characters (so also ANSI sequences), marks that
 * turn the direction of text or have no width, and halves of characters become escapes that can
 * be seen. All text that comes from logs, file names and rule files passes here on its way to a
 * terminal or page.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, escapeOf);
}

/**
 * The same for JSON text: these characters stand within its strings only, where their `\u`
 * escapes mean the same, except for the line breaks of its layout.
 */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (char) =>
    char === '\n'
      ? char
      : Array.from({ length: char.length }, (_, i) => unicodeEscape(char.charCodeAt(i))).join(''),
  );
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(char: string): string {
  const short = SHORT[char];
  if (short !== undefined) return short;
  const code = char.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : unicodeEscape(code);
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
