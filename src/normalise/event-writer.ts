import {
  FIRST_CARRIER_NAMESPACE,
  type RecordBatch,
  STAGES,
  STEP_OUTCOMES,
  type Value,
} from '../model/index.ts';
import type { Entry } from './entry.ts';
import type { EntryReader } from './entry-reader.ts';
import { ErrcodeSource } from './errcode-text.ts';
import type { EventColumns } from './event-columns.ts';
import { Mask } from './mask.ts';
import { NAMESPACE, namespaceSalt } from './namespace.ts';
import type { Row } from './row.ts';
import type { RowDigest } from './row-digest.ts';
import { SCHEMAS } from './schema.ts';
import {
  ERROR_SEVERITY,
  INFO_SEVERITY,
  readSeverity,
  severityOfOtelNumber,
  UNKNOWN_SEVERITY,
} from './severity.ts';
import type { StageAnswer, StageRules } from './stage-rules.ts';
import type { Template, TimePlan } from './template-table.ts';
import { readTime } from './time.ts';
import type { Fact, ValueField, ValueStore } from './value-store.ts';
import { parseZone, type Zone } from './zone.ts';

export interface EventWriterOptions {
  readonly row: Row;
  readonly entry: Entry;
  readonly events: EventColumns;
  readonly reader: EntryReader;
  readonly values: ValueStore;
  readonly stageRules: StageRules;
  /** By namespace: the value that stands for an id's presence, where a stage rule asks for it. */
  readonly presence: readonly (Fact | undefined)[];
  readonly zone: Zone;
}

const STAGE = Object.fromEntries(STAGES.map((stage, index) => [stage, index + 1]));
const OUTCOME = Object.fromEntries(STEP_OUTCOMES.map((outcome, index) => [outcome, index]));
const [CALLBACK, ISSUED, EXCHANGE] = [STAGE.callback, STAGE.issued, STAGE.exchange];
const [SEEN, OK, FAILED, DENIED] = [OUTCOME.seen, OUTCOME.ok, OUTCOME.failed, OUTCOME.denied];
const CLEF = SCHEMAS.indexOf('clef');
const GELF = SCHEMAS.indexOf('gelf');

/** Between the log record and a record inside or around it: enough to outrank any name. */
const OTHER_RECORD = 100;
/** Distinct zone names that are remembered. */
const MAX_ZONES = 256;

const NO_VALUES: readonly Value[] = [];

/** The bits of a time, for the hash. */
const TIME = new Float64Array(1);
const TIME_BITS = new Int32Array(TIME.buffer);

/** Draws the conclusions of a row that was read and writes the event, if it is about a login. */
export class EventWriter {
  minTimeMs: number = Number.POSITIVE_INFINITY;
  maxTimeMs: number = Number.NEGATIVE_INFINITY;
  readonly #row: Row;
  readonly #entry: Entry;
  readonly #events: EventColumns;
  readonly #reader: EntryReader;
  readonly #store: ValueStore;
  readonly #stageRules: StageRules;
  readonly #presence: readonly (Fact | undefined)[];
  readonly #errcodeField: ValueField;
  readonly #zone: Zone;
  readonly #zones = new Map<string, Zone>();

  constructor(options: EventWriterOptions) {
    this.#row = options.row;
    this.#entry = options.entry;
    this.#events = options.events;
    this.#reader = options.reader;
    this.#store = options.values;
    this.#stageRules = options.stageRules;
    this.#presence = options.presence;
    this.#errcodeField = options.values.field('wechat.errcode', false);
    this.#zone = options.zone;
  }

  /**
   * @param batchRow the row of the batch that was read
   * @param schema index into `SCHEMAS`
   * @param innerIsRecord the log record stands inside a string of a container's record
   * @returns false for a row that tells of no login
   */
  close(batch: RecordBatch, batchRow: number, schema: number, innerIsRecord: boolean): boolean {
    const row = this.#row;
    const events = this.#events;
    const timeMs = this.#timeOf(this.timePlan(batch, 0, innerIsRecord), 0);
    this.#closeErrcodes();
    this.#reader.addInstance();
    this.#reader.addCounters();
    this.#addPresence();
    const rule = this.#stageRule();
    const stage =
      row.namedStage >= 0 && rule?.certain !== true ? row.namedStage + 1 : (rule?.stage ?? 0);
    this.#settlePending(stage);
    if (!this.#isAboutLogin(stage)) return false;
    const severity = this.#severityOf(batch, schema, innerIsRecord);
    const at = events.count;
    events.row[at] = batchRow;
    events.line[at] = batch.line[batchRow];
    events.timeMs[at] = timeMs;
    events.severity[at] = severity;
    events.stage[at] = stage;
    events.outcome[at] = stage === 0 ? SEEN : this.#outcomeOf(stage, rule, severity);
    events.kind[at] = row.namedKind >= 0 ? row.namedKind : (rule?.kind ?? 0);
    this.#writeHash(at, timeMs, row.contentHigh, row.contentLow);
    events.template[at] = events.templates.push({ values: this.#values(schema) }) - 1;
    events.endEvent();
    return true;
  }

  /** Writes the event of a row whose template is known, if it is about a login. */
  repeat(template: Template, digest: RowDigest, batch: RecordBatch, batchRow: number): void {
    const timeMs = this.#timeOf(template.time, batch.entryStart[batchRow]);
    if (!template.isEvent) return;
    const events = this.#events;
    events.beginEvent();
    const at = events.count;
    events.row[at] = batchRow;
    events.line[at] = batch.line[batchRow];
    events.timeMs[at] = timeMs;
    events.severity[at] = template.severity;
    events.stage[at] = template.stage;
    events.outcome[at] = template.outcome;
    events.kind[at] = template.kind;
    events.template[at] = template.number;
    this.#writeHash(
      at,
      timeMs,
      template.contentHigh + digest.contentHigh,
      template.contentLow + digest.contentLow,
    );
    for (const { namespace, high, low } of template.ids) events.insertId(namespace, high, low, '');
    for (let i = 0; i < digest.count; i += 1) {
      if (template.takes[i]) this.#repeatId(template, digest, i);
    }
    events.endEvent();
  }

  #repeatId(template: Template, digest: RowDigest, i: number): void {
    let high = digest.idHigh[i];
    let low = digest.idLow[i];
    if (digest.mask[i] === Mask.counter) {
      const { hash } = this.#reader;
      hash.mix(high ^ template.hostHigh, low ^ template.hostLow);
      hash.salt(namespaceSalt(digest.namespace[i]));
      high = hash.high;
      low = hash.low;
    }
    this.#events.insertId(digest.namespace[i], high, low, '');
  }

  /** The time in milliseconds stands for its field: a second delivery may word it otherwise. */
  #writeHash(at: number, timeMs: number, contentHigh: number, contentLow: number): void {
    const { hash } = this.#reader;
    TIME[0] = Number.isNaN(timeMs) ? 0 : timeMs;
    hash.mix(
      (contentHigh + Math.imul(TIME_BITS[1], 0xc2b2ae35)) | 0,
      (contentLow + Math.imul(TIME_BITS[0], 0x27d4eb2f)) | 0,
    );
    this.#events.hashHigh[at] = hash.high;
    this.#events.hashLow[at] = hash.low;
  }

  /** Where the time of the row stands; entries are counted from `from`. */
  timePlan(batch: RecordBatch, from: number, innerIsRecord: boolean): TimePlan {
    const { times, zoneEntry, nanosEntry } = this.#row;
    const entries: number[] = [];
    const ranks: number[] = [];
    for (let i = 0; i < times.count; i += 1) {
      entries.push(times.entry[i] - from);
      ranks.push(times.rank[i] + penaltyOf(batch, times.entry[i], innerIsRecord));
    }
    const zone = zoneEntry < 0 ? this.#zone : this.#zoneOf(zoneEntry);
    return { entries, ranks, zone, nanos: nanosEntry < 0 ? -1 : nanosEntry - from };
  }

  /** Reads the time and lets it widen the range of all times. */
  #timeOf(plan: TimePlan, from: number): number {
    const { entries, ranks } = plan;
    let best = Number.NaN;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let i = 0; i < entries.length; i += 1) {
      if (ranks[i] > bestRank) continue;
      const time = this.#readTimeAt(from + entries[i], from, plan);
      if (Number.isNaN(time)) continue;
      if (ranks[i] < bestRank || time < best) {
        best = time;
        bestRank = ranks[i];
      }
    }
    this.noteTimes(best, best);
    return best;
  }

  /** Widens the range of all times. */
  noteTimes(min: number, max: number): void {
    if (min < this.minTimeMs) this.minTimeMs = min;
    if (max > this.maxTimeMs) this.maxTimeMs = max;
  }

  #readTimeAt(index: number, from: number, { zone, nanos }: TimePlan): number {
    const entry = this.#entry;
    entry.moveTo(index);
    const time = readTime(entry.bytes, entry.start, entry.end, zone);
    if (nanos < 0 || time % 1000 !== 0) return time;
    entry.moveTo(from + nanos);
    const parts = Number(entry.text());
    return parts >= 0 && parts < 1e9 ? time + parts / 1e6 : time;
  }

  /** The zone that stands beside a time, as Monolog 1 prints it. */
  #zoneOf(index: number): Zone {
    this.#entry.moveTo(index);
    const name = this.#entry.text();
    let zone = this.#zones.get(name);
    if (zone === undefined) {
      try {
        zone = parseZone(name);
      } catch {
        zone = this.#zone;
      }
      if (this.#zones.size < MAX_ZONES) this.#zones.set(name, zone);
    }
    return zone;
  }

  #severityOf(batch: RecordBatch, schema: number, innerIsRecord: boolean): number {
    const row = this.#row;
    const entry = this.#entry;
    const { count, rank } = row.severities;
    let best = UNKNOWN_SEVERITY;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i += 1) {
      const index = row.severities.entry[i];
      const theirs = rank[i] + penaltyOf(batch, index, innerIsRecord);
      if (theirs > bestRank) continue;
      entry.moveTo(index);
      const severity = readSeverity(schema, entry.kind, entry.bytes, entry.start, entry.end);
      if (severity === UNKNOWN_SEVERITY) continue;
      best = theirs === bestRank ? Math.max(best, severity) : severity;
      bestRank = theirs;
    }
    if (best !== UNKNOWN_SEVERITY) return best;
    if (!Number.isNaN(row.severityNumber)) return severityOfOtelNumber(row.severityNumber);
    // The compact format of Serilog leaves the level out where it is Information.
    return schema === CLEF ? INFO_SEVERITY : UNKNOWN_SEVERITY;
  }

  #closeErrcodes(): void {
    const row = this.#row;
    if (row.namesWechat && row.errcodeSource > ErrcodeSource.field) {
      for (const code of row.maybeErrcodes) row.addErrcode(ErrcodeSource.field, code);
    }
    for (const code of row.errcodes) row.addFact(this.#store.ofText(this.#errcodeField, code));
  }

  #addPresence(): void {
    const events = this.#events;
    for (let i = events.firstId; i < events.ids; i += 1) {
      const namespace = events.idNamespace[i];
      if (i > events.firstId && events.idNamespace[i - 1] === namespace) continue;
      const presence = this.#presence[namespace];
      if (presence !== undefined) this.#row.addStageValues(presence);
    }
  }

  #stageRule(): StageAnswer | undefined {
    const { stageValues, stageValueCount, stageKeyHigh, stageKeyLow } = this.#row;
    if (stageValueCount === 0) return undefined;
    return this.#stageRules.match(stageValues, stageValueCount, stageKeyHigh, stageKeyLow);
  }

  /** Takes ids whose names leave doubt where the rest of the line takes it away. */
  #settlePending(stage: number): void {
    const { pendingState, pendingUuid } = this.#row;
    const events = this.#events;
    const reader = this.#reader;
    if (pendingState >= 0) {
      reader.readPendingId(pendingState);
      const speaksOfState = stage === ISSUED || stage === CALLBACK || stage === EXCHANGE;
      if (
        events.hasId(NAMESPACE['login.code']) ||
        (speaksOfState && reader.id.isPlaceholderOrNumber())
      ) {
        reader.addPendingId(pendingState, NAMESPACE['login.state']);
      }
    }
    // Behind the callback a uuid may well be the user's.
    if (pendingUuid >= 0 && stage > 0 && stage <= CALLBACK) {
      const namespace = NAMESPACE['login.qrcode_id'];
      if (!events.hasId(namespace)) reader.addPendingId(pendingUuid, namespace);
    }
  }

  #isAboutLogin(stage: number): boolean {
    if (stage > 0 || this.#row.canMatch) return true;
    const events = this.#events;
    return (
      events.ids > events.firstId && events.idNamespace[events.firstId] < FIRST_CARRIER_NAMESPACE
    );
  }

  #outcomeOf(stage: number, rule: StageAnswer | undefined, severity: number): number {
    const row = this.#row;
    if (row.namedOutcome >= 0) return row.namedOutcome;
    const said = saidOf(rule, stage);
    if (said !== SEEN && said !== OK) return said;
    if (row.hasErrcode() || severity >= ERROR_SEVERITY) return FAILED;
    if (stage === CALLBACK && !this.#events.hasId(NAMESPACE['login.code'])) {
      if (row.stateInQuery && !row.codeInQuery) return DENIED;
      if (row.emptyCode && this.#events.hasId(NAMESPACE['login.state'])) return DENIED;
    }
    return said;
  }

  /** The values somebody asks for, in an order that does not depend on the keys'. */
  #values(schema: number): readonly Value[] {
    const { facts, factCount } = this.#row;
    const wanted: Fact[] = [];
    for (let i = 0; i < factCount; i += 1) {
      const fact = facts[i];
      if (fact.wanted === undefined || (fact.slot >= 0 && this.#isOutranked(i, schema))) continue;
      let at = wanted.length;
      while (at > 0 && comesBefore(fact, wanted[at - 1])) {
        wanted[at] = wanted[at - 1];
        at -= 1;
      }
      wanted[at] = fact;
    }
    return wanted.length === 0 ? NO_VALUES : wanted.map((fact) => fact.wanted!);
  }

  /** True when a flow should keep another value of the field: one that a better path gives. */
  #isOutranked(index: number, schema: number): boolean {
    const { facts, ranks, factCount } = this.#row;
    const fact = facts[index];
    for (let i = 0; i < factCount; i += 1) {
      if (facts[i].slot === fact.slot && ranks[i] < ranks[index]) return true;
    }
    // GELF's own version, which is no release of the service.
    return schema === GELF && fact.field === 'service.version' && fact.text === '1.1';
  }
}

/** The record that is the log line speaks first, be it the inner or the outer one. */
function penaltyOf(batch: RecordBatch, entry: number, innerIsRecord: boolean): number {
  return (batch.inner[entry] === 1) === innerIsRecord ? 0 : OTHER_RECORD;
}

/** A wording of another stage than the line names counts where it tells of an end or a failure. */
function saidOf(rule: StageAnswer | undefined, stage: number): number {
  if (rule === undefined || rule.stage === 0) return SEEN;
  return rule.stage === stage || rule.outcome !== OK ? rule.outcome : SEEN;
}

function comesBefore(a: Fact, b: Fact): boolean {
  return a.high !== b.high ? a.high < b.high : a.low < b.low;
}
