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
import { CellKey, outcomeOfStep, stageOfStep } from './cell-key.ts';
import { LAST } from './components.ts';
import type { FlowTable } from './flow-table.ts';
import { type IdTable, PAIR_NAMESPACE } from './id-table.ts';
import { MergedPartial } from './merged-partial.ts';
import { NONE } from './slot-table.ts';

/** Order of ids by strength of namespace, then by hash: the first one names the flow. */
export function compareStrength(ids: IdTable, a: number, b: number): number {
  return ids.namespace(a) - ids.namespace(b) || ids.compareHashes(a, b);
}

/**
 * Makes the function that merges the partials of a component into one flow.
 * @param next the next id of the same component, for each id
 */
export function createFlowBuilder(
  table: FlowTable,
  next: Uint32Array,
  keep: readonly string[],
): (head: number) => Flow {
  const merged = new MergedPartial(table.texts, keep.length);
  const { ids, partials } = table;

  return (head) => {
    merged.clear();
    const members: number[] = [];
    let signals = NO_NUMBERS;
    for (let node = head; node !== LAST; node = next[node]!) {
      merged.add(partials, node);
      signals = withSignals(table, node, signals);
      if (ids.namespace(node) !== PAIR_NAMESPACE) members.push(node);
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
      compareStrength(ids, node, best) < 0 ? node : best,
    );
    return `f-${ids.hashText(strongest).slice(0, 12)}`;
  }

  get stateAt(): ReadonlyMap<Stage, readonly string[]> {
    return stateAt(this.table.ids, this.members);
  }

  get identities(): FlowIdentity[] {
    const { ids } = this.table;
    return [...this.members]
      .sort((a, b) => compareStrength(ids, a, b))
      .map((node) => ({
        namespace: ID_NAMESPACES[ids.namespace(node)]!,
        hash: ids.hashText(node),
        text: this.table.clearTextOf(node),
      }));
  }
}

type Parts = Omit<Flow, 'id' | 'identities' | 'stateAt' | 'signals'>;

function partsOf(merged: MergedPartial, keep: readonly string[]): Parts {
  const steps: Step[] = [];
  for (let key = 0; key < CellKey.steps; key += 1) {
    if (!merged.has(key)) continue;
    steps.push({
      stage: STAGES[stageOfStep(key)]!,
      outcome: STEP_OUTCOMES[outcomeOfStep(key)]!,
      firstMs: finite(merged.timeOf(key)),
      count: merged.countOf(key),
    });
  }
  const values = new Map<string, string>();
  const podAt = new Map<Stage, string>();
  for (const key of merged.texts.sort(ascending)) {
    const slot = key - CellKey.kept(0);
    if (slot >= 0) values.set(keep[slot]!, merged.textOf(key));
    else podAt.set(STAGES[key - CellKey.pod(0)]!, merged.textOf(key));
  }
  return {
    kind: kindOf(merged.kinds),
    firstMs: finite(merged.firstMs),
    lastMs: finite(merged.lastMs),
    steps,
    values,
    podAt,
  };
}

const ascending = (a: number, b: number): number => a - b;

/** A flow that ever spoke of a QR stage is a QR login; one that spoke of no stage counts as one. */
function kindOf(kinds: number): FlowKind {
  return FLOW_KINDS.find((_, bit) => kinds & (1 << bit)) ?? 'qr';
}

const NO_NUMBERS: readonly number[] = [];
const NO_SIGNALS: readonly Signal[] = [];

/** Entries of the signal pool with those of one more id: of each rule the earliest. */
function withSignals(
  { signals }: FlowTable,
  node: number,
  known: readonly number[],
): readonly number[] {
  let entries = known;
  for (let at = signals.firstOf(node); at !== NONE; at = signals.nextOf(at)) {
    const same = entries.find((entry) => signals.ruleAt(entry) === signals.ruleAt(at));
    if (same === undefined) entries = [...entries, at];
    else if (signals.isEarlier(at, same)) {
      entries = entries.map((entry) => (entry === same ? at : entry));
    }
  }
  return entries;
}

const byRule = (a: Signal, b: Signal): number => a.rule - b.rule;

function signalsOf(table: FlowTable, entries: readonly number[]): readonly Signal[] {
  if (entries.length === 0) return NO_SIGNALS;
  return entries.map((at) => signalOf(table, at)).sort(byRule);
}

function signalOf(table: FlowTable, at: number): Signal {
  const { signals } = table;
  const rule = signals.ruleAt(at);
  const keys = new Map<string, string>();
  for (const [i, name] of table.signalKeys(rule).entries()) {
    const value = signals.keyAt(at, i);
    if (value !== undefined) keys.set(name, value);
  }
  const stage = signals.stageAt(at);
  return {
    rule,
    stage: stage === 0 ? undefined : STAGES[stage - 1]!,
    firstMs: finite(signals.timeAt(at)),
    place: { file: signals.sourceAt(at), line: signals.lineAt(at) },
    keys,
  };
}

const STATE = ID_NAMESPACES.indexOf('login.state');

function stateAt(ids: IdTable, members: readonly number[]): Map<Stage, string[]> {
  const states = new Map<Stage, string[]>();
  for (const node of members) {
    if (ids.namespace(node) !== STATE) continue;
    for (const [stage, name] of STAGES.entries()) {
      if ((ids.stages(node) & (1 << stage)) === 0) continue;
      states.set(name, [...(states.get(name) ?? []), ids.hashText(node)].sort());
    }
  }
  return states;
}

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
