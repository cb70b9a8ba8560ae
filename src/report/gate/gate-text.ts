import type { Zone } from '../../normalise/index.ts';
import { countText, percentText } from '../figures.ts';
import { columns, widthOf, wrap } from '../layout.ts';
import { windowText } from '../moments.ts';
import { labelled, type Page, pageOf, prose, say, shown, type TextOptions } from '../text/page.ts';
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
  isSure,
  isUnlike,
  leftOutTexts,
  markOf,
  methodTexts,
  movedCauses,
  openQuestions,
  showsCrude,
  sideTexts,
  subjectOf,
  tallyTexts,
  trendOf,
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
    ...(report.kind === 'compare'
      ? [figuresSection(report, page)]
      : [checksSection(report, page), reasonsSection(report, page)]),
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
  const { gate, paint } = page;
  const { candidate, baseline } = report;
  const compares = report.kind === 'compare';
  const escaped = (text: string) => shown(ciText(text), 30, page);
  const sides = [
    sideLines(compares ? gate.after : gate.candidate, candidate, report, page),
    baseline === null
      ? labelled(gate.baseline, [gate.noBaseline], page)
      : sideLines(compares ? gate.before : gate.baseline, baseline, report, page),
  ];
  return [
    titleLine(report, page),
    '',
    ...(compares ? sides.reverse() : sides).flat(),
    ...labelled(gate.judgedBy, methodTexts(report, page, escaped), page, page.glyphs.dot),
    ...caveatTexts(report, page, escaped).flatMap((text) =>
      prose(text, 4, page).map((line, i) => `  ${paint.warning(i === 0 ? '!' : ' ')} ${line}`),
    ),
  ];
}

function titleLine(report: GateReport, page: GatePage): string {
  const { gate, paint, glyphs } = page;
  if (report.kind === 'compare') return paint.heading(gate.comparison);
  const { verdict } = report;
  const word = paint[VERDICT_PAINT[verdict]](paint.strong(gate.verdict[verdict]));
  return `${paint.heading(gate.gate)}  ${word}  ${tallyTexts(report, page).join(glyphs.dot)}`;
}

function sideLines(
  label: string,
  side: GateSide,
  report: GateReport,
  page: GatePage,
): readonly string[] {
  const { gate, wording, glyphs } = page;
  const named = report.kind === 'compare' && side.name !== null;
  const span = spanText(side, page.zone, glyphs.to);
  const out = leftOutTexts(side, page);
  return [
    ...labelled(
      label,
      [
        ...(named ? [shown(ciText(side.name ?? ''), 40, page)] : []),
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

/** Comparisons of a `per` check shown below it: those that failed. */
const MOST_SUBJECTS = 5;

/** Those that could not be decided, where none failed. */
const MOST_UNSURE = 3;

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

/** The figures of a comparison, marked by where they surely went. */
function figuresSection(report: GateReport, page: GatePage): string[] {
  const { gate, paint, glyphs } = page;
  const rows = report.checks.flatMap(({ metric, dimension, comparisons }) =>
    comparisons
      .filter(({ candidate, baseline }) => candidate !== null || baseline !== null)
      .map((comparison) => {
        const trend = trendOf(comparison);
        return [
          shown(metric, 28, page),
          valueText(comparison.baseline?.value ?? null, dimension, glyphs),
          valueText(comparison.candidate?.value ?? null, dimension, glyphs),
          changeText({ kind: 'max_increase' }, comparison, dimension, glyphs),
          boundsText({ kind: 'max_increase' }, comparison, dimension, glyphs),
          trend === 'same' ? '' : gate.trend[trend],
        ];
      }),
  );
  const { change, bounds } = gate.columns;
  return [
    ...columns(
      [paint.heading(gate.figures), gate.before, gate.after, change, bounds, ''].map((title, i) =>
        i === 0 ? title : paint.faint(title),
      ),
      rows,
      { aligns: ['left', 'right', 'right', 'right', 'right', 'left'] },
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
  const failed = check.comparisons.filter(({ verdict }) => verdict === 'fail');
  const unsure = check.comparisons.filter(({ verdict }) => verdict === 'inconclusive');
  const listed = [
    ...failed.slice(0, MOST_SUBJECTS),
    ...unsure.slice(0, failed.length > 0 ? 0 : MOST_UNSURE),
  ];
  const more = failed.length + unsure.length - listed.length;
  return [
    head,
    ...listed.flatMap((comparison) =>
      limitRows(
        check,
        comparison,
        [
          ` ${gate.row[comparison.verdict]}`,
          '',
          ` ${shown(subjectText(subjectOf(comparison) ?? '', page), 27, page)}`,
        ],
        page,
      ),
    ),
    ...(more > 0 ? [['', '', ` ${gate.moreRows(countText(more))}`, '', '', '', '', '']] : []),
  ];
}

function subjectText(subject: string, { wording }: GatePage): string {
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
  const lines = openQuestions(report, page).map(({ check, subjects, limit, text }) => {
    const id = shown(ciText(check.id), 16, page);
    const bound = limit === null ? '' : ` ${limitText(limit, check.dimension, page.glyphs)}`;
    if (subjects === null) return { label: `${id}${bound}`, text };
    const what =
      subjects.length === 1
        ? shown(subjectText(subjects[0], page), 28, page)
        : `(${countText(subjects.length)})`;
    return { label: `${id} ${what}`, text };
  });
  if (lines.length === 0) return [];
  const margin = Math.max(...lines.map(({ label }) => widthOf(label)));
  return [
    paint.heading(gate.why),
    ...lines.flatMap(({ label, text }) =>
      wrap(text, Math.max(30, width - margin - 4)).map((part, i) => {
        const lead = i === 0 ? label : '';
        return `  ${lead}${' '.repeat(margin - widthOf(lead))}  ${part}`;
      }),
    ),
  ];
}

function movedSection(report: GateReport, page: GatePage): string[] {
  const { gate, paint, wording } = page;
  if (report.causes === null) return [];
  const moved = movedCauses(report);
  if (moved.length === 0)
    return report.verdict === 'pass' && report.kind === 'gate'
      ? []
      : [paint.heading(gate.moved), `  ${gate.nothingMoved}`];
  const sure = moved.filter(isSure);
  const listed = [
    ...sure.slice(0, page.top),
    ...moved.slice(sure.length, sure.length + MOST_UNSURE),
  ];
  const rows = listed.map((cause) => {
    const { change, bounds, counts } = causeTexts(cause, page);
    const rose = cause.trend === 'up' || cause.trend === 'new';
    const trend = paint[rose ? 'bad' : 'good'](gate.trend[cause.trend]);
    const name = cause.rule === 'unclassified' ? wording.unclassified : ciText(cause.rule);
    const chance = isSure(cause) ? `q ${chanceText(cause.q)}` : gate.uncertain;
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
    risen?.remediation && report.verdict !== 'pass' ? ciText(say(risen.remediation, page)) : '';
  const more = moved.length - listed.length;
  return [
    ...lines,
    ...(more > 0 ? [`  ${gate.moreRows(countText(more))}`] : []),
    ...(advice === '' ? [] : prose(advice, 2, page).map((line) => `  ${paint.faint(line)}`)),
  ];
}

const MOST_GROUPS = 3;

function groupsSection({ strata, verdict, kind }: GateReport, page: GatePage): string[] {
  const { gate, paint } = page;
  if (strata === null || strata.groups.length < 2) return [];
  const unlike = isUnlike(strata.heterogeneityP);
  if (verdict === 'pass' && kind === 'gate' && !unlike) return [];
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
