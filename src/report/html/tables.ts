import type {
  Report,
  ReportBreakdownRow,
  ReportFailures,
  ReportRate,
  ReportTrendBucket,
} from '../../model/index.ts';
import { stagesText } from '../code-words.ts';
import {
  confidenceText,
  countText,
  durationText,
  percentRange,
  percentText,
  shareText,
} from '../figures.ts';
import type { Glyphs } from '../glyphs.ts';
import { failuresBy, groupedRates } from '../trend-words.ts';
import type { Wording } from '../wording/index.ts';
import { type Html, html, type Part } from './html.ts';
import { rateChart } from './rate-chart.ts';
import { bar, type Column, type Sheet, say, section, table } from './sheet.ts';

/** Where settled logins got to, and where they were lost. */
export function funnel({ funnel, flows }: Report, { wording, glyphs }: Sheet): Part {
  const settled = flows.succeeded + flows.failed + flows.abandoned;
  if (settled === 0) return undefined;
  const names = wording.columns;
  const count = (n: number, look: 'bad' | 'warning') =>
    n === 0 ? glyphs.dash : html`<span class="${look}">${countText(n)}</span>`;
  const columns: Column[] = [
    [names.stage, 'text'],
    [names.reached, 'number'],
    ['', 'graph'],
    [names.failed, 'number'],
    [names.abandoned, 'number'],
    ['p50', 'number'],
    ['p95', 'number'],
    ['p99', 'number'],
  ];
  const rows = funnel.map((row) => [
    wording.stage[row.stage],
    countText(row.reached),
    bar(row.reached / settled),
    count(row.failed, 'bad'),
    count(row.abandoned, 'warning'),
    ...[row.p50Ms, row.p95Ms, row.p99Ms].map((ms) =>
      ms === null ? glyphs.dash : durationText(ms),
    ),
  ]);
  return section(wording.funnel, table(columns, rows));
}

/** Why logins failed, by root cause. */
export function causes(report: Report, sheet: Sheet): Part {
  const { wording, glyphs, top } = sheet;
  const row = (
    name: Part,
    title: string,
    failures: ReportFailures,
    failuresIn: (bucket: ReportTrendBucket) => number,
  ): readonly Part[] => [
    html`${title}<br>${name}`,
    countText(failures.flows),
    shareText(failures.share),
    sparkChart(report, failuresIn, title, sheet),
    stagesText(failures),
  ];
  const rows = report.causes
    .slice(0, top)
    .map((cause) =>
      row(
        html`<code class="faint">${cause.rule}</code>`,
        say(cause.title, sheet),
        cause,
        failuresBy(cause.rule),
      ),
    );
  const { unclassified } = report;
  if (unclassified.flows > 0) {
    const name = html`<span class="faint">${wording.unclassified}</span>`;
    rows.push(row(name, wording.unclassifiedTitle, unclassified, (bucket) => bucket.unclassified));
  }
  const rest = report.causes.slice(top);
  const restFlows = rest.reduce((sum, { flows }) => sum + flows, 0);
  if (rest.length > 0)
    rows.push([
      `${glyphs.ellipsis} ${wording.moreCauses(countText(rest.length))}`,
      countText(restFlows),
      shareText(restFlows / report.flows.failed),
      '',
      '',
    ]);
  if (rows.length === 0) return undefined;
  const names = wording.columns;
  const columns: Column[] = [
    [names.cause, 'text'],
    [names.flows, 'number'],
    [names.share, 'number'],
    [names.trend, 'graph'],
    [names.stage, 'text'],
  ];
  return section(wording.causes, table(columns, rows));
}

/** Pixels. */
const SPARK_HEIGHT = 24;

function sparkChart(
  report: Report,
  failuresIn: (bucket: ReportTrendBucket) => number,
  title: string,
  { glyphs }: Sheet,
): Part {
  const rates = groupedRates(report, failuresIn);
  if (rates.length < 2) return undefined;
  const columns = rates.map((rate) => ({
    rate,
    label: rate === undefined ? glyphs.dash : percentText(rate),
  }));
  return rateChart(columns, SPARK_HEIGHT, title);
}

/** Trouble on the way of logins that succeeded. */
export function recovered({ recovered, flows }: Report, sheet: Sheet): Part {
  if (recovered.length === 0) return undefined;
  const { wording, top } = sheet;
  const rows = recovered
    .slice(0, top)
    .map(({ rule, title, flows: some }) => [
      html`${say(title, sheet)} <code class="faint">${rule}</code>`,
      countText(some),
      percentText(flows.succeeded === 0 ? 0 : some / flows.succeeded),
    ]);
  const names = wording.columns;
  const columns: Column[] = [
    [names.rule, 'text'],
    [names.flows, 'number'],
    [names.share, 'number'],
  ];
  return section(
    wording.recovered,
    html`<p class="faint">${wording.recoveredWhy}</p>${table(columns, rows)}`,
  );
}

/** For whom logins fail: one table for each `--by` field. */
export function breakdowns(report: Report, sheet: Sheet): Part {
  const overall = report.focus ?? report.failureRate;
  if (overall === null) return undefined;
  return Object.entries(report.breakdowns).map(([field, rows]) =>
    breakdown(field, rows, overall, sheet),
  );
}

function breakdown(
  field: string,
  rows: readonly ReportBreakdownRow[],
  overall: ReportRate,
  { wording, glyphs, top }: Sheet,
): Html {
  const heading = wording.by(field);
  if (rows.every(({ value }) => value === null))
    return section(heading, html`<p>${wording.fieldAbsent(field)}</p>`);
  const listed = rows.slice(0, top);
  const highest = Math.max(...listed.map(({ rate }) => rate));
  const names = wording.columns;
  const columns: Column[] = [
    [names.value, 'text'],
    [names.decided, 'number'],
    [names.failed, 'number'],
    [names.rate, 'number'],
    [wording.interval(confidenceText(overall.confidence)), 'number'],
    ['', 'graph'],
    [names.versus, 'number'],
  ];
  const cells = listed.map((row) => [
    valueText(row, wording),
    countText(row.decided),
    row.failed === 0 ? glyphs.dash : countText(row.failed),
    percentText(row.rate),
    percentRange(row.low, row.high, glyphs.to),
    bar(highest === 0 ? 0 : row.rate / highest),
    versus(row, overall.value, glyphs),
  ]);
  const rest = rows.length - listed.length;
  const more =
    rest > 0
      ? html`<p class="faint">${glyphs.ellipsis} ${wording.moreValues(countText(rest))}</p>`
      : undefined;
  return section(heading, html`${table(columns, cells)}${more}`);
}

function valueText({ value, folded }: ReportBreakdownRow, wording: Wording): string {
  if (value !== null) return value === '' ? '""' : value;
  return folded ? wording.folded : wording.missing;
}

/** How many times the overall rate; marked where even the lower end of the interval lies above it. */
function versus(row: ReportBreakdownRow, overall: number, glyphs: Glyphs): Part {
  if (overall === 0 || row.failed === 0) return undefined;
  const times = `${(row.rate / overall).toFixed(1)}${glyphs.times}`;
  return row.low > overall ? html`<b class="bad">${times} ${glyphs.up}</b>` : times;
}
