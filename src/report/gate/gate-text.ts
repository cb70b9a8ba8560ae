import type { Zone } from '../../normalise/index.ts';
import { countText, percentText } from '../figures.ts';
import { columns, widthOf, wrap } from '../layout.ts';
import { windowText } from '../moments.ts';
import { labelled, type Page, pageOf, say, shown, type TextOptions } from '../text/page.ts';
import { ciText } from './ci-text.ts';
import {
  boundsText,
  chanceText,
  changeText,
  limitText,
  pointsRange,
  pointsText,
  valueText,
} from './gate-figures.ts';
import { gateGlyphs } from './gate-glyphs.ts';
import { nextOfGate } from './gate-next.ts';
import type { GateCheck, GateComparison, GateGroup, GateReport, GateSide } from './gate-report.ts';
import { GATE_WORDINGS } from './gate-wording.ts';
import {
  causeTexts,
  caveatTexts,
  type GateVoice,
  isUnlike,
  leftOutTexts,
  markOf,
  methodTexts,
  movedCauses,
  reasonText,
  showsCrude,
  sideTexts,
  subjectOf,
  tallyTexts,
} from './gate-words.ts';

interface GatePage extends Page, GateVoice {
  readonly glyphs: GateVoice['glyphs'];
}

/** The decision for people, ending in a newline. */
export function gateText(report: GateReport, options: TextOptions): string {
  const page: GatePage = {
    ...pageOf(options),
    gate: GATE_WORDINGS[options.language],
    glyphs: gateGlyphs(options.ascii),
  };
  const sections = [
    headSection(report, page),
    checksSection(report, page),
    reasonsSection(report, page),
    movedSection(report, page),
    groupsSection(report, page),
    nextSection(report, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const VERDICT_PAINT = { pass: 'good', fail: 'bad', inconclusive: 'warning' } as const;

function headSection(report: GateReport, page: GatePage): string[] {
  const { gate, paint, glyphs, width } = page;
  const { verdict, candidate, baseline } = report;
  const word = paint[VERDICT_PAINT[verdict]](paint.strong(gate.verdict[verdict]));
  return [
    `${paint.heading(gate.gate)}  ${word}  ${tallyTexts(report, page).join(glyphs.dot)}`,
    '',
    ...sideLines(gate.candidate, candidate, page),
    ...(baseline === null
      ? labelled(gate.baseline, [gate.noBaseline], page)
      : sideLines(gate.baseline, baseline, page)),
    ...labelled(
      gate.judgedBy,
      methodTexts(report, page, (text) => shown(ciText(text), 30, page)),
      page,
      glyphs.dot,
    ),
    ...caveatTexts(report, page).flatMap((text) =>
      wrap(text, width - 4).map((line, i) => `  ${paint.warning(i === 0 ? '!' : ' ')} ${line}`),
    ),
  ];
}

function sideLines(label: string, side: GateSide, page: GatePage): readonly string[] {
  const { gate, wording, glyphs } = page;
  const span = spanText(side, page.zone, glyphs.to);
  const out = leftOutTexts(side, page);
  return [
    ...labelled(
      label,
      [
        ...sideTexts(side, page),
        ...(span === undefined ? [] : [span]),
        ...(side.windows > 1 ? [gate.windows(countText(side.windows))] : []),
      ],
      page,
    ),
    ...(out.length === 0
      ? []
      : labelled('', [`${wording.notCounted}${wording.colon}${out.join(glyphs.dot)}`], page)),
  ];
}

function spanText({ from, to }: GateSide, zone: Zone, dash: string): string | undefined {
  if (from === null || to === null) return undefined;
  return windowText(Date.parse(from), Date.parse(to), zone, dash);
}

/** Comparisons of a `per` check shown below it: those that did not pass. */
const MOST_SUBJECTS = 5;

function checksSection(report: GateReport, page: GatePage): string[] {
  const { gate, paint } = page;
  if (report.checks.length === 0) return [];
  const { check, metric, baseline, candidate, change, bounds, limit } = gate.columns;
  const head = [
    paint.heading(gate.checks),
    check,
    metric,
    baseline,
    candidate,
    change,
    bounds,
    limit,
  ];
  return [
    ...columns(
      head.map((title, i) => (i === 0 ? title : paint.faint(title))),
      report.checks.flatMap((one) => checkRows(one, page)),
      {
        aligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
        flexible: { column: 2, width: page.width, ellipsis: page.glyphs.ellipsis },
      },
    ),
  ];
}

const MARK_PAINT = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'warning',
  warn: 'warning',
} as const;

function checkRows(check: GateCheck, page: GatePage): string[][] {
  const { gate, paint, glyphs } = page;
  const mark = markOf(check);
  const word = paint[MARK_PAINT[mark]](gate.row[mark]);
  const id = shown(ciText(check.id), 16, page);
  if (check.per === null)
    return limitRows(check, check.comparisons[0], [word, id, shown(check.metric, 28, page)], page);
  const [first] = check.comparisons;
  const metric = `${check.metric} ${gate.per[check.per]}`;
  const limit = first?.limits[0];
  const head = [
    word,
    id,
    metric,
    '',
    '',
    '',
    '',
    limit ? limitText(limit, check.dimension, glyphs) : '',
  ];
  const open = check.comparisons.filter(({ verdict }) => verdict !== 'pass');
  const listed = open.slice(0, MOST_SUBJECTS);
  return [
    head,
    ...listed.flatMap((comparison) => {
      const subject = nameOf(comparison, page);
      return limitRows(
        check,
        comparison,
        [` ${gate.row[comparison.verdict]}`, '', ` ${shown(subject, 27, page)}`],
        page,
      );
    }),
    ...(open.length > listed.length
      ? [['', '', ` ${gate.moreRows(countText(open.length - listed.length))}`, '', '', '', '', '']]
      : []),
  ];
}

function nameOf(comparison: GateComparison, { wording }: GatePage): string {
  const subject = subjectOf(comparison) ?? '';
  return subject === 'unclassified' ? wording.unclassified : ciText(subject);
}

function limitRows(
  { dimension }: GateCheck,
  comparison: GateComparison,
  [word, id, metric]: readonly string[],
  page: GatePage,
): string[][] {
  const { glyphs, gate } = page;
  const rows = comparison.limits.map((limit, i) => [
    i === 0 ? word : '',
    i === 0 ? id : '',
    i === 0 ? metric : '',
    valueText(comparison.baseline?.value ?? null, dimension, glyphs),
    valueText(comparison.candidate?.value ?? null, dimension, glyphs),
    changeText(limit, comparison, dimension, glyphs),
    boundsText(limit, comparison, dimension, glyphs),
    limitText(limit, dimension, glyphs),
  ]);
  const { crude } = comparison;
  return crude !== null && id !== '' && showsCrude(comparison, glyphs)
    ? [
        ...rows,
        [
          '',
          '',
          `  ${gate.unadjusted}`,
          '',
          '',
          pointsText(crude.value, glyphs),
          pointsRange(crude, glyphs),
          '',
        ],
      ]
    : rows;
}

/** Why checks could not be decided, one line for each reason. */
function reasonsSection(report: GateReport, page: GatePage): string[] {
  const { gate, paint, width } = page;
  const lines = report.checks.flatMap((check) =>
    check.comparisons.slice(0, check.per === null ? 1 : MOST_SUBJECTS).flatMap((comparison) =>
      comparison.limits
        .filter(({ verdict }) => verdict === 'inconclusive')
        .map((limit) => {
          const subject = check.per === null ? '' : ` ${nameOf(comparison, page)}`;
          return {
            label: `${shown(ciText(check.id), 16, page)}${subject}`,
            text: reasonText(limit, comparison, report, page),
          };
        }),
    ),
  );
  if (lines.length === 0) return [];
  const margin = Math.min(40, Math.max(...lines.map(({ label }) => widthOf(label))));
  return [
    paint.heading(gate.why),
    ...lines.flatMap(({ label, text }) => {
      const parts = wrap(text, Math.max(30, width - margin - 4));
      return parts.map((part, i) => {
        const lead = i === 0 ? shown(label, 40, page) : '';
        return `  ${lead}${' '.repeat(Math.max(0, margin - widthOf(lead)))}  ${part}`;
      });
    }),
  ];
}

function movedSection(report: GateReport, page: GatePage): string[] {
  const { gate, paint, wording } = page;
  if (report.causes === null) return [];
  const moved = movedCauses(report);
  if (moved.length === 0)
    return report.verdict === 'pass' ? [] : [paint.heading(gate.moved), `  ${gate.nothingMoved}`];
  const rows = moved.slice(0, page.top).map((cause) => {
    const { change, bounds, counts } = causeTexts(cause, page);
    const rose = cause.trend === 'up' || cause.trend === 'new';
    const trend = paint[rose ? 'bad' : 'good'](gate.trend[cause.trend]);
    const name = cause.rule === 'unclassified' ? wording.unclassified : ciText(cause.rule);
    const chance = cause.q > 0.05 ? gate.uncertain : `q ${chanceText(cause.q)}`;
    return [shown(name, 28, page), trend, change, bounds, counts, chance];
  });
  const lines = columns(
    [paint.heading(gate.moved), '', gate.columns.change, gate.columns.bounds, '', ''].map(
      (title, i) => (i === 0 ? title : paint.faint(title)),
    ),
    rows,
    { aligns: ['left', 'left', 'right', 'right', 'left', 'left'] },
  );
  const risen = moved.find(
    ({ trend, remediation }) => trend !== 'down' && trend !== 'vanished' && remediation,
  );
  const advice =
    risen?.remediation && report.verdict !== 'pass' ? say(risen.remediation, page) : '';
  return [
    ...lines,
    ...(advice === '' ? [] : wrap(advice, page.width - 2).map((line) => `  ${paint.faint(line)}`)),
  ];
}

const MOST_GROUPS = 3;

function groupsSection({ strata, verdict }: GateReport, page: GatePage): string[] {
  const { gate, paint } = page;
  if (strata === null || strata.groups.length < 2) return [];
  const unlike = isUnlike(strata.heterogeneityP);
  if (verdict === 'pass' && !unlike) return [];
  const listed = strata.groups.slice(0, unlike ? page.top : MOST_GROUPS);
  const rows = listed.map((group) => groupRow(group, page));
  const { baseline, candidate, change, bounds } = gate.columns;
  const lines = columns(
    [paint.heading(gate.groups), baseline, candidate, change, bounds, ''].map((title, i) =>
      i === 0 ? title : paint.faint(title),
    ),
    rows,
    { aligns: ['left', 'right', 'right', 'right', 'right', 'left'] },
  );
  const more = strata.groups.length - listed.length;
  return [...lines, ...(more > 0 ? [`  ${gate.moreRows(countText(more))}`] : [])];
}

function groupRow({ values, candidate, baseline, change }: GateGroup, page: GatePage): string[] {
  const { glyphs, gate } = page;
  const rate = ({ failed, decided }: typeof candidate) => percentText(failed / decided);
  return [
    groupName(values, page),
    rate(baseline),
    rate(candidate),
    pointsText(change.value, glyphs),
    pointsRange(change, glyphs),
    gate.of(countText(candidate.failed), countText(candidate.decided)),
  ];
}

function groupName(values: GateGroup['values'], page: GatePage): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `${shown(ciText(name), 16, page)}=${value === null ? page.wording.missing : shown(ciText(value), 24, page)}`,
    )
    .join(' ');
}

function nextSection(report: GateReport, { wording, paint, inputs }: GatePage): string[] {
  return nextOfGate(report, inputs).map(
    (command, i) =>
      (i === 0 ? `${paint.faint(wording.next)}  ` : ' '.repeat(widthOf(wording.next) + 2)) +
      paint.command(command),
  );
}
