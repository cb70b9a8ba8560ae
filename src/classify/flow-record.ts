import { type Flow, type Rule, STAGES, type Stage } from '../model/index.ts';
import type { SigmaRecord } from '../sigma/index.ts';

/** Outcomes by which a user ends a login; each has its own time field on the flow record. */
const ENDINGS = ['cancelled', 'denied', 'expired'] as const;

const isStage = (name: string): name is Stage => (STAGES as readonly string[]).includes(name);

/**
 * A flow as rules of `logsource.category: flow` read it: one flat record.
 *
 * `flow.id`, `flow.kind`, `path`, `<stage>.ts|count|errors|failed.ts|state|pod`,
 * `dt_ms.<a>.<b>`, `age_ms.<stage>`, `age_ms.flow`, `cancelled.ts`, `denied.ts`, `expired.ts`,
 * `signal.<rule>` and the kept fields. Times are Unix milliseconds, ages count to the watermark.
 */
export function flowRecord(
  flow: Flow,
  rules: readonly Rule[],
  watermarkMs: number | undefined,
): SigmaRecord {
  return new FlowRecord(flow, rules, watermarkMs);
}

type Values = readonly string[] | undefined;

/** Works a field out when it is asked for: of all there are, rules ask for few. */
class FlowRecord implements SigmaRecord {
  readonly flow: Flow;
  readonly rules: readonly Rule[];
  readonly watermarkMs: number | undefined;
  #reached: ReadonlyMap<Stage, number | undefined> | undefined;
  #states: Flow['stateAt'] | undefined;
  #pods: Flow['podAt'] | undefined;

  constructor(flow: Flow, rules: readonly Rule[], watermarkMs: number | undefined) {
    this.flow = flow;
    this.rules = rules;
    this.watermarkMs = watermarkMs;
  }

  get reached(): ReadonlyMap<Stage, number | undefined> {
    this.#reached ??= reachedTimes(this.flow);
    return this.#reached;
  }

  get states(): Flow['stateAt'] {
    this.#states ??= this.flow.stateAt;
    return this.#states;
  }

  get pods(): Flow['podAt'] {
    this.#pods ??= this.flow.podAt;
    return this.#pods;
  }

  get(field: string): Values {
    const { values } = this.flow;
    const kept = values.size === 0 ? undefined : values.get(field);
    return kept !== undefined && !isReckoned(field) ? [kept] : readerOf(field)(this);
  }

  *values(): Iterable<string> {
    const fields = new Set([...OWN_FIELDS, ...this.#signalFields(), ...this.flow.values.keys()]);
    for (const field of fields) if (!isReckoned(field)) yield* this.get(field) ?? [];
  }

  #signalFields(): string[] {
    return this.flow.signals.map(({ rule }) => `${SIGNAL}${this.rules[rule]!.name}`);
  }
}

/** Reads one field of any flow. */
type Reader = (record: FlowRecord) => Values;

const SIGNAL = 'signal.';
const SPAN = 'dt_ms.';
const AGE = 'age_ms.';

/** Worked out from two times, so that no keyword finds it and no kept field takes its name. */
const isReckoned = (field: string): boolean => field.startsWith(SPAN) || field.startsWith(AGE);

const readers = new Map<string, Reader>([
  ['flow.id', ({ flow }) => [flow.id]],
  ['flow.kind', ({ flow }) => [flow.kind]],
  ['path', ({ reached }) => [STAGES.filter((stage) => reached.has(stage)).join('>')]],
  ...STAGES.flatMap((stage): [string, Reader][] => [
    [`${stage}.count`, ({ flow }) => countOf(flow, stage)],
    [`${stage}.errors`, ({ flow }) => one(failedStep(flow, stage)?.count)],
    [`${stage}.failed.ts`, ({ flow }) => one(failedStep(flow, stage)?.firstMs)],
    // Present though empty when no event of the stage carried a time: `exists` must hold.
    [
      `${stage}.ts`,
      ({ reached }) => (reached.has(stage) ? (one(reached.get(stage)) ?? []) : undefined),
    ],
    [`${stage}.state`, ({ states }) => states.get(stage)],
    [`${stage}.pod`, ({ pods }) => one(pods.get(stage))],
  ]),
  ...ENDINGS.map((ending): [string, Reader] => [
    `${ending}.ts`,
    ({ flow }) => endingTime(flow, ending),
  ]),
]);

const OWN_FIELDS: readonly string[] = [...readers.keys()];

const NOTHING: Reader = () => undefined;

/** Rules ask for the same few fields of every flow. */
function readerOf(field: string): Reader {
  let reader = readers.get(field);
  if (reader === undefined) {
    reader = otherReader(field);
    readers.set(field, reader);
  }
  return reader;
}

function otherReader(field: string): Reader {
  if (field.startsWith(SIGNAL)) {
    const name = field.slice(SIGNAL.length);
    return ({ flow, rules }) =>
      flow.signals.some(({ rule }) => rules[rule]!.name === name) ? ['true'] : undefined;
  }
  if (field === `${AGE}flow`) return (record) => age(record, record.flow.firstMs);
  if (field.startsWith(AGE)) {
    const stage = field.slice(AGE.length) as Stage;
    return (record) => age(record, record.reached.get(stage));
  }
  if (!field.startsWith(SPAN)) return NOTHING;
  const [from, to, ...rest] = field.slice(SPAN.length).split('.');
  if (rest.length > 0 || !isStage(from ?? '') || !isStage(to ?? '')) return NOTHING;
  return ({ reached }) => {
    const start = reached.get(from as Stage);
    const end = reached.get(to as Stage);
    return start === undefined || end === undefined ? undefined : [textOf(end - start)];
  };
}

const one = (value: number | string | undefined): Values => {
  if (value === undefined) return undefined;
  return [typeof value === 'string' ? value : textOf(value)];
};

/**
 * As `String` writes it. But what that has written is kept for a while, in case the same number
 * comes again; times do not, and millions of them would fill the memory of what lives long.
 */
function textOf(value: number): string {
  return Number.isInteger(value) && value > 0 ? value.toFixed(0) : String(value);
}

function age({ watermarkMs }: FlowRecord, since: number | undefined): Values {
  return since === undefined || watermarkMs === undefined
    ? undefined
    : [textOf(Math.max(0, watermarkMs - since))];
}

/** For each stage that was touched without failing, the time of its first such event if known. */
function reachedTimes(flow: Flow): Map<Stage, number | undefined> {
  const reached = new Map<Stage, number | undefined>();
  for (const step of flow.steps) {
    if (step.outcome !== 'seen' && step.outcome !== 'ok') continue;
    const known = reached.get(step.stage);
    reached.set(
      step.stage,
      known === undefined ? step.firstMs : Math.min(known, step.firstMs ?? known),
    );
  }
  return reached;
}

function countOf(flow: Flow, stage: Stage): Values {
  let count = 0;
  for (const step of flow.steps) if (step.stage === stage) count += step.count;
  return count === 0 ? undefined : [textOf(count)];
}

function failedStep(flow: Flow, stage: Stage): Flow['steps'][number] | undefined {
  return flow.steps.find((step) => step.stage === stage && step.outcome === 'failed');
}

/** Present though empty when no such event carried a time. */
function endingTime(flow: Flow, ending: (typeof ENDINGS)[number]): Values {
  let isThere = false;
  let first = Number.POSITIVE_INFINITY;
  for (const { outcome, firstMs } of flow.steps) {
    if (outcome !== ending) continue;
    isThere = true;
    if (firstMs !== undefined && firstMs < first) first = firstMs;
  }
  if (!isThere) return undefined;
  return first === Number.POSITIVE_INFINITY ? [] : [textOf(first)];
}
