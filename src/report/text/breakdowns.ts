import type { Report, ReportBreakdownRow } from '../../model/index.ts';
import { confidenceText, countText, percentRange, percentText } from '../figures.ts';
import { bar } from '../glyphs.ts';
import { columns } from '../layout.ts';
import { type Page, shown } from './page.ts';

const BAR_WIDTH = 12;

const MOST_VALUE_CELLS = 60;

const MOST_NAME_CELLS = 18;

/** For whom logins fail: one table for each `--by` field. */
export function breakdownSections(report: Report, page: Page): string[][] {
  if (report.failureRate === null) return [];
  return Object.entries(report.breakdowns).map(([name, rows]) => section(name, rows, report, page));
}

function section(
  name: string,
  rows: readonly ReportBreakdownRow[],
  report: Report,
  page: Page,
): string[] {
  const { wording, paint, glyphs } = page;
  const heading = paint.heading(wording.by(shown(name, MOST_NAME_CELLS, page)));
  if (rows.every(({ value }) => value === null))
    return [heading, `  ${wording.fieldAbsent(shown(name, MOST_NAME_CELLS, page))}`];

  const overall = (report.focus ?? report.failureRate)!;
  const listed = rows.slice(0, page.top);
  const highest = Math.max(...listed.map(({ rate }) => rate));
  const cells = listed.map((row) => [
    valueText(row, page),
    countText(row.decided),
    row.failed === 0 ? paint.faint(glyphs.dash) : paint.bad(countText(row.failed)),
    percentText(row.rate),
    percentRange(row.low, row.high, glyphs.to),
    paint.graph(bar(highest === 0 ? 0 : row.rate / highest, BAR_WIDTH, glyphs)),
    versusText(row, overall.value, page),
  ]);
  const names = wording.columns;
  const head = [
    names.decided,
    names.failed,
    names.rate,
    wording.interval(confidenceText(overall.confidence)),
    '',
    names.versus,
  ];
  const rest = rows.length - listed.length;
  return [
    ...columns([heading, ...head.map((name) => paint.faint(name))], cells, {
      aligns: ['left', 'right', 'right', 'right', 'right', 'left', 'left'],
      flexible: { column: 0, width: page.width, ellipsis: glyphs.ellipsis },
    }),
    ...(rest > 0 ? [`  ${glyphs.ellipsis} ${wording.moreValues(countText(rest))}`] : []),
  ];
}

function valueText({ value, folded }: ReportBreakdownRow, page: Page): string {
  if (value !== null) return value === '' ? '""' : shown(value, MOST_VALUE_CELLS, page);
  return folded ? page.wording.folded : page.wording.missing;
}

/**
 * How many times the overall rate; marked where even the lower end of the interval lies above it.
 */
function versusText(row: ReportBreakdownRow, overall: number, { glyphs, paint }: Page): string {
  if (overall === 0 || row.failed === 0) return '';
  const times = `${(row.rate / overall).toFixed(1)}${glyphs.times}`;
  return row.low > overall ? paint.bad(`${times} ${glyphs.up}`) : times;
}
