import type { KnownValue } from '../sigma/index.ts';
import type { EventColumns } from './event-columns.ts';
import type { TextFacts } from './text-facts.ts';
import type { TextId } from './text-ids.ts';
import { isAboutAuthorizing } from './url-parts.ts';
import type { Fact } from './value-store.ts';

/** More entries of one role than this in one record are not looked at. */
const MAX_CANDIDATES = 8;
/** Nor more values: a record of thousands of texts tells of no one login. */
export const MAX_FACTS = 256;

/** No source of an errcode at all; see `ErrcodeSource`. */
const NO_SOURCE = 9;

/** Entries that compete for one answer, such as two times of a record. */
export class Candidates {
  count = 0;
  readonly entry = new Int32Array(MAX_CANDIDATES);
  readonly rank = new Float64Array(MAX_CANDIDATES);

  add(entry: number, rank: number): void {
    if (this.count === MAX_CANDIDATES) return;
    this.entry[this.count] = entry;
    this.rank[this.count] = rank;
    this.count += 1;
  }
}

/** What is known of one record while it is read. Entries are told by their index; -1 is none. */
export class Row {
  readonly times = new Candidates();
  readonly severities = new Candidates();
  /** Nanoseconds beside a time in seconds, and the zone beside a time that has none. */
  nanosEntry = -1;
  zoneEntry = -1;
  severityNumber = Number.NaN;
  /** The first `factCount` and `stageValueCount` are the row's; the rest is left over. */
  readonly facts: Fact[] = [];
  /** Ranks of the paths that the facts stood at. */
  readonly ranks: number[] = [];
  factCount = 0;
  /** Facts that were added, repeated ones too. */
  offeredFacts = 0;
  readonly stageValues: KnownValue[] = [];
  stageValueCount = 0;
  stageKeyHigh = 0;
  stageKeyLow = 0;
  /** Sums over fields and values, which do not care for the order of keys. */
  contentHigh = 0;
  contentLow = 0;
  /** Names the process; 0 and 0 when nothing does. */
  hostHigh = 0;
  hostLow = 0;
  instanceEntry = -1;
  instanceRank = 0;
  errcodeSource: number = NO_SOURCE;
  readonly errcodes: string[] = [];
  /** Codes under general names, which are WeChat's if the line speaks of it. */
  readonly maybeErrcodes: string[] = [];
  namesWechat = false;
  stateInQuery = false;
  codeInQuery = false;
  emptyCode = false;
  /** A rule of the library may match because of a value. */
  canMatch = false;
  /** Index of what the line names in fields of their own; -1 for none. */
  namedStage = -1;
  namedOutcome = -1;
  namedKind = -1;
  /** Ids that the rest of the line has to confirm. */
  pendingState = -1;
  pendingUuid = -1;
  /** Request ids too short to be told apart between processes. */
  readonly counters: number[] = [];
  readonly #events: EventColumns;
  readonly #showIds: boolean;

  constructor(events: EventColumns, showIds: boolean) {
    this.#events = events;
    this.#showIds = showIds;
  }

  begin(): void {
    this.#events.beginEvent();
    this.times.count = 0;
    this.severities.count = 0;
    this.nanosEntry = -1;
    this.zoneEntry = -1;
    this.severityNumber = Number.NaN;
    this.factCount = 0;
    this.offeredFacts = 0;
    this.stageValueCount = 0;
    this.stageKeyHigh = 0;
    this.stageKeyLow = 0;
    this.contentHigh = 0;
    this.contentLow = 0;
    this.hostHigh = 0;
    this.hostLow = 0;
    this.instanceEntry = -1;
    this.instanceRank = NO_SOURCE;
    this.errcodeSource = NO_SOURCE;
    if (this.errcodes.length > 0) this.errcodes.length = 0;
    if (this.maybeErrcodes.length > 0) this.maybeErrcodes.length = 0;
    this.namesWechat = false;
    this.stateInQuery = false;
    this.codeInQuery = false;
    this.emptyCode = false;
    this.canMatch = false;
    this.namedStage = -1;
    this.namedOutcome = -1;
    this.namedKind = -1;
    this.pendingState = -1;
    this.pendingUuid = -1;
    if (this.counters.length > 0) this.counters.length = 0;
  }

  /** Adds a value and what stands inside it. */
  addFact(fact: Fact, rank = 0): void {
    const { facts, factCount } = this;
    this.offeredFacts += 1;
    for (let i = 0; i < factCount; i += 1) {
      if (facts[i].low === fact.low && facts[i].high === fact.high) {
        if (rank < this.ranks[i]) this.ranks[i] = rank;
        return;
      }
    }
    if (factCount === MAX_FACTS) return;
    facts[factCount] = fact;
    this.ranks[factCount] = rank;
    this.factCount = factCount + 1;
    if (fact.canMatch) this.canMatch = true;
    if (fact.stageValues.length > 0) this.addStageValues(fact);
    for (let i = 0; i < fact.inside.length; i += 1) this.addFact(fact.inside[i]);
    if (fact.facts !== undefined) this.#addTextFacts(fact.facts, fact.text);
  }

  addStageValues(fact: Fact): void {
    const { stageValues } = fact;
    for (let i = 0; i < stageValues.length; i += 1) {
      this.stageValues[this.stageValueCount] = stageValues[i];
      this.stageValueCount += 1;
    }
    this.stageKeyHigh = (this.stageKeyHigh + fact.stageKeyHigh) | 0;
    this.stageKeyLow = (this.stageKeyLow + fact.stageKeyLow) | 0;
  }

  #addTextFacts(facts: TextFacts, text: string): void {
    if (facts.namesWechat) this.namesWechat = true;
    if (facts.errcode !== undefined) this.addErrcode(facts.errcode.source, facts.errcode.code);
    this.addIds(facts.ids.found);
    if (facts.ids.hasState) this.noteQuery(text, facts.ids.hasCode);
  }

  addIds(found: readonly TextId[]): void {
    for (let i = 0; i < found.length; i += 1) {
      const { namespace, high, low, text } = found[i];
      this.#events.addId(namespace, high, low, this.#showIds ? text : '');
    }
  }

  /** A query string with a state: with its code it is a callback, without it a refusal. */
  noteQuery(text: string, hasCode: boolean): void {
    if (isAboutAuthorizing(text)) return;
    this.stateInQuery = true;
    if (hasCode) this.codeInQuery = true;
  }

  /** Errcodes of the surest source are believed. */
  addErrcode(source: number, code: string): void {
    if (source > this.errcodeSource) return;
    if (source < this.errcodeSource) {
      this.errcodeSource = source;
      this.errcodes.length = 0;
    }
    if (!this.errcodes.includes(code) && this.errcodes.length < MAX_CANDIDATES) {
      this.errcodes.push(code);
    }
  }

  addMaybeErrcode(code: string): void {
    if (this.maybeErrcodes.length < MAX_CANDIDATES) this.maybeErrcodes.push(code);
  }

  hasErrcode(): boolean {
    for (const code of this.errcodes) if (code !== '0') return true;
    return false;
  }
}
