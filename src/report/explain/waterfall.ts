import {
  type FlowLine,
  type Judged,
  RecordKind,
  type Stage,
  type Verdict,
} from '../../model/index.ts';
import { durationText } from '../figures.ts';
import { widthOf } from '../layout.ts';
import { type Page, shown } from '../text/page.ts';
import { evidenceLines } from './evidence-lines.ts';
import { type WaterfallRow, waterfallRows } from './waterfall-row.ts';

const MIN_LABEL_WIDTH = 12;
const AT_WIDTH = 9;
const TOOK_WIDTH = 7;
const LEFT = 2 + 1 + AT_WIDTH + 1 + TOOK_WIDTH + 2;

/** What stands behind a bar: how the attempt ended, and by which rule. */
const RESULT_WIDTH = 26;

/** The stages of one login on a time axis: light where it waited, solid where it worked. */
export function waterfall(
  { flow, verdict }: Judged,
  lines: readonly FlowLine[],
  page: Page,
): string[] {
  const rows = waterfallRows(lines, flow.steps);
  if (rows.length === 0) return [];
  const { wording, glyphs, paint } = page;
  const evidence = evidenceLines(verdict.evidence, lines);
  const labels = rows.map((row) => labelOf(row, page));
  const labelWidth = Math.max(MIN_LABEL_WIDTH, ...labels.map((label) => label.length));
  const sources = rows.map((row) => sourcesOf(row, page));
  // Where all was read from one source, nobody asks for it.
  const areMixed = new Set(sources.flatMap((source) => source.split('+'))).size > 1;
  const sourceWidth = areMixed ? Math.max(...sources.map(widthOf)) + 2 : 0;
  const axis = axisOf(rows, page.width - LEFT - labelWidth - RESULT_WIDTH - sourceWidth);
  const head = [
    `  ${wording.columns.stage}`.padEnd(2 + labelWidth),
    ' '.repeat(AT_WIDTH - widthOf(wording.columns.at)) + wording.columns.at,
    ' '.repeat(TOOK_WIDTH - widthOf(wording.columns.took)) + wording.columns.took,
  ];
  const pad = 2 + labelWidth - widthOf(head[0]);
  head[0] = pad > 0 ? head[0] + ' '.repeat(pad) : head[0].slice(0, head[0].length + pad);
  const drawn = rows.map((row, i) => {
    const own = row.endMs > row.startMs;
    const took = row.endMs - (own ? row.startMs : row.waitFromMs);
    const line = [
      `  ${labels[i].padEnd(labelWidth)}`,
      `+${((row.startMs - axis.startMs) / 1000).toFixed(3)}`.padStart(AT_WIDTH),
      (took > 0 ? durationText(took) : glyphs.dash).padStart(TOOK_WIDTH),
      ` ${barOf(row, axis, page)}${resultOf(row, evidence, page)}`,
    ].join(' ');
    if (!areMixed) return line;
    const gap = Math.max(2, page.width - widthOf(line) - widthOf(sources[i]));
    return line + ' '.repeat(gap) + paint.faint(sources[i]);
  });
  const never = neverReached(verdict, rows).map((stage) =>
    [
      `  ${stage.padEnd(labelWidth)}`,
      glyphs.dash.padStart(AT_WIDTH),
      glyphs.dash.padStart(TOOK_WIDTH),
      ` ${paint.faint(wording.neverReached)}`,
    ].join(' '),
  );
  return [paint.faint(`${head.join(' ')}  ${ticksOf(axis)}`), ...drawn, ...never];
}

/** Where it ended without a word, and the session. */
function neverReached({ outcome }: Verdict, rows: readonly WaterfallRow[]): readonly Stage[] {
  if (outcome.kind === 'succeeded') return [];
  const missed = new Set<Stage>([outcome.stage, 'session']);
  for (const { stage } of rows) missed.delete(stage);
  return [...missed];
}

interface Axis {
  readonly startMs: number;
  readonly spanMs: number;
  readonly cells: number;
}

function axisOf(rows: readonly WaterfallRow[], cells: number): Axis {
  const startMs = Math.min(...rows.map((row) => row.startMs));
  const endMs = Math.max(...rows.map((row) => row.endMs));
  return { startMs, spanMs: Math.max(1, endMs - startMs), cells };
}

function cellOf(timeMs: number, { startMs, spanMs, cells }: Axis): number {
  return Math.min(cells - 1, Math.floor(((timeMs - startMs) / spanMs) * cells));
}

function labelOf({ stage, attempt, count }: WaterfallRow, { glyphs }: Page): string {
  const name = attempt === undefined ? stage : `${stage}#${attempt}`;
  const many = count > 1 ? ` ${glyphs.times}${count}` : '';
  return name + many;
}

function barOf(row: WaterfallRow, axis: Axis, { glyphs, paint }: Page): string {
  const waitFrom = cellOf(row.waitFromMs, axis);
  const start = cellOf(row.startMs, axis);
  const end = cellOf(row.endMs, axis);
  if (row.stage === 'polled')
    return ' '.repeat(start) + paint.faint(glyphs.wait.repeat(end - start + 1));
  const wait = glyphs.wait.repeat(start - waitFrom);
  const own = row.endMs > row.startMs ? glyphs.work.repeat(end - start + 1) : glyphs.moment;
  const colour = row.outcome === 'ok' || row.outcome === 'seen' ? paint.graph : paint.bad;
  return ' '.repeat(waitFrom) + paint.faint(wait) + colour(own);
}

function resultOf(
  row: WaterfallRow,
  evidence: ReadonlyMap<string, ReadonlySet<FlowLine>>,
  page: Page,
): string {
  const { wording, glyphs, paint } = page;
  const found = [...evidence].find(([, lines]) => row.lines.some((line) => lines.has(line)));
  const rule = found === undefined ? '' : ` ${shown(found[0], 20, page)}`;
  if (row.outcome === 'seen') return paint.faint(rule);
  if (row.outcome === 'ok') return ` ${wording.step.ok}${rule}`;
  return paint.bad(` ${glyphs.failed}${rule === '' ? ` ${wording.step[row.outcome]}` : rule}`);
}

/** Who tells of a row: the log, a trace, or both. */
function sourcesOf({ lines }: WaterfallRow, { wording }: Page): string {
  const inTrace = ({ kind }: FlowLine) => kind === RecordKind.span || kind === RecordKind.spanEvent;
  return [
    ...(lines.every(inTrace) ? [] : [wording.source.log]),
    ...(lines.some(inTrace) ? [wording.source.trace] : []),
  ].join('+');
}

const NICE_STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat(
  [1, 2, 3, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((s) => s * 1000),
);

/** About four marks at round times. */
function ticksOf(axis: Axis): string {
  const stepMs = NICE_STEPS_MS.find((step) => axis.spanMs / step <= 5) ?? axis.spanMs;
  let line = '';
  for (let at = 0; at <= axis.spanMs; at += stepMs) {
    const cell = cellOf(axis.startMs + at, axis);
    const text = at === 0 ? '0' : tickText(at);
    if (cell < line.length && line !== '') continue;
    line = line.padEnd(cell) + text;
    line += ' ';
  }
  return line.trimEnd();
}

function tickText(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  return ms % 60_000 === 0 ? `${ms / 60_000}min` : `${ms / 1000}s`;
}
