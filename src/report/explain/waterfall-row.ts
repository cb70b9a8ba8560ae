import {
  type FlowLine,
  RecordKind,
  STAGES,
  type Stage,
  type Step,
  type StepOutcome,
} from '../../model/index.ts';

/** One attempt at a stage, on the time axis of a flow. */
export interface WaterfallRow {
  readonly stage: Stage;
  readonly outcome: StepOutcome;
  /** From 1, counted among the rows of the stage; undefined when it is the only one. */
  readonly attempt: number | undefined;
  /** How often it happened: what a log line and a span both tell of is one. */
  readonly count: number;
  /** When the row before was over; what lies between was waiting for people and browsers. */
  readonly waitFromMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Lines that the row was made of. */
  readonly lines: readonly FlowLine[];
}

/** What a row is made of: a line, or a step where lines are not at hand. */
interface Mark {
  readonly stage: Stage;
  readonly outcome: StepOutcome;
  readonly startMs: number;
  readonly endMs: number;
  /** How often each kind of record tells of it. */
  readonly told: Readonly<Record<Teller, number>>;
  readonly lines: readonly FlowLine[];
}

/** Whoever tells of everything once: an event of a span may well be a log line, too. */
type Teller = 'log' | 'span' | 'spanEvent';

const NOT_TOLD: Mark['told'] = { log: 0, span: 0, spanEvent: 0 };

/**
 * The attempts of a flow by time. A line that begins a stage and the one that ends it make one
 * row, and so do lines that say the same of a stage one after the other, and whatever tells of a
 * stage while a trace shows it to last. Polls run beside all else: those without an event of their own
 * share one row.
 */
export function waterfallRows(
  lines: readonly FlowLine[],
  steps: readonly Step[],
): readonly WaterfallRow[] {
  const fromLines = lines.flatMap(markOfLine);
  const marks = (fromLines.length > 0 ? fromLines : steps.flatMap(markOfStep)).sort(byStart);
  const rows: Mark[] = [];
  const isIdlePoll = (mark: Mark) =>
    mark.stage === 'polled' && (mark.outcome === 'seen' || mark.outcome === 'ok');
  const polls = marks.filter(isIdlePoll);
  const others = marks.filter((mark) => !isIdlePoll(mark));
  for (const mark of others) {
    const same = rows.findLastIndex((row, at) =>
      at === rows.length - 1 ? continues(row, mark) : continues(row, mark) && meets(row, mark),
    );
    if (same >= 0) rows[same] = joined(rows[same], mark);
    else rows.push(mark);
  }
  if (polls.length > 0) rows.push(polls.reduce(joined));
  return numbered(rows.sort(byStart));
}

/** The stages at which a service works; at the others, people and browsers take their time. */
const SERVICE_STAGES: ReadonlySet<Stage> = new Set([
  'issued',
  'exchange',
  'userinfo',
  'persist',
  'session',
]);

/** Steps after which the service goes on by itself. */
const SERVICE_HANDS_ON: ReadonlySet<Stage | undefined> = new Set<Stage | undefined>([
  ...SERVICE_STAGES,
  'callback',
]);

function markOfLine(line: FlowLine): Mark[] {
  const { timeMs, stage, outcome, durationMs, kind } = line;
  if (timeMs === undefined || stage === undefined) return [];
  const startMs = timeMs - Math.max(0, durationMs ?? 0);
  const told = { ...NOT_TOLD, [tellerOf(kind)]: 1 };
  return [{ stage, outcome, startMs, endMs: timeMs, told, lines: [line] }];
}

function tellerOf(kind: RecordKind): Teller {
  if (kind === RecordKind.span) return 'span';
  return kind === RecordKind.spanEvent ? 'spanEvent' : 'log';
}

function markOfStep({ stage, outcome, firstMs, count }: Step): Mark[] {
  if (firstMs === undefined) return [];
  const told = { ...NOT_TOLD, log: count };
  return [{ stage, outcome, startMs: firstMs, endMs: firstMs, told, lines: [] }];
}

/** The same attempt, as far as it can be told from what is said of it. */
function continues(row: Mark, mark: Mark): boolean {
  if (row.stage !== mark.stage) return false;
  if (row.outcome === 'seen' || row.outcome === mark.outcome) return true;
  return mark.outcome === 'seen' && meets(row, mark);
}

/** Clocks of logs show whole milliseconds, and their lines are written a moment later. */
const CLOCK_MS = 2;

/** The one lasts while the other happens, and a trace tells of one of them. */
function meets(row: Mark, mark: Mark): boolean {
  if (!isTraced(row) && !isTraced(mark)) return false;
  return mark.startMs <= row.endMs + CLOCK_MS && row.startMs <= mark.endMs + CLOCK_MS;
}

const isTraced = ({ told }: Mark) => told.span + told.spanEvent > 0;

function joined(row: Mark, mark: Mark): Mark {
  return {
    stage: row.stage,
    outcome: mark.outcome === 'seen' ? row.outcome : mark.outcome,
    startMs: Math.min(row.startMs, mark.startMs),
    endMs: Math.max(row.endMs, mark.endMs),
    told: {
      log: added('log', row, mark),
      // Spans within a span tell of its parts.
      span: meets(row, mark) ? Math.max(row.told.span, mark.told.span) : added('span', row, mark),
      spanEvent: added('spanEvent', row, mark),
    },
    lines: [...row.lines, ...mark.lines],
  };
}

/** What was seen to begin and then ended happened once. */
function added(teller: Teller, row: Mark, mark: Mark): number {
  const [before, more] = [row.told[teller], mark.told[teller]];
  return row.outcome === mark.outcome ? before + more : Math.max(before, more);
}

function numbered(marks: readonly Mark[]): readonly WaterfallRow[] {
  const attempts = new Map<Stage, number>();
  let overMs = marks[0]?.startMs ?? 0;
  let before: Stage | undefined;
  return marks.map((mark) => {
    const attempt = (attempts.get(mark.stage) ?? 0) + 1;
    attempts.set(mark.stage, attempt);
    const only = marks.filter(({ stage }) => stage === mark.stage).length === 1;
    const waitFromMs = Math.min(overMs, mark.startMs);
    // Without a line of its beginning, a service began when its step before was over.
    const isWork = SERVICE_STAGES.has(mark.stage) && SERVICE_HANDS_ON.has(before);
    const startMs = isWork && mark.endMs === mark.startMs ? waitFromMs : mark.startMs;
    // Polls last as long as the login does; nobody waits for their end.
    if (mark.stage !== 'polled') {
      overMs = Math.max(overMs, mark.endMs);
      before = mark.stage;
    }
    const count = Math.max(...Object.values(mark.told));
    return { ...mark, startMs, waitFromMs, count, attempt: only ? undefined : attempt };
  });
}

function byStart(a: Mark, b: Mark): number {
  return (
    a.startMs - b.startMs || STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || a.endMs - b.endMs
  );
}
