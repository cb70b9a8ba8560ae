import type { Zone } from '../../normalise/index.ts';
import { countText, percentText } from '../figures.ts';
import { codeMarkdown, markdownTable, plainMarkdown } from '../markdown/markdown.ts';
import { windowText } from '../moments.ts';
import { type Language, WORDINGS } from '../wording/index.ts';
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
import type { GateCheck, GateComparison, GateReport, GateSide } from './gate-report.ts';
import { GATE_WORDINGS } from './gate-wording.ts';
import {
  causeTexts,
  caveatTexts,
  type GateVoice,
  isSure,
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

export interface GateMarkdownOptions {
  readonly language: Language;
  readonly ascii: boolean;
  readonly zone: Zone;
  readonly top: number;
  readonly inputs: readonly string[];
  /** What is longer is cut off at the end of a line: GitHub refuses a summary beyond its cap. */
  readonly maxBytes?: number;
}

interface Sheet extends GateMarkdownOptions, GateVoice {}

/** A step's summary may hold 1,024 KiB; others may have written into it. */
export const SUMMARY_CAP_BYTES = 1024 * 1024;

/** The decision as Markdown, for the summaries of CI and comments on changes. */
export function gateMarkdown(report: GateReport, options: GateMarkdownOptions): string {
  const sheet: Sheet = {
    ...options,
    wording: WORDINGS[options.language],
    gate: GATE_WORDINGS[options.language],
    glyphs: gateGlyphs(options.ascii),
  };
  const { gate } = sheet;
  const parts = [
    title(report, sheet),
    summary(report, sheet),
    ...(report.kind === 'compare'
      ? [figuresTable(report, sheet)]
      : [checks(report, sheet), reasons(report, sheet)]),
    moved(report, sheet),
    groups(report, sheet),
    next(report, sheet),
  ];
  const text = `${parts.filter((part) => part !== '').join('\n\n')}\n`;
  return withinBytes(text, options.maxBytes ?? SUMMARY_CAP_BYTES, gate.truncated);
}

function title(report: GateReport, { gate, wording }: Sheet): string {
  return report.kind === 'compare'
    ? `## ${titleCase(gate.comparison)}`
    : `## ${titleCase(gate.gate)}${wording.colon}${gate.verdict[report.verdict]}`;
}

function titleCase(text: string): string {
  return text.slice(0, 1) + text.slice(1).toLowerCase();
}

function code(text: string): string {
  return codeMarkdown(ciText(text));
}

function plain(text: string): string {
  return plainMarkdown(ciText(text));
}

function summary(report: GateReport, sheet: Sheet): string {
  const { gate, glyphs, wording } = sheet;
  const compares = report.kind === 'compare';
  const before = report.baseline === null ? gate.noBaseline : sideText(report.baseline, sheet);
  const lines = [
    ...(compares ? [] : [plain(tallyTexts(report, sheet).join(glyphs.dot)), '']),
    `- ${compares ? gate.before : gate.baseline}${wording.colon}${before}`,
    `- ${compares ? gate.after : gate.candidate}${wording.colon}${sideText(report.candidate, sheet)}`,
    `- ${gate.judgedBy}${wording.colon}${methodTexts(report, sheet, code).join(glyphs.dot)}`,
    ...caveatTexts(report, sheet, (text) => text).map((text) => `- **${plain(text)}**`),
  ];
  return lines.join('\n');
}

function sideText(side: GateSide, sheet: Sheet): string {
  const { wording, glyphs, zone, gate } = sheet;
  const out = leftOutTexts(side, sheet);
  const parts = [
    ...sideTexts(side, sheet),
    ...(side.from === null || side.to === null
      ? []
      : [windowText(Date.parse(side.from), Date.parse(side.to), zone, glyphs.to)]),
    ...(side.windows > 1 ? [gate.windows(countText(side.windows))] : []),
    ...(out.length === 0
      ? []
      : [`${wording.notCounted}${wording.colon}${out.join(wording.comma)}`]),
  ];
  return plain(parts.join(glyphs.dot));
}

function figuresTable(report: GateReport, { gate, glyphs }: Sheet): string {
  const { metric, change, bounds } = gate.columns;
  return markdownTable(
    [metric, gate.before, gate.after, change, bounds, ''],
    ['left', 'right', 'right', 'right', 'right', 'left'],
    report.checks.flatMap((check) =>
      check.comparisons.map((comparison) => {
        const trend = trendOf(comparison);
        return [
          code(check.metric),
          plain(valueText(comparison.baseline?.value ?? null, check.dimension, glyphs)),
          plain(valueText(comparison.candidate?.value ?? null, check.dimension, glyphs)),
          plain(changeText({ kind: 'max_increase' }, comparison, check.dimension, glyphs)),
          plain(boundsText({ kind: 'max_increase' }, comparison, check.dimension, glyphs)),
          trend === 'same' ? '' : gate.trend[trend],
        ];
      }),
    ),
  );
}

function checks(report: GateReport, sheet: Sheet): string {
  if (report.checks.length === 0) return '';
  const { gate } = sheet;
  const { check, metric, baseline, candidate, change, bounds, limit } = gate.columns;
  return markdownTable(
    ['', check, metric, baseline, candidate, change, bounds, limit],
    ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
    report.checks.flatMap((one) => checkRows(one, sheet)),
  );
}

function checkRows(check: GateCheck, sheet: Sheet): readonly (readonly string[])[] {
  const { gate, glyphs } = sheet;
  const mark = gate.row[markOf(check)];
  const strong = check.verdict === 'fail' ? `**${mark}**` : mark;
  if (check.per === null)
    return figures(
      check,
      check.comparisons[0],
      [strong, plain(check.id), code(check.metric)],
      sheet,
    );
  const limit = check.comparisons[0]?.limits[0];
  const open = check.comparisons.filter(({ verdict }) => verdict !== 'pass');
  return [
    [
      strong,
      plain(check.id),
      `${code(check.metric)} ${gate.per[check.per]}`,
      '',
      '',
      '',
      '',
      limit === undefined ? '' : plain(limitText(limit, check.dimension, glyphs)),
    ],
    ...open
      .slice(0, sheet.top)
      .flatMap((comparison) =>
        figures(
          check,
          comparison,
          [gate.row[comparison.verdict], '', code(subjectOf(comparison) ?? '')],
          sheet,
        ),
      ),
    ...(open.length > sheet.top
      ? [['', '', gate.moreRows(countText(open.length - sheet.top)), '', '', '', '', '']]
      : []),
  ];
}

function figures(
  { dimension }: GateCheck,
  comparison: GateComparison,
  lead: readonly string[],
  { glyphs, gate }: Sheet,
): readonly (readonly string[])[] {
  const rows = comparison.limits.map((limit, i) => [
    ...(i === 0 ? lead : ['', '', '']),
    valueText(comparison.baseline?.value ?? null, dimension, glyphs),
    valueText(comparison.candidate?.value ?? null, dimension, glyphs),
    changeText(limit, comparison, dimension, glyphs),
    boundsText(limit, comparison, dimension, glyphs),
    limitText(limit, dimension, glyphs),
  ]);
  const { crude } = comparison;
  if (crude !== null && lead[1] !== '' && showsCrude(comparison, glyphs))
    rows.push([
      '',
      '',
      gate.unadjusted,
      '',
      '',
      pointsText(crude.value, glyphs),
      pointsRange(crude, glyphs),
      '',
    ]);
  return rows.map((row) => row.map((cell, i) => (i < 3 ? cell : plain(cell))));
}

function reasons(report: GateReport, sheet: Sheet): string {
  const { gate, wording } = sheet;
  const lines = openQuestions(report, sheet).map(({ check, subjects, limit, text }) => {
    const names = (subjects ?? []).slice(0, MOST_SUBJECTS).map(code).join(wording.comma);
    const more = (subjects ?? []).length - MOST_SUBJECTS;
    const rest = more > 0 ? `${wording.comma}${gate.moreRows(countText(more))}` : '';
    const bound = limit === null ? '' : ` ${limitText(limit, check.dimension, sheet.glyphs)}`;
    const what = subjects === null ? plain(bound) : ` ${names}${rest}`;
    return `- ${plain(check.id)}${what}${wording.colon}${plain(text)}`;
  });
  return lines.length === 0 ? '' : `### ${titleCase(gate.why)}\n\n${lines.join('\n')}`;
}

/** Rules or stages named for one reason. */
const MOST_SUBJECTS = 5;

function moved(report: GateReport, sheet: Sheet): string {
  const { gate, wording, top } = sheet;
  const causes = movedCauses(report);
  if (causes.length === 0) return '';
  const rows = causes.slice(0, top).map((cause) => {
    const { change, bounds, counts } = causeTexts(cause, sheet);
    const chance = isSure(cause) ? `q ${chanceText(cause.q)}` : gate.uncertain;
    const title =
      cause.title === null ? '' : plain(cause.title[wording.language] || cause.title.en);
    return [
      code(cause.rule),
      title,
      gate.trend[cause.trend],
      plain(change),
      plain(bounds),
      plain(counts),
      plain(chance),
    ];
  });
  return [
    `### ${titleCase(gate.moved)}`,
    markdownTable(
      [wording.columns.cause, '', '', gate.columns.change, gate.columns.bounds, '', ''],
      ['left', 'left', 'left', 'right', 'right', 'left', 'left'],
      rows,
    ),
  ].join('\n\n');
}

function groups({ strata }: GateReport, sheet: Sheet): string {
  const { gate, glyphs, top, wording } = sheet;
  if (strata === null || strata.groups.length < 2) return '';
  const { group, baseline, candidate, change, bounds } = gate.columns;
  const rows = strata.groups.slice(0, top).map((one) => [
    Object.entries(one.values)
      .map(([name, value]) =>
        value === null ? `${code(name)}: ${wording.missing}` : code(`${name}=${value}`),
      )
      .join(' '),
    plain(percentText(one.baseline.failed / one.baseline.decided)),
    plain(percentText(one.candidate.failed / one.candidate.decided)),
    plain(pointsText(one.change.value, glyphs)),
    plain(pointsRange(one.change, glyphs)),
    plain(gate.of(countText(one.candidate.failed), countText(one.candidate.decided))),
  ]);
  return [
    `### ${titleCase(gate.groups)}`,
    markdownTable(
      [group, baseline, candidate, change, bounds, ''],
      ['left', 'right', 'right', 'right', 'right', 'left'],
      rows,
    ),
  ].join('\n\n');
}

function next(report: GateReport, { inputs, wording }: Sheet): string {
  const commands = nextOfGate(report, inputs);
  if (commands.length === 0) return '';
  return `${wording.next}${wording.colon}\n\n${commands.map((command) => `- ${code(command)}`).join('\n')}`;
}

/** Whole lines only: half a table row, link or escape would spoil what follows. */
function withinBytes(text: string, maxBytes: number, note: string): string {
  const encoder = new TextEncoder();
  const size = (part: string) => encoder.encode(part).length;
  if (size(text) <= maxBytes) return text;
  const ending = `\n${plain(note)}\n`;
  let left = maxBytes - size(ending);
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    left -= size(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return kept.length === 0 ? '' : `${kept.join('\n')}\n${ending}`;
}
