import {
  type FlowLine,
  type Place,
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
  /** Events that the row stands for. */
  readonly count: number;
  /** When the row before was over; what lies between was waiting for people and browsers. */
  readonly waitFromMs: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Lines that the row was made of. */
  readonly places: readonly Place[];
}

/** What a row is made of: a line, or a step where lines are not at hand. */
interface Mark {
  readonly stage: Stage;
  readonly outcome: StepOutcome;
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
  readonly places: readonly Place[];
}

/**
 * The attempts of a flow by time. A line that begins a stage and the one that ends it make one
 * row, and so do lines that say the same of a stage one after the other. Polls run beside all
 * else: those without an event of their own share one row.
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
    const last = rows[rows.length - 1];
    if (last !== undefined && continues(last, mark)) rows[rows.length - 1] = joined(last, mark);
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

function markOfLine({ timeMs, stage, outcome, durationMs, place }: FlowLine): Mark[] {
  if (timeMs === undefined || stage === undefined) return [];
  const startMs = timeMs - Math.max(0, durationMs ?? 0);
  return [{ stage, outcome, startMs, endMs: timeMs, count: 1, places: [place] }];
}

function markOfStep({ stage, outcome, firstMs, count }: Step): Mark[] {
  return firstMs === undefined
    ? []
    : [{ stage, outcome, startMs: firstMs, endMs: firstMs, count, places: [] }];
}

function continues(row: Mark, mark: Mark): boolean {
  return row.stage === mark.stage && (row.outcome === 'seen' || row.outcome === mark.outcome);
}

function joined(row: Mark, mark: Mark): Mark {
  return {
    stage: row.stage,
    outcome: mark.outcome === 'seen' ? row.outcome : mark.outcome,
    startMs: Math.min(row.startMs, mark.startMs),
    endMs: Math.max(row.endMs, mark.endMs),
    count: row.count + (row.outcome === mark.outcome ? mark.count : 0),
    places: [...row.places, ...mark.places],
  };
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
    return { ...mark, startMs, waitFromMs, attempt: only ? undefined : attempt };
  });
}

function byStart(a: Mark, b: Mark): number {
  return (
    a.startMs - b.startMs || STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || a.endMs - b.endMs
  );
}
