import type { Report } from '../../model/index.ts';
import { trendWords } from '../trend-words.ts';
import { labelled, type Page } from './page.ts';

/** The failure rate through time: its shape, and the numbers that the shape is made of. */
export function trendLines(report: Report, page: Page): readonly string[] {
  const words = trendWords(report, page);
  if (words === undefined) return [];
  const shape = `${words.from} ${page.paint.graph(words.row)} ${words.to}`;
  return [
    ...labelled(page.wording.trend, [shape, words.every], page),
    ...labelled('', words.numbers, page),
    ...(words.outside === undefined ? [] : labelled('', [words.outside], page)),
  ];
}
