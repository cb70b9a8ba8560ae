import type { Bilingual } from '../../model/index.ts';
import type { Zone } from '../../normalise/index.ts';
import { BLOCKS, type Glyphs } from '../glyphs.ts';
import { headingCase } from '../heading-case.ts';
import { type Language, WORDINGS, type Wording } from '../wording/index.ts';
import { type Html, html, type Part } from './html.ts';

export interface HtmlOptions {
  readonly language: Language;
  /** Zone of the times shown. */
  readonly zone: Zone;
  /** Rows of each list. */
  readonly top: number;
  /** Files as the user named them, for the commands suggested at the end. */
  readonly inputs: readonly string[];
}

/** What every part of the page writes with. */
export interface Sheet extends HtmlOptions {
  readonly wording: Wording;
  readonly glyphs: Glyphs;
}

export function sheetOf(options: HtmlOptions): Sheet {
  return { ...options, wording: WORDINGS[options.language], glyphs: BLOCKS };
}

/** A bilingual text in the page's language. */
export function say(text: Bilingual, { wording }: Sheet): string {
  return (text[wording.language] || text.en).replace(/\s+/g, ' ').trim();
}

export function section(heading: string, body: Html): Html {
  return html`<section><h2>${headingCase(heading)}</h2>
${body}
</section>
`;
}

/** A column's head, and how its cells look. */
export type Column = readonly [head: string, look: 'text' | 'number' | 'graph'];

/** Rows have one part for each column. */
export function table(columns: readonly Column[], rows: readonly (readonly Part[])[]): Html {
  const head = columns.map(([name, look]) => html`<th scope="col" class="${look}">${name}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((part, index) => html`<td class="${columns[index][1]}">${part}</td>`)}</tr>\n`,
  );
  return html`<div class="scroll"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>`;
}

/** @param share of the column's width, 0–1 */
export function bar(share: number): Html {
  return html`<span class="bar" style="width:${(share * 100).toFixed(1)}%"></span>`;
}
