import type { Report, ReportFailures, ReportTrendBucket } from '../../model/index.ts';
import { stagesText } from '../code-words.ts';
import { countText, percentText, shareText } from '../figures.ts';
import { columns } from '../layout.ts';
import { failuresBy, sparklineOf } from '../trend-words.ts';
import { type Page, say, shown } from './page.ts';

/** Narrower pages leave the stages of causes out. */
const ROOM_FOR_STAGES = 90;

/** Why logins failed, by root cause. */
export function causesSection(report: Report, page: Page): string[] {
  const { causes, unclassified } = report;
  if (causes.length === 0 && unclassified.flows === 0) return [];
  const { wording, paint, glyphs } = page;
  // Titles have nothing to say in a few cells; stages stand in the funnel, too.
  const tellsStage = page.width >= ROOM_FOR_STAGES;
  const row = (
    name: string,
    title: string,
    failures: ReportFailures,
    failuresIn: (bucket: ReportTrendBucket) => number,
  ) => [
    name,
    title,
    countText(failures.flows),
    shareText(failures.share),
    paint.graph(sparklineOf(report, failuresIn, glyphs)),
    ...(tellsStage ? [stagesText(failures)] : []),
  ];
  const listed = causes.slice(0, page.top);
  const rows = listed.map((cause) =>
    row(
      shown(cause.rule, nameWidth(page), page),
      say(cause.title, page),
      cause,
      failuresBy(cause.rule),
    ),
  );
  if (unclassified.flows > 0)
    rows.push(
      row(wording.unclassified, wording.unclassifiedTitle, unclassified, (b) => b.unclassified),
    );
  const rest = causes.slice(page.top);
  const restFlows = rest.reduce((sum, { flows }) => sum + flows, 0);
  if (rest.length > 0)
    rows.push([
      `${glyphs.ellipsis} ${wording.moreCauses(countText(rest.length))}`,
      '',
      countText(restFlows),
      shareText(restFlows / report.flows.failed),
      '',
      ...(tellsStage ? [''] : []),
    ]);
  const names = wording.columns;
  const head = [names.flows, names.share, names.trend, ...(tellsStage ? [names.stage] : [])];
  return [
    ...columns(
      [paint.heading(wording.causes), '', ...head.map((name) => paint.faint(name))],
      rows,
      {
        aligns: [
          'left',
          'left',
          'right',
          'right',
          'left',
          ...(tellsStage ? ['left' as const] : []),
        ],
        flexible: { column: 1, width: page.width, ellipsis: glyphs.ellipsis },
      },
    ),
  ];
}

/** Trouble on the way of logins that succeeded. */
export function recoveredSection({ recovered, flows }: Report, page: Page): string[] {
  if (recovered.length === 0) return [];
  const { wording, paint, glyphs } = page;
  const rows = recovered
    .slice(0, page.top)
    .map(({ rule, title, flows: some }) => [
      shown(rule, nameWidth(page), page),
      say(title, page),
      countText(some),
      percentText(flows.succeeded === 0 ? 0 : some / flows.succeeded),
    ]);
  const head = [paint.heading(wording.recovered), paint.faint(wording.recoveredWhy), '', ''];
  return [
    ...columns(head, rows, {
      aligns: ['left', 'left', 'right', 'right'],
      flexible: { column: 1, width: page.width, ellipsis: glyphs.ellipsis },
    }),
  ];
}

function nameWidth({ width }: Page): number {
  return Math.min(32, Math.floor(width * 0.3));
}
