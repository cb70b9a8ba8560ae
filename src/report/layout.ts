import stringWidth from 'string-width';

/** Cells of a terminal; Chinese characters take two. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text within `width` cells, its end given up for `ellipsis` where it is longer. */
export function truncate(text: string, width: number, ellipsis: string): string {
  // Marks without width could be piled on one cell without end.
  if (text.length <= width * 4 && widthOf(text) <= width) return text;
  const room = Math.max(0, width - widthOf(ellipsis));
  let kept = '';
  let used = 0;
  for (const char of text) {
    const cells = widthOf(char);
    if (used + cells > room || kept.length >= room * 4) break;
    kept += char;
    used += cells;
  }
  return kept.trimEnd() + ellipsis;
}

/** The text within `width` cells, its beginning given up where it is longer: the end of a path tells more. */
export function truncateStart(text: string, width: number, ellipsis: string): string {
  if (text.length <= width * 4 && widthOf(text) <= width) return text;
  const room = Math.max(0, width - widthOf(ellipsis));
  const chars = [...text.slice(-room * 4)];
  let from = chars.length;
  let used = 0;
  while (from > 0 && used + widthOf(chars[from - 1]) <= room) used += widthOf(chars[--from]);
  return ellipsis + chars.slice(from).join('').trimStart();
}

/** Lines of at most `width` cells, broken at spaces and beside Chinese characters. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const piece of piecesOf(text, width)) {
    const cells = widthOf(piece.trimEnd());
    if (used > 0 && used + cells > width) {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    line += piece;
    used += widthOf(piece);
  }
  if (line.trimEnd() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** What must not be broken: words with the space behind them, and single wide characters. */
function piecesOf(text: string, width: number): readonly string[] {
  // A full stop or comma must not start a line, so it stays with what stands before it.
  const pieces =
    text.match(
      /[⺀-鿿가-힯豈-﫿！-｠][、。，．：；？！）」』】》%\s]*|[^\s⺀-鿿가-힯豈-﫿！-｠]+\s*|\s+/gu,
    ) ?? [];
  return pieces.flatMap((piece) =>
    widthOf(piece.trimEnd()) > width ? cut(piece, width) : [piece],
  );
}

/** The text in rows of `width` cells, cut wherever a row is full. */
export function cut(text: string, width: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const char of text) {
    const cells = widthOf(char);
    if (used > 0 && used + cells > width) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += char;
    used += cells;
  }
  return [...parts, part];
}

/**
 * Parts one after the other, on as few lines as hold them; lines after the first are indented.
 * Parts may be coloured; one that is wider than a line stands alone and is not cut.
 */
export function flowed(
  parts: readonly string[],
  {
    first = '',
    separator,
    indent,
    width,
  }: {
    readonly first?: string;
    readonly separator: string;
    readonly indent: number;
    readonly width: number;
  },
): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let used = widthOf(first);
  let isFirst = true;
  for (const part of parts) {
    const cells = widthOf(part);
    if (!isFirst && used + widthOf(separator) + cells > width) {
      lines.push(line);
      line = ' '.repeat(indent);
      used = indent;
      isFirst = true;
    }
    line += (isFirst ? '' : separator) + part;
    used += (isFirst ? 0 : widthOf(separator)) + cells;
    isFirst = false;
  }
  return [...lines, line];
}

export type Align = 'left' | 'right';

export interface ColumnsOptions {
  readonly aligns: readonly Align[];
  /**
   * The column that gives way where rows would be wider than `width`; its cells, the head's aside,
   * are uncoloured.
   */
  readonly flexible?: {
    readonly column: number;
    readonly width: number;
    readonly ellipsis: string;
  };
}

/**
 * A head and rows below it, as aligned columns two cells apart; cells may be coloured. The head
 * starts at the margin, the rows are indented.
 */
export function columns(
  head: readonly string[],
  body: readonly (readonly string[])[],
  { aligns, flexible }: ColumnsOptions,
): readonly string[] {
  const whole = [head, ...body.map((row) => row.with(0, `  ${row[0]}`))];
  const rows = flexible === undefined ? whole : narrowed(whole, flexible);
  const widths = aligns.map((_, at) => Math.max(...rows.map((row) => widthOf(row[at]))));
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const space = ' '.repeat(widths[at] - widthOf(cell));
        return aligns[at] === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
}

function narrowed(
  rows: readonly (readonly string[])[],
  { column, width, ellipsis }: NonNullable<ColumnsOptions['flexible']>,
): readonly (readonly string[])[] {
  let others = 0;
  for (let at = 0; at < rows[0].length; at++)
    if (at !== column) others += 2 + Math.max(...rows.map((row) => widthOf(row[at])));
  const room = Math.max(8, width - others);
  return rows.map((row, i) =>
    i === 0 ? row : row.with(column, truncate(row[column], room, ellipsis)),
  );
}
