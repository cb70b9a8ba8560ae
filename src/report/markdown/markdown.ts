import { visible } from '../visible.ts';

/** Text in Markdown that is read as text: no markup, HTML, link or cell border comes out of it. */
export function plainMarkdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]#!~$]/g, '\\$&')
    .replace(/[&<>|@]|:(?=\/\/|[a-z_+-])|(?<=w)w(?=w\.)/gi, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Log text as code. Backticks in it become quotes: nothing else could end the span. */
export function codeMarkdown(text: string): string {
  const code = visible(text).replaceAll('`', "'").replaceAll('|', '\\|');
  return code.trim() === '' ? '` `' : `\`${code}\``;
}

export type MarkdownAlign = 'left' | 'right';

/** A table of cells that are Markdown already. */
export function markdownTable(
  head: readonly string[],
  aligns: readonly MarkdownAlign[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = aligns.map((align) => (align === 'right' ? '---:' : ':---'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
