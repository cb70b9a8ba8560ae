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
import type { Components } from './components.ts';
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
 */
export function createFlowBuilder(
  table: FlowTable,
  next: Components,
  keep: readonly string[],
): (head: number) => Flow {
  const merged = new MergedPartial(table.texts, keep.length);
  let mergedHead: number | undefined;
  const merge = (head: number): MergedPartial => {
    // Who asks for more of a flow often does so right after it was built.
    if (head === mergedHead) return merged;
    mergedHead = head;
    merged.clear();
    let node = head;
    do {
      merged.add(table.partials, node);
      node = next.get(node);
    } while (node !== head);
    return merged;
  };
  const parts: Parts = { table, next, keep, merge };
  return (head) => new ComponentFlow(parts, head);
}

/** What all flows of a graph are built from. */
interface Parts {
  readonly table: FlowTable;
  readonly next: Components;
  readonly keep: readonly string[];
  /** Valid until it is called again. */
  readonly merge: (head: number) => MergedPartial;
}

/** A flow whose ids, states and pods are spelled out only when somebody asks: most never do. */
class ComponentFlow implements Flow {
  readonly kind: FlowKind;
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  readonly steps: readonly Step[];
  readonly signals: readonly Signal[];
  readonly values: ReadonlyMap<string, string>;
  private readonly parts: Parts;
  private readonly head: number;

  constructor(parts: Parts, head: number) {
    this.parts = parts;
    this.head = head;
    const merged = parts.merge(head);
    this.kind = kindOf(merged.kinds);
    this.firstMs = finite(merged.firstMs);
    this.lastMs = finite(merged.lastMs);
    this.steps = stepsOf(merged);
    this.values = valuesOf(merged, parts.keep);
    this.signals = signalsOf(parts.table, merged.signalLists);
  }

  get id(): string {
    const { ids } = this.parts.table;
    const strongest = membersOf(this.parts, this.head).reduce((best, node) =>
      compareStrength(ids, node, best) < 0 ? node : best,
    );
    return `f-${ids.hashText(strongest).slice(0, 12)}`;
  }

  get podAt(): ReadonlyMap<Stage, string> {
    return podAt(this.parts.merge(this.head));
  }

  get stateAt(): ReadonlyMap<Stage, readonly string[]> {
    return stateAt(this.parts, this.head);
  }

  get identities(): FlowIdentity[] {
    const { table } = this.parts;
    return membersOf(this.parts, this.head)
      .sort((a, b) => compareStrength(table.ids, a, b))
      .map((node) => ({
        namespace: ID_NAMESPACES[table.ids.namespace(node)]!,
        hash: table.ids.hashText(node),
        text: table.clearTextOf(node),
      }));
  }
}

/** The ids of a flow, without those that stand for pairs. */
function membersOf({ table, next }: Parts, head: number): number[] {
  const members: number[] = [];
  let node = head;
  do {
    if (table.ids.namespace(node) !== PAIR_NAMESPACE) members.push(node);
    node = next.get(node);
  } while (node !== head);
  return members;
}

function stepsOf(merged: MergedPartial): Step[] {
  const steps: Step[] = [];
  merged.forEachStep((key) => {
    steps.push({
      stage: STAGES[stageOfStep(key)]!,
      outcome: STEP_OUTCOMES[outcomeOfStep(key)]!,
      firstMs: finite(merged.timeOf(key)),
      count: merged.countOf(key),
    });
  });
  return steps;
}

const NO_VALUES: ReadonlyMap<string, string> = new Map();

function valuesOf(merged: MergedPartial, keep: readonly string[]): ReadonlyMap<string, string> {
  if (keep.length === 0) return NO_VALUES;
  const values = new Map<string, string>();
  for (const [slot, field] of keep.entries()) {
    const key = CellKey.kept(slot);
    if (merged.has(key)) values.set(field, merged.textOf(key));
  }
  return values;
}

function podAt(merged: MergedPartial): Map<Stage, string> {
  const pods = new Map<Stage, string>();
  for (const [stage, name] of STAGES.entries()) {
    const key = CellKey.pod(stage);
    if (merged.has(key)) pods.set(name, merged.textOf(key));
  }
  return pods;
}

/** A flow that ever spoke of a QR stage is a QR login; one that spoke of no stage counts as one. */
function kindOf(kinds: number): FlowKind {
  return FLOW_KINDS.find((_, bit) => kinds & (1 << bit)) ?? 'qr';
}

const NO_SIGNALS: readonly Signal[] = [];

const byRule = (a: Signal, b: Signal): number => a.rule - b.rule;

/** Of each rule the earliest hit, by rule. */
function signalsOf(table: FlowTable, lists: readonly number[]): readonly Signal[] {
  if (lists.length === 0) return NO_SIGNALS;
  const { signals } = table;
  const entries: number[] = [];
  for (const list of lists) {
    for (let at = list; at !== NONE; at = signals.nextOf(at)) {
      const same = entries.findIndex((entry) => signals.ruleAt(entry) === signals.ruleAt(at));
      if (same === -1) entries.push(at);
      else if (signals.isEarlier(at, entries[same]!)) entries[same] = at;
    }
  }
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

function stateAt({ table, next }: Parts, head: number): ReadonlyMap<Stage, readonly string[]> {
  const { ids } = table;
  const states = new Map<Stage, string[]>();
  let node = head;
  do {
    const stages = ids.namespace(node) === STATE ? ids.stages(node) : 0;
    if (stages !== 0) addState(states, ids.hashText(node), stages);
    node = next.get(node);
  } while (node !== head);
  return states;
}

function addState(states: Map<Stage, string[]>, state: string, stages: number): void {
  for (const [stage, name] of STAGES.entries()) {
    if ((stages & (1 << stage)) === 0) continue;
    const others = states.get(name);
    states.set(name, others === undefined ? [state] : [...others, state].sort());
  }
}

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);
