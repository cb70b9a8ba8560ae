import type { Bilingual } from '../../model/index.ts';
import type { Zone } from '../../normalise/index.ts';
import { ASCII, BLOCKS, type Glyphs } from '../glyphs.ts';
import { flowed, truncate, truncateStart, widthOf, wrap } from '../layout.ts';
import { type ColorLevel, type Paint, paint } from '../paint.ts';
import { visible } from '../visible.ts';
import { type Language, WORDINGS, type Wording } from '../wording/index.ts';

export interface TextOptions {
  readonly language: Language;
  readonly colorLevel: ColorLevel;
  /** Plain ASCII in place of bars, blocks and dashes. */
  readonly ascii: boolean;
  /** Cells of a line; no line is wider, and none is wider than it needs. */
  readonly width: number;
  /** Zone of the times shown. */
  readonly zone: Zone;
  /** Rows of each list. */
  readonly top: number;
  /** Files as the user named them, for the commands suggested at the end. */
  readonly inputs: readonly string[];
}

/** What every part of a text report writes with. */
export interface Page extends TextOptions {
  readonly wording: Wording;
  readonly glyphs: Glyphs;
  readonly paint: Paint;
}

/** Narrower than this, tables fall apart. */
const LEAST_WIDTH = 80;

/** Longer lines of prose lose the eye on its way back. */
const MOST_PROSE_WIDTH = 110;

export function pageOf(options: TextOptions): Page {
  return {
    ...options,
    width: Math.max(LEAST_WIDTH, options.width),
    wording: WORDINGS[options.language],
    glyphs: options.ascii ? ASCII : BLOCKS,
    paint: paint(options.colorLevel),
  };
}

/** A bilingual text of a rule, in the page's language, safe to print. */
export function say(text: Bilingual, { wording }: Page): string {
  return visible(text[wording.language] || text.en)
    .replace(/(?:\\[nrt]|\s)+/g, ' ')
    .trim();
}

/** Log text within so many cells, safe to print. */
export function shown(text: string, cells: number, { glyphs }: Page): string {
  return truncate(
    visible(text.length > cells * 8 ? text.slice(0, cells * 8) : text),
    cells,
    glyphs.ellipsis,
  );
}

/** The name of a file within so many cells, safe to print; its end is what counts. */
export function shownPath(path: string, cells: number, { glyphs }: Page): string {
  return truncateStart(visible(path.slice(-cells * 8)), cells, glyphs.ellipsis);
}

/** `label   parts`, the parts starting at a fixed cell and flowing below each other from there. */
export function labelled(
  label: string,
  parts: readonly string[],
  { paint, width }: Page,
  separator = '  ',
): readonly string[] {
  const gap = ' '.repeat(Math.max(2, LABEL_WIDTH - widthOf(label)));
  return flowed(parts, {
    first: `  ${paint.faint(label)}${gap}`,
    separator,
    indent: 2 + LABEL_WIDTH,
    width,
  });
}

/** Sentences beside a margin of so many cells, in lines that are read at ease however wide the page. */
export function prose(text: string, margin: number, { width }: Page): readonly string[] {
  return wrap(text, Math.min(width, MOST_PROSE_WIDTH) - margin);
}

/** `label   text`, wrapped beside the label. */
export function explained(label: string, text: string, page: Page): readonly string[] {
  const lines = prose(text, 2 + LABEL_WIDTH, page);
  return lines.flatMap((line, i) => labelled(i === 0 ? label : '', [line], page));
}

const LABEL_WIDTH = 13;
