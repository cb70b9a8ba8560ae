import {
  FLOW_KINDS,
  type Flow,
  type FlowIdentity,
  type FlowKind,
  ID_NAMESPACES,
  type Signal,
  STAGES,
  STEP_OUTCOMES,
  type Stage,
  type Step,
} from '../model/index.ts';
import type { FlowTable } from './flow-table.ts';
import { type IdTable, PAIR_NAMESPACE } from './id-table.ts';
import { cellOf, END, PartialPool } from './partial-pool.ts';
import { SignalPool } from './signal-pool.ts';

/** Order of ids by strength of namespace, then by hash: the first one names the flow. */
export function isStronger(ids: IdTable, a: number, b: number): boolean {
  const namespace = ids.namespace[a]! - ids.namespace[b]!;
  if (namespace !== 0) return namespace < 0;
  return (ids.high[a]! - ids.high[b]! || ids.low[a]! - ids.low[b]!) < 0;
}

/** Makes the function that merges the partials of some ids into one flow. */
export function createFlowBuilder(
  table: FlowTable,
  keep: readonly string[],
): (nodes: Iterable<number>) => Flow {
  const merged = new PartialPool(table.texts);
  const signals = new SignalPool(table.texts, table.sourceNames);
  const sameSource = (source: number): number => source;

  return (nodes) => {
    merged.clear();
    signals.clear();
    const members: number[] = [];
    for (const node of nodes) {
      merged.absorb(0, table.partials, node);
      signals.absorb(0, table.signals, node, sameSource);
      if (table.ids.namespace[node] !== PAIR_NAMESPACE) members.push(node);
    }
    members.sort((a, b) => (isStronger(table.ids, a, b) ? -1 : 1));
    const identities = members.map((node) => identityOf(table, node));
    return {
      id: `f-${identities[0]!.hash.slice(0, 12)}`,
      identities,
      stateAt: stateAt(table.ids, members),
      signals: [...signals.of(0)].map((at) => signalOf(table, signals, at)).sort(byRule),
      ...stepsOf(merged, keep),
    };
  };
}

const byRule = (a: Signal, b: Signal): number => a.rule - b.rule;

function stepsOf(
  merged: PartialPool,
  keep: readonly string[],
): Omit<Flow, 'id' | 'identities' | 'stateAt' | 'signals'> {
  const steps: Step[] = [];
  const values = new Map<string, string>();
  const podAt = new Map<Stage, string>();
  let kinds = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (let at = merged.headOf(0); at !== END; at = merged.next[at]!) {
    const cell = cellOf(merged.key[at]!);
    const time = merged.time[at]!;
    switch (cell.kind) {
      case 'span':
        kinds = merged.kindsOf(at);
        lastMs = time;
        break;
      case 'step':
        steps.push({
          stage: STAGES[cell.stage]!,
          outcome: STEP_OUTCOMES[cell.outcome]!,
          firstMs: finite(time),
          count: merged.countOf(at),
        });
        break;
      case 'pod':
        podAt.set(STAGES[cell.stage]!, merged.textOf(at));
        break;
      case 'kept':
        values.set(keep[cell.slot]!, merged.textOf(at));
        break;
    }
    if (time > Number.NEGATIVE_INFINITY) firstMs = Math.min(firstMs, time);
  }
  steps.sort(byStage);
  return {
    kind: kindOf(kinds),
    firstMs: finite(firstMs),
    lastMs: finite(lastMs),
    steps,
    values,
    podAt,
  };
}

function byStage(a: Step, b: Step): number {
  return (
    STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) ||
    STEP_OUTCOMES.indexOf(a.outcome) - STEP_OUTCOMES.indexOf(b.outcome)
  );
}

/** A flow that ever spoke of a QR stage is a QR login; one that spoke of no stage counts as one. */
function kindOf(kinds: number): FlowKind {
  return FLOW_KINDS.find((_, bit) => kinds & (1 << bit)) ?? 'qr';
}

function signalOf(table: FlowTable, signals: SignalPool, at: number): Signal {
  const rule = signals.rule[at]!;
  const keys = new Map<string, string>();
  for (const [i, name] of table.signalKeys(rule).entries()) {
    const value = signals.keyOf(at, i);
    if (value !== undefined) keys.set(name, value);
  }
  return {
    rule,
    stage: signals.stage[at] === 0 ? undefined : STAGES[signals.stage[at]! - 1]!,
    firstMs: finite(signals.time[at]!),
    place: { file: signals.sourceOf(at), line: signals.line[at]! },
    keys,
  };
}

function stateAt(ids: IdTable, members: readonly number[]): Map<Stage, string[]> {
  const states = new Map<Stage, string[]>();
  for (const node of members) {
    if (ID_NAMESPACES[ids.namespace[node]!] !== 'login.state') continue;
    for (const [stage, name] of STAGES.entries()) {
      if ((ids.stages[node]! & (1 << stage)) === 0) continue;
      states.set(name, [...(states.get(name) ?? []), hashOf(ids, node)]);
    }
  }
  return states;
}

function identityOf(table: FlowTable, node: number): FlowIdentity {
  return {
    namespace: ID_NAMESPACES[table.ids.namespace[node]!]!,
    hash: hashOf(table.ids, node),
    text: table.clearTextOf(node),
  };
}

const hashOf = (ids: IdTable, node: number): string => hex(ids.high[node]!) + hex(ids.low[node]!);
const hex = (word: number): string => word.toString(16).padStart(8, '0');
const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
