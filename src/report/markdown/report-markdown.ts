import {
  type Bilingual,
  type Report,
  type ReportBreakdownRow,
  type ReportFailures,
  type ReportTrendBucket,
  STAGES,
} from '../../model/index.ts';
import type { Zone } from '../../normalise/index.ts';
import {
  abandonedText,
  latencyTexts,
  otherKindsText,
  rejectText,
  stagesText,
} from '../code-words.ts';
import {
  confidenceText,
  countText,
  durationText,
  percentRange,
  percentText,
  shareText,
} from '../figures.ts';
import { findingDetail } from '../finding-words.ts';
import { formsText } from '../form-words.ts';
import { ASCII, BLOCKS, type Glyphs } from '../glyphs.ts';
import { headingCase } from '../heading-case.ts';
import { minuteText, windowText } from '../moments.ts';
import { nextCommands } from '../next-commands.ts';
import { failuresBy, sparklineOf, trendWords } from '../trend-words.ts';
import { type Language, WORDINGS, type Wording } from '../wording/index.ts';
import { codeMarkdown, markdownTable, plainMarkdown } from './markdown.ts';

export interface MarkdownOptions {
  readonly language: Language;
  readonly ascii: boolean;
  readonly zone: Zone;
  readonly top: number;
  /** Files as the user named them, for the commands suggested at the end. */
  readonly inputs: readonly string[];
}

interface Sheet extends MarkdownOptions {
  readonly wording: Wording;
  readonly glyphs: Glyphs;
}

/** The report as Markdown, for issues, chats and the summaries of CI. */
export function reportMarkdown(report: Report, options: MarkdownOptions): string {
  const sheet: Sheet = {
    ...options,
    wording: WORDINGS[options.language],
    glyphs: options.ascii ? ASCII : BLOCKS,
  };
  const parts = [
    title(report, sheet),
    headline(report, sheet),
    input(report, sheet),
    selection(report, sheet),
    blind(report, sheet),
    funnel(report, sheet),
    causes(report, sheet),
    recovered(report, sheet),
    ...breakdowns(report, sheet),
    remedies(report, sheet),
    findings(report, sheet),
    next(report, sheet),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function title({ failureRate }: Report, { wording }: Sheet): string {
  const rate =
    failureRate === null ? wording.unknown : plainMarkdown(percentText(failureRate.value));
  return `# ${headingCase(wording.failureRate)}${wording.colon}${rate}`;
}

function headline(report: Report, sheet: Sheet): string {
  const { flows, failureRate, focus, selection, input } = report;
  const { wording, glyphs } = sheet;
  const lines: string[] = [];
  const decided = countText(flows.succeeded + flows.failed);
  const interval = ({ low, high, confidence }: NonNullable<Report['failureRate']>) =>
    `${wording.interval(confidenceText(confidence))} ${percentRange(low, high, glyphs.to)}`;
  if (input.partial) lines.push(`**${plainMarkdown(wording.interrupted)}**`);
  if (failureRate !== null) {
    const counts =
      flows.failed === 0
        ? wording.noFailure(decided)
        : wording.decidedOf(countText(flows.failed), decided);
    lines.push(`**${counts}**${glyphs.dot}${interval(failureRate)}`);
  }
  if (focus !== null) {
    const rules = selection.rules.map(codeMarkdown).join(wording.comma);
    const what = wording.focusOn(rules, selection.stages.join(wording.comma));
    const counts = wording.decidedOf(countText(focus.failed), decided);
    lines.push(
      `- ${wording.inFocus}${wording.colon}${what} ${plainMarkdown(percentText(focus.value))} ${interval(focus)}${glyphs.dot}${counts}`,
    );
  }
  if (flows.abandoned > 0)
    lines.push(`- ${wording.notCounted}${wording.colon}${abandonedText(report, wording)}`);
  if (flows.open > 0)
    lines.push(`- ${wording.notCounted}${wording.colon}${wording.open(countText(flows.open))}`);
  const kinds = otherKindsText(report, wording, glyphs);
  if (kinds !== '') lines.push(`- ${wording.otherLogins}${wording.colon}${kinds}`);
  const trend = trendWords(report, sheet);
  if (trend !== undefined) {
    const numbers = [trend.every, ...trend.numbers, ...(trend.outside ? [trend.outside] : [])];
    lines.push(
      `- ${wording.trend}${wording.colon}${trend.from} ${trend.row} ${trend.to}${glyphs.dot}${plainMarkdown(numbers.join(glyphs.dot))}`,
    );
  }
  const login = latencyTexts(report.login);
  if (login.length > 0)
    lines.push(`- ${wording.loginTime}${wording.colon}${plainMarkdown(login.join(glyphs.dot))}`);
  return lines.join('\n');
}

function input({ input, window }: Report, sheet: Sheet): string {
  const { wording, glyphs, zone } = sheet;
  const rejected = Object.entries(input.rejected);
  const skipped = rejected.reduce((sum, [, count]) => sum + count, 0);
  const records = input.lines - input.blank;
  const names = input.files.slice(0, 3).map(({ name }) => codeMarkdown(name));
  const unnamed = input.files.length - names.length;
  const rest = unnamed > 0 ? [wording.moreFiles(countText(unnamed))] : [];
  const parts = [
    [...names, ...rest].join(wording.comma) || wording.noInput,
    window.from === null || window.to === null
      ? wording.noTimes
      : windowText(Date.parse(window.from), Date.parse(window.to), zone, glyphs.to),
    ...(input.records > 0 ? [plainMarkdown(formsText(input.forms, sheet))] : []),
    ...(records > 0
      ? [
          wording.parsed(
            plainMarkdown(percentText((records - skipped) / records)),
            countText(input.lines),
          ),
        ]
      : []),
    ...(skipped > 0
      ? [
          wording.skipped(countText(skipped)) +
            wording.bracketed(
              rejected
                .map(([code, count]) =>
                  wording.counted(countText(count), rejectText(code, { wording })),
                )
                .join(wording.comma),
            ),
        ]
      : []),
  ];
  return parts.join(glyphs.dot);
}

function selection({ selection, flows }: Report, { wording, zone }: Sheet): string {
  const { since, until, where } = selection;
  if (since === null && until === null && where === null) return '';
  const moment = (iso: string) => minuteText(Date.parse(iso), zone);
  const parts = [
    ...(where === null ? [] : [`${wording.where} ${codeMarkdown(where)}`]),
    ...(since === null ? [] : [`${wording.since} ${moment(since)}`]),
    ...(until === null ? [] : [`${wording.until} ${moment(until)}`]),
  ];
  const selected = wording.selected(countText(flows.total), countText(selection.flows));
  return `${selected}${wording.colon}${parts.join(wording.comma)}`;
}

function blind({ failureRate, flows, selection, recognition }: Report, sheet: Sheet): string {
  if (failureRate !== null) return '';
  const { wording, glyphs } = sheet;
  if (selection.flows === 0)
    return [`**${wording.noFlows}**`, wording.noFlowsWhy, plainMarkdown(wording.mapThem)].join(
      '\n\n',
    );
  if (flows.total === 0) return `**${wording.noSelected}**`;
  if (flows.failed + flows.succeeded === 0) return `**${wording.nothingDecided}**`;
  const seen = STAGES.filter((stage) => recognition.stages[stage] > 0);
  const unseen = STAGES.filter((stage) => recognition.stages[stage] === 0);
  return [
    `**${wording.noSuccess(countText(flows.failed))}**`,
    wording.noSuccessWhy,
    `- ${wording.stagesSeen}${wording.colon}${seen.join(glyphs.dot) || wording.noneOf}\n- ${wording.stagesUnseen}${wording.colon}${unseen.join(glyphs.dot) || wording.noneOf}`,
    plainMarkdown(wording.mapThem),
  ].join('\n\n');
}

function funnel({ funnel, flows }: Report, { wording, glyphs }: Sheet): string {
  if (flows.succeeded + flows.failed + flows.abandoned === 0) return '';
  const names = wording.columns;
  const count = (n: number) => (n === 0 ? glyphs.dash : countText(n));
  const duration = (ms: number | null) =>
    ms === null ? glyphs.dash : plainMarkdown(durationText(ms));
  return section(
    wording.funnel,
    markdownTable(
      [names.stage, names.reached, names.failed, names.abandoned, 'p50', 'p95', 'p99'],
      ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
      funnel.map((row) => [
        wording.stage[row.stage],
        countText(row.reached),
        count(row.failed),
        count(row.abandoned),
        duration(row.p50Ms),
        duration(row.p95Ms),
        duration(row.p99Ms),
      ]),
    ),
  );
}

function causes(report: Report, sheet: Sheet): string {
  const { wording, glyphs, top } = sheet;
  const row = (
    name: string,
    failures: ReportFailures,
    failuresIn: (bucket: ReportTrendBucket) => number,
  ) => [
    name,
    countText(failures.flows),
    plainMarkdown(shareText(failures.share)),
    sparklineOf(report, failuresIn, glyphs),
    stagesText(failures),
  ];
  const rows = report.causes
    .slice(0, top)
    .map((cause) =>
      row(`${codeMarkdown(cause.rule)} ${say(cause.title, sheet)}`, cause, failuresBy(cause.rule)),
    );
  if (report.unclassified.flows > 0)
    rows.push(
      row(
        `${wording.unclassified}${wording.bracketed(wording.unclassifiedTitle)}`,
        report.unclassified,
        (b) => b.unclassified,
      ),
    );
  const rest = report.causes.slice(top);
  const restFlows = rest.reduce((sum, { flows }) => sum + flows, 0);
  if (rest.length > 0)
    rows.push([
      wording.moreCauses(countText(rest.length)),
      countText(restFlows),
      plainMarkdown(shareText(restFlows / report.flows.failed)),
      '',
      '',
    ]);
  if (rows.length === 0) return '';
  const names = wording.columns;
  return section(
    wording.causes,
    markdownTable(
      [names.cause, names.flows, names.share, names.trend, names.stage],
      ['left', 'right', 'right', 'left', 'left'],
      rows,
    ),
  );
}

function recovered({ recovered }: Report, sheet: Sheet): string {
  if (recovered.length === 0) return '';
  const { wording, top } = sheet;
  const rows = recovered
    .slice(0, top)
    .map(({ rule, title, flows }) => [
      `${codeMarkdown(rule)} ${say(title, sheet)}`,
      countText(flows),
    ]);
  return section(
    wording.recovered,
    `${wording.recoveredWhy}\n\n${markdownTable([wording.columns.rule, wording.columns.flows], ['left', 'right'], rows)}`,
  );
}

function breakdowns(report: Report, sheet: Sheet): string[] {
  const { wording, glyphs, top } = sheet;
  const overall = report.focus ?? report.failureRate;
  if (overall === null) return [];
  const names = wording.columns;
  const row = (cells: ReportBreakdownRow) => [
    cells.value !== null
      ? codeMarkdown(cells.value)
      : cells.folded
        ? wording.folded
        : wording.missing,
    countText(cells.decided),
    countText(cells.failed),
    plainMarkdown(percentText(cells.rate)),
    percentRange(cells.low, cells.high, glyphs.to),
  ];
  return Object.entries(report.breakdowns).map(([name, rows]) => {
    const heading = wording.by(codeMarkdown(name));
    if (rows.every(({ value }) => value === null))
      return section(heading, wording.fieldAbsent(codeMarkdown(name)));
    const table = markdownTable(
      [
        names.value,
        names.decided,
        names.failed,
        names.rate,
        wording.interval(confidenceText(overall.confidence)),
      ],
      ['left', 'right', 'right', 'right', 'right'],
      rows.slice(0, top).map(row),
    );
    const rest = rows.length - top;
    return section(
      heading,
      rest > 0 ? `${table}\n\n${wording.moreValues(countText(rest))}` : table,
    );
  });
}

function remedies({ causes }: Report, sheet: Sheet): string {
  const { wording } = sheet;
  const items = causes
    .filter(({ remediation }) => remediation.en !== '')
    .slice(0, Math.min(5, sheet.top))
    .map(({ rule, remediation, examples }) => {
      const ids = examples.slice(0, 3).map(codeMarkdown).join(' ');
      return `- ${codeMarkdown(rule)}${wording.colon}${say(remediation, sheet)}  \n  ${wording.examples} ${ids}`;
    });
  return items.length === 0 ? '' : section(wording.whatToDo, items.join('\n'));
}

function findings({ findings }: Report, sheet: Sheet): string {
  const { wording } = sheet;
  const items = findings.map((finding) => {
    const { severity, message, remediation } = finding;
    const detail = wording.bracketed(plainMarkdown(findingDetail(finding, sheet)));
    const remedy = remediation === null ? '' : `  \n  ${say(remediation, sheet)}`;
    return `- **${wording.severity[severity]}**${wording.colon}${say(message, sheet)}${detail}${remedy}`;
  });
  return items.length === 0 ? '' : section(wording.findings, items.join('\n'));
}

function next(report: Report, { wording, inputs }: Sheet): string {
  const commands = nextCommands(report, inputs);
  if (commands.length === 0) return '';
  // A line of a fenced block cannot end it unless it is a fence itself, which no command is.
  return section(wording.next, ['```sh', ...commands, '```'].join('\n'));
}

function section(heading: string, body: string): string {
  return `## ${headingCase(heading)}\n\n${body}`;
}

function say(text: Bilingual, { wording }: Sheet): string {
  return plainMarkdown(text[wording.language] || text.en)
    .replace(/(?:\\\\[nrt]|\s)+/g, ' ')
    .trim();
}
