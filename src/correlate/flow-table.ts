import {
  type Correlation,
  type EventBatch,
  type EventTemplate,
  type Explanation,
  FIRST_CARRIER_NAMESPACE,
  ID_NAMESPACES,
  type Rule,
  STAGES,
  STEP_OUTCOMES,
  type Stage,
} from '../model/index.ts';
import type { BitSet } from './bit-set.ts';
import { CauseTimes, type PackedCauseTimes } from './cause-times.ts';
import { CellKey } from './cell-key.ts';
import { EdgeSet, type PackedEdges } from './edge-set.ts';
import { eventValue, keyOf } from './event-key.ts';
import { addCut, type Cuts } from './guard.ts';
import { IdTable, PAIR_NAMESPACE, type PackedIds } from './id-table.ts';
import { NO_STEP, type PackedPartials, PartialPool } from './partial-pool.ts';
import { type PackedRuleHits, RuleHits } from './rule-hits.ts';
import { MAX_KEYS, type PackedSignals, type SignalEvent, SignalPool } from './signal-pool.ts';
import { TextTable } from './text-table.ts';

export interface FlowTableOptions {
  readonly rules: readonly Rule[];
  readonly explanations: readonly Explanation[];
  /** Conditions across flows whose hits are noted. */
  readonly correlations?: readonly Correlation[];
  /** Stages whose pod is kept, because a rule compares them. */
  readonly podStages: readonly Stage[];
  /** Other threads may look up its ids, once all is folded. */
  readonly sharesIds?: boolean;
}

/** How another table is put in. */
export interface AbsorbOptions {
  /** Lines of a source before those that the other table has counted; none by default. */
  readonly linesBefore?: (source: string) => number;
  /** Ids of the other table: of all others, nothing is taken. All by default. */
  readonly among?: BitSet;
}

/** A table as plain data, for another thread. Its options are not part of it. */
export interface PackedFlowTable {
  readonly ids: PackedIds;
  readonly edges: PackedEdges;
  readonly causes: PackedCauseTimes;
  readonly partials: PackedPartials;
  readonly signals: PackedSignals;
  readonly ruleHits: PackedRuleHits;
  readonly unlinked: number;
  readonly cuts: Cuts;
  readonly texts: readonly string[];
  readonly sourceNames: readonly string[];
  readonly clearTexts: ReadonlyMap<number, string>;
}

const POLLED = STAGES.indexOf('polled') + 1;
const SEEN = STEP_OUTCOMES.indexOf('seen');
const OK = STEP_OUTCOMES.indexOf('ok');
const SCENE = ID_NAMESPACES.indexOf('login.scene');
const STATE = ID_NAMESPACES.indexOf('login.state');
const POD = 'k8s.pod.name';

/**
 * Folds events into mergeable partials and the identity graph.
 *
 * Nothing here depends on the order of events, and folding an event twice changes only the
 * line counters. What is kept grows with the distinct ids, not with the events.
 */
export class FlowTable {
  /** Fields whose texts it reads, beside the kept ones and those that rules are grouped by. */
  static readonly readsInFull: readonly string[] = [POD];
  readonly ids: IdTable;
  readonly edges: EdgeSet;
  readonly causes: CauseTimes;
  readonly ruleHits: RuleHits;
  readonly partials: PartialPool;
  readonly signals: SignalPool;
  /** Events that carry no id. */
  unlinked: number;
  /** What is known of ids that join nothing from where this table comes from. */
  readonly cuts: Cuts;
  readonly texts: TextTable;
  readonly sourceNames: string[];
  readonly #clearTexts: Map<number, string>;
  readonly #options: FlowTableOptions;
  /** Explanations and the key field to read, by number of the rule that is their cause or symptom. */
  readonly #rolesOf: ReadonlyMap<number, readonly Role[]>;
  readonly #keepsPod: readonly boolean[];
  readonly #signalKeys: readonly (readonly string[])[];
  /** By number of the template, which another one may take over. */
  readonly #plans: (Plan | undefined)[] = [];
  #source = 0;
  #linesBefore = 0;
  /** Numbers of the ids of the batch at hand, at their places. */
  #nodes = new Uint32Array(1 << 10);
  /** The ids of the event at hand. */
  readonly #ascending: number[] = [];
  readonly #signal: SignalEvent = {
    rule: 0,
    stage: 0,
    timeMs: 0,
    hash: 0,
    source: 0,
    line: 0,
    keys: [0, 0],
  };

  /** @param packed a table made with the same rules; it must not be used elsewhere any more. */
  constructor(options: FlowTableOptions, packed?: PackedFlowTable) {
    this.#options = options;
    this.ids = new IdTable(packed?.ids, options.sharesIds);
    this.causes = new CauseTimes(packed?.causes);
    this.unlinked = packed?.unlinked ?? 0;
    this.cuts = packed?.cuts ?? { guarded: new Set(), counts: new Map() };
    this.texts = new TextTable(packed?.texts);
    this.sourceNames = [...(packed?.sourceNames ?? [])];
    this.#clearTexts = new Map(packed?.clearTexts);
    this.partials = new PartialPool(this.ids, this.texts, packed?.partials);
    this.edges = new EdgeSet(this.ids, this.partials, packed?.edges);
    this.signals = new SignalPool(this.partials, this.texts, this.sourceNames, packed?.signals);
    this.ruleHits = new RuleHits(options.rules, options.correlations ?? [], packed?.ruleHits);
    this.#rolesOf = rolesByRule(options);
    this.#signalKeys = options.rules.map(({ name }) => symptomKeys(name, options.explanations));
    this.#keepsPod = STAGES.map((stage) => options.podStages.includes(stage));
  }

  /** The table itself, not a copy: it must not be used any more. */
  pack(): PackedFlowTable {
    return {
      ids: this.ids.pack(),
      edges: this.edges.pack(),
      causes: this.causes.pack(),
      partials: this.partials.pack(),
      signals: this.signals.pack(),
      ruleHits: this.ruleHits.pack(),
      unlinked: this.unlinked,
      cuts: this.cuts,
      texts: this.texts.pack(),
      sourceNames: this.sourceNames,
      clearTexts: this.#clearTexts,
    };
  }

  /** For each rule, the names of the keys its signals carry. */
  signalKeys(rule: number): readonly string[] {
    return this.#signalKeys[rule]!;
  }

  /**
   * Names the source that the next batches come from.
   * @param linesBefore lines of the source before those that the batches count
   */
  enterSource(name: string, linesBefore = 0): void {
    this.#source = this.#sourceNamed(name);
    this.#linesBefore = linesBefore;
  }

  clearTextOf(node: number): string | undefined {
    return this.#clearTexts.get(node);
  }

  /**
   * Folds the events of a batch.
   * @param hitsOf the numbers of the rules that event `i` matches: the same for all events of a
   *   template
   */
  fold(batch: EventBatch, hitsOf: (batch: EventBatch, i: number) => readonly number[]): void {
    const { count, idStart, stage, outcome, kind } = batch;
    const nodes = this.#numberIds(batch);
    for (let i = 0; i < count; i += 1) {
      const plan = this.#planOf(batch, i, hitsOf);
      if (plan.hits.length > 0) this.#noteHits(batch, i, plan.hits);
      const from = idStart[i]!;
      const to = endOfIds(batch, i);
      if (from === to) {
        this.unlinked += 1;
        continue;
      }
      if (to - from > 1) this.#link(nodes, from, to);
      const home = this.#homeOf(batch, nodes, from, to);
      if (stage[i] === 0) this.partials.fold(home, batch, i, 0, NO_STEP);
      else {
        const step = CellKey.step(stage[i]! - 1, outcome[i]!);
        this.partials.fold(home, batch, i, 1 << kind[i]!, step);
      }
      if (!plan.isPlain) this.#foldMore(batch, i, home, plan);
    }
  }

  /**
   * Adds everything that `other` has folded. Both must have been made with the same rules.
   */
  absorb(other: FlowTable, { linesBefore = () => 0, among }: AbsorbOptions = {}): void {
    const { ids } = other;
    const nodeOf = new Uint32Array(ids.size);
    const text = numbersIn(this.texts, other.texts);
    const sources = other.sourceNames.map((name) => this.#sourceNamed(name));
    const before = other.sourceNames.map(linesBefore);
    const of = {
      text,
      source: (source: number): number => sources[source]!,
      linesBefore: (source: number): number => before[source]!,
    };
    this.ids.reserve(this.ids.size + (among ?? ids).size);
    for (let node = 0; node < ids.size; node += 1) {
      if (among?.has(node) === false) continue;
      const known = this.ids.size;
      const own = this.ids.add(ids.namespace(node), ids.high(node), ids.low(node));
      nodeOf[node] = own;
      this.ids.addStages(own, ids.stages(node));
      const isNew = this.ids.size > known;
      if (!isNew || !this.partials.adopt(own, other.partials, node, text)) {
        this.partials.absorb(own, other.partials, node, text);
      }
      this.signals.absorb(own, other.signals, node, of);
    }
    other.edges.forEach((a, b) => {
      this.edges.add(nodeOf[a]!, nodeOf[b]!);
    }, among);
    for (const [node, clear] of other.#clearTexts) {
      if (among?.has(node) !== false) this.#clearTexts.set(nodeOf[node]!, clear);
    }
    for (const node of other.cuts.guarded) {
      if (among?.has(node) !== false) this.cuts.guarded.add(nodeOf[node]!);
    }
    for (const [namespace, count] of other.cuts.counts) addCut(this.cuts, namespace, count);
    this.causes.absorb(other.causes);
    this.ruleHits.absorb(other.ruleHits);
    this.unlinked += other.unlinked;
  }

  #sourceNamed(name: string): number {
    const known = this.sourceNames.indexOf(name);
    return known === -1 ? this.sourceNames.push(name) - 1 : known;
  }

  /** The numbers of the batch's ids that count, at the places of the ids. */
  #numberIds(batch: EventBatch): Uint32Array {
    const { count, idStart, idNamespace, idText, stage } = batch;
    const ids = idStart[count]!;
    if (this.#nodes.length < ids) this.#nodes = new Uint32Array(ids * 2);
    const nodes = this.#nodes;
    for (let i = 0; i < count; i += 1) {
      const to = endOfIds(batch, i);
      this.ids.addAll(batch, idStart[i]!, to, nodes);
      if (stage[i] === 0) continue;
      for (let id = idStart[i]!; id < to; id += 1) {
        if (idNamespace[id] === STATE) this.ids.addStages(nodes[id]!, 1 << (stage[i]! - 1));
      }
    }
    if (idText.length > 0) this.#keepTexts(batch, nodes);
    return nodes;
  }

  #keepTexts(batch: EventBatch, nodes: Uint32Array): void {
    for (let i = 0; i < batch.count; i += 1) {
      const to = endOfIds(batch, i);
      for (let id = batch.idStart[i]!; id < to; id += 1) {
        const text = batch.idText[id];
        if (text) this.#clearTexts.set(nodes[id]!, text);
      }
    }
  }

  /** Joins the ids of an event, each with the next older one first. */
  #link(nodes: Uint32Array, from: number, to: number): void {
    if (to - from === 2) {
      this.edges.add(nodes[from]!, nodes[from + 1]!);
      return;
    }
    const ascending = this.#ascending;
    for (let i = from; i < to; i += 1) {
      const newer = nodes[i]!;
      let at = i - from;
      for (; at > 0 && ascending[at - 1]! > newer; at -= 1) ascending[at] = ascending[at - 1]!;
      ascending[at] = newer;
    }
    for (let newer = 1; newer < to - from; newer += 1) {
      for (let older = newer - 1; older >= 0; older -= 1) {
        this.edges.add(ascending[newer]!, ascending[older]!);
      }
    }
  }

  /**
   * The strongest id, as a rule. But a state or scene is chosen by the client and may turn out to
   * be one constant for all logins; then the events beside it have to stay with their own login.
   * So they fold at the next login id, or at a node that stands for the two ids together.
   */
  #homeOf(batch: EventBatch, nodes: Uint32Array, from: number, to: number): number {
    const strongest = batch.idNamespace[from]!;
    if ((strongest !== SCENE && strongest !== STATE) || to - from === 1) return nodes[from]!;
    const second = batch.idNamespace[from + 1]!;
    return second < FIRST_CARRIER_NAMESPACE
      ? nodes[from + 1]!
      : this.#pair(nodes[from]!, nodes[from + 1]!);
  }

  #pair(a: number, b: number): number {
    const ids = this.ids;
    const high = Math.imul(ids.high(a), 0x9e3779b1) ^ Math.imul(ids.low(b), 0x85ebca6b);
    const low = Math.imul(ids.low(a), 0xc2b2ae35) ^ Math.imul(ids.high(b), 0x27d4eb2f);
    const pair = ids.add(PAIR_NAMESPACE, high >>> 0, low >>> 0);
    this.edges.add(pair, a);
    this.edges.add(pair, b);
    return pair;
  }

  /** Folds what few events have beside their step. */
  #foldMore(batch: EventBatch, i: number, home: number, { kept, pods, hits }: Plan): void {
    const time = batch.timeMs[i]!;
    const first = Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
    const stage = batch.stage[i]!;
    for (const { key, text } of kept) this.partials.foldText(home, key, first, text);
    if (stage > 0 && this.#keepsPod[stage - 1]!) {
      for (const pod of pods) this.partials.foldText(home, CellKey.pod(stage - 1), first, pod);
    }
    for (const rule of hits) this.#foldSignal(batch, i, home, first, rule);
  }

  /** Worked out once for each template: events by the thousand share one. */
  #planOf(
    batch: EventBatch,
    i: number,
    hitsOf: (batch: EventBatch, i: number) => readonly number[],
  ): Plan {
    const number = batch.template[i]!;
    const template = batch.templates[number]!;
    const known = this.#plans[number];
    if (known !== undefined && known.template === template) return known;
    const kept: Plan['kept'][number][] = [];
    const pods: number[] = [];
    for (const { slot, field, text } of template.values) {
      if (slot >= 0) kept.push({ key: CellKey.kept(slot), text: this.texts.add(text) });
      if (field === POD && this.#keepsPod.includes(true)) pods.push(this.texts.add(text));
    }
    const hits = hitsOf(batch, i);
    const isPlain = kept.length + pods.length + hits.length === 0;
    const plan = { template, hits, kept, pods, isPlain };
    this.#plans[number] = plan;
    return plan;
  }

  #noteHits(batch: EventBatch, i: number, hits: readonly number[]): void {
    if (this.#options.explanations.length > 0) this.#noteCauses(batch, i, hits);
    this.ruleHits.fold(batch, i, hits);
  }

  #foldSignal(batch: EventBatch, i: number, home: number, timeMs: number, rule: number): void {
    const signal = this.#signal;
    signal.rule = rule;
    signal.stage = batch.stage[i]!;
    signal.timeMs = timeMs;
    signal.hash = batch.hashLow[i]!;
    signal.source = this.#source;
    signal.line = this.#linesBefore + batch.line[i]!;
    signal.keys = [0, 0];
    for (const role of this.#rolesOf.get(rule) ?? []) {
      if (role.symptomKey === undefined) continue;
      const key = keyOf(role.fields, (field) => eventValue(batch, i, field));
      if (key !== undefined) signal.keys[role.symptomKey] = this.texts.add(key) + 1;
    }
    this.signals.fold(home, signal);
  }

  #noteCauses(batch: EventBatch, i: number, hits: readonly number[]): void {
    const time = batch.timeMs[i]!;
    if (Number.isNaN(time)) return;
    for (const rule of hits) {
      for (const role of this.#rolesOf.get(rule) ?? []) {
        if (role.symptomKey !== undefined) continue;
        const key = keyOf(role.fields, (field) => eventValue(batch, i, field));
        if (key !== undefined) this.causes.add(role.explanation, key, time);
      }
    }
  }
}

/** Gives the number in `into` of a text numbered in `from`; each text is looked for once. */
function numbersIn(into: TextTable, from: TextTable): (number: number) => number {
  const numbers: number[] = [];
  return (number) => {
    numbers[number] ??= into.add(from.text(number));
    return numbers[number];
  };
}

/**
 * End of the event's ids that count. An ordinary poll has a trace of its own on which nothing
 * else hangs; keeping those would let memory grow with the polls.
 */
function endOfIds({ idStart, idNamespace, stage, outcome }: EventBatch, i: number): number {
  let to = idStart[i + 1]!;
  if (stage[i] !== POLLED || (outcome[i] !== SEEN && outcome[i] !== OK)) return to;
  const from = idStart[i]!;
  while (to > from && idNamespace[to - 1]! >= FIRST_CARRIER_NAMESPACE) to -= 1;
  return to;
}

/** What follows from a template: texts stand for themselves by their number in the text table. */
interface Plan {
  readonly template: EventTemplate;
  /** Numbers of the rules that hold. */
  readonly hits: readonly number[];
  readonly kept: readonly { readonly key: number; readonly text: number }[];
  readonly pods: readonly number[];
  /** Nothing but its ids, its time and its step follows from an event. */
  readonly isPlain: boolean;
}

/** What a rule is to an explanation that is grouped by fields. */
interface Role {
  readonly explanation: number;
  readonly fields: readonly string[];
  /** Place among the signal's keys where a symptom keeps its values; undefined for the cause. */
  readonly symptomKey: number | undefined;
}

/** The event fields that tie `rule` to the others of its explanation, in the order of `group-by`. */
export function groupFields(explanation: Explanation, rule: string): string[] {
  return explanation.groupBy.map((group) => group.fieldOf.get(rule) ?? group.name);
}

/**
 * Names of the keys that a symptom's signal carries, in order: one for each distinct set of
 * fields that explanations group it by.
 * @throws when there are more than a signal can carry.
 */
export function symptomKeys(rule: string, explanations: readonly Explanation[]): string[] {
  const keys = new Set<string>();
  for (const explanation of explanations) {
    if (explanation.groupBy.length > 0 && explanation.symptoms.includes(rule)) {
      keys.add(groupFields(explanation, rule).join());
    }
  }
  if (keys.size > MAX_KEYS) {
    throw new Error(`rule ${rule} is grouped in ${keys.size} ways, more than ${MAX_KEYS}`);
  }
  return [...keys].sort();
}

function rolesByRule({ rules, explanations }: FlowTableOptions): Map<number, Role[]> {
  const roles = new Map<number, Role[]>();
  const numberOf = new Map(rules.map((rule, number) => [rule.name, number]));
  const add = (name: string, role: Role): void => {
    const number = numberOf.get(name);
    if (number !== undefined) roles.set(number, [...(roles.get(number) ?? []), role]);
  };
  for (const [number, explanation] of explanations.entries()) {
    if (explanation.groupBy.length === 0) continue;
    const fields = groupFields(explanation, explanation.cause);
    add(explanation.cause, { explanation: number, fields, symptomKey: undefined });
    for (const symptom of explanation.symptoms) {
      const fields = groupFields(explanation, symptom);
      const symptomKey = symptomKeys(symptom, explanations).indexOf(fields.join());
      add(symptom, { explanation: number, fields, symptomKey });
    }
  }
  return roles;
}
