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
import { MergedPartial } from './merged-partial.ts';
import { cellOf } from './partial-pool.ts';
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
  const merged = new MergedPartial(table.texts, keep.length);
  const signals = new SignalPool(table.texts, table.sourceNames);
  const sameSource = (source: number): number => source;

  return (nodes) => {
    merged.clear();
    signals.clear();
    const members: number[] = [];
    for (const node of nodes) {
      merged.add(table.partials, node);
      signals.absorb(0, table.signals, node, sameSource);
      if (table.ids.namespace[node] !== PAIR_NAMESPACE) members.push(node);
    }
    return new ComponentFlow(table, members, partsOf(merged, keep), signalsOf(table, signals));
  };
}

/** A flow whose ids and states are spelled out only when somebody asks: most never do. */
class ComponentFlow implements Flow {
  readonly kind: FlowKind;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly steps: readonly Step[];
  readonly signals: readonly Signal[];
  readonly values: ReadonlyMap<string, string>;
  readonly podAt: ReadonlyMap<Stage, string>;
  private readonly table: FlowTable;
  private readonly members: readonly number[];

  constructor(
    table: FlowTable,
    members: readonly number[],
    parts: Parts,
    signals: readonly Signal[],
  ) {
    this.table = table;
    this.members = members;
    this.kind = parts.kind;
    this.firstMs = parts.firstMs;
    this.lastMs = parts.lastMs;
    this.steps = parts.steps;
    this.signals = signals;
    this.values = parts.values;
    this.podAt = parts.podAt;
  }

  get id(): string {
    const { ids } = this.table;
    const strongest = this.members.reduce((best, node) =>
      isStronger(ids, node, best) ? node : best,
    );
    return `f-${hashOf(ids, strongest).slice(0, 12)}`;
  }

  get stateAt(): ReadonlyMap<Stage, readonly string[]> {
    return stateAt(this.table.ids, this.members);
  }

  get identities(): FlowIdentity[] {
    const { ids } = this.table;
    return [...this.members]
      .sort((a, b) => (isStronger(ids, a, b) ? -1 : 1))
      .map((node) => ({
        namespace: ID_NAMESPACES[ids.namespace[node]!]!,
        hash: hashOf(ids, node),
        text: this.table.clearTextOf(node),
      }));
  }
}

const ascending = (a: number, b: number): number => a - b;

type Parts = Omit<Flow, 'id' | 'identities' | 'stateAt' | 'signals'>;

function partsOf(merged: MergedPartial, keep: readonly string[]): Parts {
  const steps: Step[] = [];
  const values = new Map<string, string>();
  const podAt = new Map<Stage, string>();
  let kinds = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  // Keys of steps ascend by stage and outcome, so the steps come out in order.
  for (const key of merged.keys.sort(ascending)) {
    const cell = cellOf(key);
    const time = merged.time[key]!;
    switch (cell.kind) {
      case 'span':
        kinds = merged.b[key]!;
        lastMs = time;
        break;
      case 'step':
        steps.push({
          stage: STAGES[cell.stage]!,
          outcome: STEP_OUTCOMES[cell.outcome]!,
          firstMs: finite(time),
          count: merged.countOf(key),
        });
        break;
      case 'pod':
        podAt.set(STAGES[cell.stage]!, merged.textOf(key));
        break;
      case 'kept':
        values.set(keep[cell.slot]!, merged.textOf(key));
        break;
    }
    if (time > Number.NEGATIVE_INFINITY) firstMs = Math.min(firstMs, time);
  }
  return {
    kind: kindOf(kinds),
    firstMs: finite(firstMs),
    lastMs: finite(lastMs),
    steps,
    values,
    podAt,
  };
}

/** A flow that ever spoke of a QR stage is a QR login; one that spoke of no stage counts as one. */
function kindOf(kinds: number): FlowKind {
  return FLOW_KINDS.find((_, bit) => kinds & (1 << bit)) ?? 'qr';
}

const byRule = (a: Signal, b: Signal): number => a.rule - b.rule;
const NO_SIGNALS: readonly Signal[] = [];

/** The signals of the flow at hand, by rule. */
function signalsOf(table: FlowTable, signals: SignalPool): readonly Signal[] {
  if (signals.size === 0) return NO_SIGNALS;
  return [...signals.of(0)].map((at) => signalOf(table, signals, at)).sort(byRule);
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

const STATE = ID_NAMESPACES.indexOf('login.state');

function stateAt(ids: IdTable, members: readonly number[]): Map<Stage, string[]> {
  const states = new Map<Stage, string[]>();
  for (const node of members) {
    if (ids.namespace[node] !== STATE) continue;
    for (const [stage, name] of STAGES.entries()) {
      if ((ids.stages[node]! & (1 << stage)) === 0) continue;
      states.set(name, [...(states.get(name) ?? []), hashOf(ids, node)].sort());
    }
  }
  return states;
}

const hashOf = (ids: IdTable, node: number): string => hex(ids.high[node]!) + hex(ids.low[node]!);
const hex = (word: number): string => word.toString(16).padStart(8, '0');
const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
