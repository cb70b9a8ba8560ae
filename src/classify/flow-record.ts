import { type Flow, type Rule, STAGES, type Stage, type Step } from '../model/index.ts';
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
  const own = new Map<string, readonly string[]>();
  const put = (field: string, value: number | string | undefined): void => {
    if (value !== undefined) own.set(field, [String(value)]);
  };
  put('flow.id', flow.id);
  put('flow.kind', flow.kind);
  const reached = reachedTimes(flow);
  put('path', STAGES.filter((stage) => reached.has(stage)).join('>'));
  for (const step of flow.steps) addStep(own, step);
  for (const step of flow.steps) addEnding(own, step);
  // Present though empty when no event of the stage carried a time: `exists` must hold.
  for (const [stage, time] of reached)
    own.set(`${stage}.ts`, time === undefined ? [] : [`${time}`]);
  for (const [stage, states] of flow.stateAt) own.set(`${stage}.state`, states);
  for (const [stage, pod] of flow.podAt) put(`${stage}.pod`, pod);
  for (const signal of flow.signals) put(`signal.${rules[signal.rule]!.name}`, 'true');
  for (const [field, value] of flow.values) put(field, value);

  const age = (since: number | undefined): readonly string[] | undefined =>
    since === undefined || watermarkMs === undefined
      ? undefined
      : [String(Math.max(0, watermarkMs - since))];

  return {
    get(field) {
      if (field.startsWith('dt_ms.')) {
        const [from, to, ...rest] = field.slice(6).split('.');
        if (rest.length > 0 || !isStage(from ?? '') || !isStage(to ?? '')) return undefined;
        const start = reached.get(from as Stage);
        const end = reached.get(to as Stage);
        return start === undefined || end === undefined ? undefined : [String(end - start)];
      }
      if (field === 'age_ms.flow') return age(flow.firstMs);
      if (field.startsWith('age_ms.')) return age(reached.get(field.slice(7) as Stage));
      return own.get(field);
    },
    *values() {
      for (const values of own.values()) yield* values;
    },
  };
}

/** For each stage that was touched without failing, the time of its first such event if known. */
export function reachedTimes(flow: Flow): Map<Stage, number | undefined> {
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

function addStep(own: Map<string, readonly string[]>, step: Step): void {
  const count = `${step.stage}.count`;
  own.set(count, [String(Number(own.get(count)?.[0] ?? 0) + step.count)]);
  if (step.outcome !== 'failed') return;
  own.set(`${step.stage}.errors`, [String(step.count)]);
  if (step.firstMs !== undefined) own.set(`${step.stage}.failed.ts`, [String(step.firstMs)]);
}

function addEnding(own: Map<string, readonly string[]>, step: Step): void {
  if (!(ENDINGS as readonly string[]).includes(step.outcome)) return;
  const field = `${step.outcome}.ts`;
  const times = [...(own.get(field) ?? []).map(Number), step.firstMs ?? Number.NaN];
  const known = times.filter((time) => !Number.isNaN(time));
  own.set(field, known.length === 0 ? [] : [String(Math.min(...known))]);
}
