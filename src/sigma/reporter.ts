import stringWidth from 'string-width';
import type { Problem } from '../model/index.ts';

/** A piece of a text: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Collects what is wrong in one file, each with its place and a snippet. */
export interface Reporter {
  error(span: Span, code: string, message: string, hint?: string): void;
  warning(span: Span, code: string, message: string, hint?: string): void;
  /** 1-based line and column of an offset. */
  place(offset: number): { readonly line: number; readonly column: number };
  /** The file has been read before and is known to have no problem: costly checks can wait. */
  readonly isSound: boolean;
}

const SNIPPET_WIDTH = 120;

/** Problems go to the end of `problems`, in the order they are found. */
export function createReporter(
  file: string,
  text: string,
  problems: Problem[],
  { isSound = false }: { readonly isSound?: boolean } = {},
): Reporter {
  let lines: number[] | undefined;
  const lineStarts = (): number[] => {
    lines ??= startsOf(text);
    return lines;
  };
  const place = (offset: number) => {
    const starts = lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low] + 1 };
  };
  const report =
    (severity: Problem['severity']) =>
    (span: Span, code: string, message: string, hint?: string): void => {
      const { line, column } = place(span.start);
      const from = lineStarts()[line - 1];
      const snippet = snippetOf(text, from, line, column, span.end - span.start);
      problems.push({ file, line, column, severity, code, message, hint, snippet });
    };
  return { error: report('error'), warning: report('warning'), place, isSound };
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line and a caret under the place, shortened around it when the line is long. */
function snippetOf(text: string, from: number, line: number, column: number, length: number) {
  const newline = text.indexOf('\n', from);
  const full = text.slice(from, newline === -1 ? text.length : newline).replace(/\r$/, '');
  const cut = column > SNIPPET_WIDTH - 20 ? column - 40 : 0;
  const shown = full.slice(cut, cut + SNIPPET_WIDTH).replace(/[\x00-\x1f\x7f-\x9f]/g, ' ');
  const before = shown.slice(0, column - 1 - cut);
  const marked = shown.slice(column - 1 - cut, column - 1 - cut + Math.max(1, length));
  const gutter = String(line);
  const carets = '^'.repeat(Math.max(1, stringWidth(marked)));
  return `${gutter} | ${shown}\n${' '.repeat(gutter.length)} | ${' '.repeat(stringWidth(before))}${carets}`;
}
