import type { PathTree } from '../decode/index.ts';
import {
  EntryKind,
  type EventBatch,
  FIRST_CARRIER_NAMESPACE,
  ID_NAMESPACES,
  type RecordBatch,
  STAGES,
  STEP_OUTCOMES,
} from '../model/index.ts';
import type { KnownValue } from '../sigma/index.ts';
import { ErrcodeSource } from './errcode-text.ts';
import { EventColumns } from './event-columns.ts';
import { FieldRole } from './field-role.ts';
import { aliasesOf, type FieldQuestions, type FieldUse, fieldOf } from './field-use.ts';
import { Hash64 } from './hash.ts';
import { IdReader } from './id-text.ts';
import type { Mapping } from './mapping.ts';
import { isLogRecord, marksOfEntry, NO_MARKS, SCHEMAS, schemaOf } from './schema.ts';
import {
  ERROR_SEVERITY,
  INFO_SEVERITY,
  levelNumber,
  readSeverity,
  severityOfOtelNumber,
  UNKNOWN_SEVERITY,
} from './severity.ts';
import { compileStageRules, type StageAnswer, type StageRules } from './stage-rules.ts';
import type { TextFacts } from './text-facts.ts';
import { findIds, namespaceSalt } from './text-ids.ts';
import { readTime } from './time.ts';
import {
  type Fact,
  type LeafSource,
  type ValueField,
  ValueStore,
  WORDS_FIELD,
} from './value-store.ts';
import { WECHAT_CODES } from './wechat-codes.ts';
import { parseZone, type Zone } from './zone.ts';

export interface NormaliseOptions {
  /** Parsed mapping files, the user's first. */
  readonly mappings: readonly Mapping[];
  /** Its leaves are put on each value; undefined when no rules are asked. */
  readonly library: LeafSource | undefined;
  /** Fields to keep per flow; `Value.slot` is the index here. */
  readonly keep: readonly string[];
  readonly showIds: boolean;
  /** IANA zone or offset of times that name none. Default UTC. */
  readonly zone?: string;
}

/** Turns records into events; see {@link EventBatch} for what is kept. */
export interface Normaliser {
  /** Decides which paths a decoder has to hand on. */
  readonly wants: (segments: readonly string[]) => boolean;
  /** Earliest and latest time of any row so far, kept or not; infinite before the first. */
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
  /** @returns the events of the batch, valid until the next call. */
  normalise(batch: RecordBatch, paths: PathTree): EventBatch;
  /** Rows by logger schema so far, the schemas in a fixed order. */
  schemas(): Record<string, number>;
}

/** @throws InputError for an unknown zone. */
export function createNormaliser(options: NormaliseOptions): Normaliser {
  return new RowNormaliser(options);
}

/** A path as this run uses it. */
interface PathUse extends FieldUse {
  /** Values are made of its entries; undefined when nobody asks. */
  readonly value: ValueField | undefined;
  readonly alsoValue: ValueField | undefined;
}

const STAGE = Object.fromEntries(STAGES.map((stage, index) => [stage, index + 1]));
const OUTCOME = Object.fromEntries(STEP_OUTCOMES.map((outcome, index) => [outcome, index]));
const [CALLBACK, ISSUED, EXCHANGE] = [STAGE.callback, STAGE.issued, STAGE.exchange];
const [SEEN, OK, FAILED, DENIED] = [OUTCOME.seen, OUTCOME.ok, OUTCOME.failed, OUTCOME.denied];
const STATE_NAMESPACE = ID_NAMESPACES.indexOf('login.state');
const CLEF = SCHEMAS.indexOf('clef');
const GELF = SCHEMAS.indexOf('gelf');
const CODE_NAMESPACE = ID_NAMESPACES.indexOf('login.code');
const QRCODE_NAMESPACE = ID_NAMESPACES.indexOf('login.qrcode_id');
const SCENE_NAMESPACE = ID_NAMESPACES.indexOf('login.scene');
const TICKET_NAMESPACE = ID_NAMESPACES.indexOf('login.ticket');
const TRACE_NAMESPACE = ID_NAMESPACES.indexOf('trace_id');
const REQUEST_NAMESPACE = ID_NAMESPACES.indexOf('request_id');

const SCENE_PREFIX = new TextEncoder().encode('qrscene_');
const RID = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/i;
/** Authorize URLs carry a state and, rightly, no code. */
const AUTHORIZE = /response_type=code|qrconnect|oauth2\/authorize/;
const SECRET = /(?:secret|access_token|refresh_token)=/i;
const LONG_POLL = new Set([402, 403, 404, 405, 408, 500]);

/** More entries of one role than this in one record are not looked at. */
const MAX_CANDIDATES = 8;

const utf8 = new TextDecoder();

/** The bits of a time, for the hash. */
const TIME = new Float64Array(1);
const TIME_BITS = new Int32Array(TIME.buffer);

/** Entries that compete for one answer, such as two times of a record. */
class Candidates {
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

class RowNormaliser implements Normaliser {
  minTimeMs = Number.POSITIVE_INFINITY;
  maxTimeMs = Number.NEGATIVE_INFINITY;
  readonly wants: (segments: readonly string[]) => boolean;

  readonly #questions: FieldQuestions;
  readonly #stageRules: StageRules;
  readonly #values: ValueStore;
  readonly #zone: Zone;
  readonly #zones = new Map<string, Zone>();
  readonly #showIds: boolean;
  readonly #library: LeafSource | undefined;
  /** Fields that rules, breakdowns or filters ask for; ids become values for them only. */
  readonly #askedOfIds: ReadonlySet<string>;
  readonly #presence: readonly (Fact | undefined)[];
  readonly #schemaCounts = new Float64Array(SCHEMAS.length);
  readonly #events = new EventColumns();
  readonly #hash = new Hash64();
  readonly #id = new IdReader();

  readonly #messageField: ValueField;
  readonly #eventNameField: ValueField;
  readonly #errcodeField: ValueField;
  readonly #qrErrcodeField: ValueField;
  readonly #ridField: ValueField;
  readonly #statusCodeField: ValueField;
  readonly #loginStatusField: ValueField;
  readonly #errorCodeField: ValueField;
  readonly #serverField: ValueField;
  readonly #queryField: ValueField;
  readonly #podField: ValueField;

  #uses: (PathUse | null | undefined)[] = [];
  /** Row at which a node was met, so that the last of duplicate keys wins. */
  #metAt = new Int32Array(1 << 10);
  #generation = -1;
  /** Even; the odd number after it marks what the inner record says. */
  #row = 0;

  // What is known of the row so far.
  #batch: RecordBatch | undefined;
  #times = new Candidates();
  #severities = new Candidates();
  #nanos = -1;
  #zoneEntry = -1;
  #severityNumber = Number.NaN;
  /** The first `#factCount` and `#stageValueCount` are the row's; the rest is left over. */
  readonly #rowFacts: Fact[] = [];
  /** Ranks of the paths that the facts stood at. */
  readonly #rowRanks: number[] = [];
  #factCount = 0;
  readonly #stageValues: KnownValue[] = [];
  #stageValueCount = 0;
  #stageKeyHigh = 0;
  #stageKeyLow = 0;
  #contentHigh = 0;
  #contentLow = 0;
  #hostHigh = 0;
  #hostLow = 0;
  #instanceRank = 9;
  #instanceEntry = -1;
  #errcodeSource = 9;
  readonly #errcodes: string[] = [];
  readonly #maybeErrcodes: string[] = [];
  #namesWechat = false;
  #stateInQuery = false;
  #codeInQuery = false;
  #emptyCode = false;
  #canMatch = false;
  #namedStage = -1;
  #namedOutcome = -1;
  #namedKind = -1;
  #pendingState = -1;
  #pendingUuid = -1;
  readonly #counters: number[] = [];

  constructor(options: NormaliseOptions) {
    this.#library = options.library;
    this.#showIds = options.showIds;
    this.#zone = parseZone(options.zone ?? 'UTC');
    this.#stageRules = compileStageRules(options.mappings);
    const stageIndex = this.#stageRules.index;
    this.#values = new ValueStore({
      library: options.library,
      stageRules: stageIndex,
      keep: options.keep,
    });
    this.#askedOfIds = new Set([...(options.library?.fields ?? []), ...options.keep]);
    const asked = new Set([...this.#askedOfIds, ...stageIndex.fields]);
    if (asked.has(WORDS_FIELD)) for (const field of ['message', 'event.name']) asked.add(field);
    this.#questions = { asked, aliases: aliasesOf(options.mappings) };
    this.wants = (segments) => fieldOf(segments, this.#questions) !== undefined;
    this.#presence = ID_NAMESPACES.map((name) =>
      stageIndex.fields.has(name) ? this.#values.presence(name) : undefined,
    );
    this.#messageField = this.#values.field('message', true);
    this.#eventNameField = this.#values.field('event.name', false);
    this.#errcodeField = this.#values.field('wechat.errcode', false);
    this.#qrErrcodeField = this.#values.field('wechat.qr_errcode', false);
    this.#ridField = this.#values.field('wechat.rid', false);
    this.#statusCodeField = this.#values.field('http.response.status_code', false);
    this.#loginStatusField = this.#values.field('login.status', false);
    this.#errorCodeField = this.#values.field('error.code', false);
    this.#serverField = this.#values.field('server.address', false);
    this.#queryField = this.#values.field('url.query', false);
    this.#podField = this.#values.field('k8s.pod.name', false);
  }

  schemas(): Record<string, number> {
    const counts: Record<string, number> = {};
    SCHEMAS.forEach((schema, index) => {
      if (this.#schemaCounts[index] > 0) counts[schema] = this.#schemaCounts[index];
    });
    return counts;
  }

  normalise(batch: RecordBatch, paths: PathTree): EventBatch {
    const events = this.#events;
    events.clear();
    events.idStart[0] = 0;
    events.valueStart[0] = 0;
    if (paths.generation !== this.#generation) {
      this.#generation = paths.generation;
      this.#uses = [];
    }
    if (this.#metAt.length < paths.size) this.#metAt = new Int32Array(paths.size * 2);
    this.#batch = batch;
    for (let row = 0; row < batch.rows; row += 1) this.#readRow(row, batch, paths);
    this.#batch = undefined;
    return events;
  }

  #useOf(node: number, paths: PathTree): PathUse | null {
    const use = fieldOf(paths.segments(node), this.#questions);
    const made = use === undefined ? null : this.#pathUse(use);
    this.#uses[node] = made;
    return made;
  }

  #pathUse(use: FieldUse): PathUse {
    const values = this.#values;
    const { field, alsoAs } = use;
    const isId = use.namespace >= 0;
    const isAsked = field !== undefined && (isId ? this.#askedOfIds.has(field) : use.asked);
    const isProse = use.role === FieldRole.text || use.role === FieldRole.event;
    // Prose is always made into values: keywords, errcodes and ids are looked for in it.
    const value =
      field !== undefined && (isAsked || isProse || ALWAYS_VALUES.has(use.role))
        ? values.field(field, isProse)
        : undefined;
    return {
      ...use,
      value,
      alsoValue: alsoAs === undefined ? undefined : values.field(alsoAs, false),
    };
  }

  #readRow(row: number, batch: RecordBatch, paths: PathTree): void {
    this.#resetRow();
    const events = this.#events;
    events.reserveEvent();
    events.ids = events.idStart[events.count];
    const { path, kind, inner, inScratch } = batch;
    const uses = this.#uses;
    const hash = this.#hash;
    const metAt = this.#metAt;
    const stamp = this.#row;
    const from = batch.entryStart[row];
    const until = batch.entryStart[row + 1];
    let marks = 0;
    let moreMarks = 0;
    let innerMarks = 0;
    let innerMoreMarks = 0;
    let contentHigh = 0;
    let contentLow = 0;
    const hasInner = until > from && inner[until - 1] === 1;
    // Backwards, because the last of duplicate keys and the inner record win.
    for (let entry = until - 1; entry >= from; entry -= 1) {
      const node = path[entry];
      let use = uses[node];
      if (use === undefined) use = this.#useOf(node, paths);
      if (use === null) continue;
      const met = metAt[node];
      const meeting = stamp | inner[entry];
      if (met === meeting || (met === (stamp | 1) && !SPEAKS_TWICE[use.role])) {
        if (use.role !== FieldRole.text) continue;
      }
      metAt[node] = meeting;
      const bytes = inScratch[entry] === 1 ? batch.scratch : batch.bytes;
      const start = batch.start[entry];
      const end = batch.end[entry];
      const isInner = inner[entry] === 1;
      if (hasInner && !isInner && use.role === FieldRole.text && holdsObject(bytes, start, end)) {
        continue;
      }
      if (use.marks !== NO_MARKS) {
        const entryMarks = marksOfEntry(use.marks, kind[entry], bytes[start]);
        if (isInner) {
          innerMarks |= entryMarks;
          innerMoreMarks |= use.marks.anyMore;
        } else {
          marks |= entryMarks;
          moreMarks |= use.marks.anyMore;
        }
      }
      if (kind[entry] === EntryKind.null) {
        if (use.role === FieldRole.code) this.#emptyCode = true;
        continue;
      }
      if (use.role === FieldRole.time) {
        if (kind[entry] <= EntryKind.number) this.#times.add(entry, use.rank);
        if (use.alsoValue === undefined) continue;
      }
      hash.ofBytes(bytes, start, end);
      const high = hash.high;
      const low = hash.low;
      // A sum, because the order of keys means nothing.
      contentHigh = (contentHigh + Math.imul(high ^ use.salt, 0x9e3779b1)) | 0;
      contentLow = (contentLow + Math.imul(low + use.salt, 0x85ebca77)) | 0;
      this.#readEntry(use, entry, kind[entry], bytes, start, end, high, low);
    }
    this.#contentHigh = contentHigh;
    this.#contentLow = contentLow;
    const innerIsRecord = hasInner && isLogRecord(innerMarks, innerMoreMarks);
    const schema = innerIsRecord
      ? schemaOf(innerMarks, innerMoreMarks)
      : schemaOf(marks, moreMarks);
    this.#schemaCounts[schema] += 1;
    this.#closeRow(row, schema, innerIsRecord);
  }

  #resetRow(): void {
    this.#row = (this.#row + 2) | 0;
    this.#times.count = 0;
    this.#severities.count = 0;
    this.#nanos = -1;
    this.#zoneEntry = -1;
    this.#severityNumber = Number.NaN;
    this.#factCount = 0;
    this.#stageValueCount = 0;
    this.#stageKeyHigh = 0;
    this.#stageKeyLow = 0;
    this.#hostHigh = 0;
    this.#hostLow = 0;
    this.#instanceRank = 9;
    this.#instanceEntry = -1;
    this.#errcodeSource = 9;
    if (this.#errcodes.length > 0) this.#errcodes.length = 0;
    if (this.#maybeErrcodes.length > 0) this.#maybeErrcodes.length = 0;
    this.#namesWechat = false;
    this.#stateInQuery = false;
    this.#codeInQuery = false;
    this.#emptyCode = false;
    this.#canMatch = false;
    this.#namedStage = -1;
    this.#namedOutcome = -1;
    this.#namedKind = -1;
    this.#pendingState = -1;
    this.#pendingUuid = -1;
    if (this.#counters.length > 0) this.#counters.length = 0;
  }

  #readEntry(
    use: PathUse,
    entry: number,
    kind: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    high: number,
    low: number,
  ): void {
    if (use.alsoValue !== undefined) {
      this.#addFact(this.#values.ofBytes(use.alsoValue, high, low, bytes, start, end));
    }
    const isText = kind === EntryKind.string;
    const isScalar = isText || kind === EntryKind.number;
    switch (use.role) {
      case FieldRole.marker:
        return;
      case FieldRole.time:
        return;
      case FieldRole.timeNanos:
        if (isScalar) this.#nanos = entry;
        return;
      case FieldRole.timeZone:
        if (isText) this.#zoneEntry = entry;
        return;
      case FieldRole.severity:
        if (isScalar) this.#severities.add(entry, use.rank);
        return;
      case FieldRole.severityNumber:
        if (isScalar) this.#severityNumber = levelNumber(bytes, start, end);
        return;
      case FieldRole.host:
        this.#hostHigh = (this.#hostHigh + high) | 0;
        this.#hostLow = (this.#hostLow + low) | 0;
        if (use.value !== undefined) {
          this.#addValue(use.value, bytes, start, end, high, low, use.rank);
        }
        this.#noteInstance(use, entry);
        return;
      case FieldRole.id:
        if (!isScalar || !this.#id.read(bytes, start, end)) return;
        this.#addReadId(use.namespace, start, end, high, low);
        if (this.#saysNothing(use)) return;
        break;
      case FieldRole.traceId:
        if (!isScalar || !this.#id.readTrace(bytes, start, end)) return;
        this.#addReadId(TRACE_NAMESPACE);
        if (use.value === undefined || use.value.slot < 0) return;
        break;
      case FieldRole.requestId:
        if (isScalar) this.#readRequestId(entry, bytes, start, end, high, low);
        break;
      case FieldRole.weakId:
        if (isText) this.#readWeakId(use.namespace, entry, bytes, start, end);
        break;
      case FieldRole.state:
        if (!isScalar) return;
        this.#readState(entry, bytes, start, end, high, low);
        if (this.#saysNothing(use)) return;
        break;
      case FieldRole.code:
        if (isScalar) this.#readCode(use, isText, bytes, start, end, high, low);
        return;
      case FieldRole.rid:
        if (isText) this.#readRid(entry, bytes, start, end, high, low);
        return;
      case FieldRole.value:
        break;
      case FieldRole.text:
        if (!isText || start === end) return;
        if (use.field === 'wechat.errmsg') this.#namesWechat = true;
        break;
      case FieldRole.url:
        if (isText) this.#readUrl(use, bytes, start, end);
        return;
      case FieldRole.link:
        if (isText) this.#addIdsOf(utf8.decode(bytes.subarray(start, end)));
        return;
      case FieldRole.query:
        if (isText) this.#readQuery(bytes, start, end);
        return;
      case FieldRole.status:
        if (isScalar) this.#readStatus(use, bytes, start, end, high, low);
        return;
      case FieldRole.event: {
        if (!isText || start === end) return;
        const field = isSentence(bytes, start, end) ? this.#messageField : this.#eventNameField;
        this.#addValue(field, bytes, start, end, high, low);
        return;
      }
      case FieldRole.errcode:
        if (isScalar && !this.#readErrcode(bytes, start, end)) {
          this.#addValue(this.#errorCodeField, bytes, start, end, high, low);
        }
        return;
      case FieldRole.errorCode:
        this.#addValue(this.#errorCodeField, bytes, start, end, high, low);
        if (isScalar) this.#maybeErrcode(bytes, start, end);
        return;
      case FieldRole.qrErrcode:
        if (isScalar) this.#readQrErrcode(bytes, start, end, high, low);
        return;
      case FieldRole.stage:
      case FieldRole.outcome:
      case FieldRole.kind:
        if (isScalar || kind === EntryKind.true || kind === EntryKind.false) {
          this.#readNamed(use, bytes, start, end, high, low);
        }
        return;
    }
    if (use.value !== undefined) {
      this.#addValue(use.value, bytes, start, end, high, low, use.rank);
    }
  }

  /** A random id is no value that a rule could ask for; making one for each login costs dearly. */
  #saysNothing(use: PathUse): boolean {
    return use.value === undefined || (use.value.slot < 0 && this.#id.isRandom());
  }

  /** Where no pod is named, the instance or host stands for it. */
  #noteInstance(use: PathUse, entry: number): void {
    if (use.field === 'k8s.pod.name') {
      this.#instanceRank = -1;
    } else if (use.field !== undefined && use.rank < 1) {
      const rank = use.field === 'service.instance.id' ? 0 : 1;
      if (rank >= this.#instanceRank) return;
      this.#instanceRank = rank;
      this.#instanceEntry = entry;
    }
  }

  #addInstance(): void {
    if (!this.#podField.asked || this.#instanceRank < 0 || this.#instanceEntry < 0) return;
    const batch = this.#batch!;
    const entry = this.#instanceEntry;
    const bytes = batch.inScratch[entry] === 1 ? batch.scratch : batch.bytes;
    this.#addPart(this.#podField, bytes, batch.start[entry], batch.end[entry]);
  }

  #addValue(
    field: ValueField,
    bytes: Uint8Array,
    start: number,
    end: number,
    high: number,
    low: number,
    rank = 0,
  ): Fact {
    const fact = this.#values.ofBytes(field, high, low, bytes, start, end);
    this.#addFact(fact, rank);
    if (fact.facts !== undefined) this.#addTextFacts(fact.facts, fact.text);
    return fact;
  }

  #addFact(fact: Fact, rank = 0): void {
    const facts = this.#rowFacts;
    const count = this.#factCount;
    for (let i = 0; i < count; i += 1) {
      if (facts[i].low === fact.low && facts[i].high === fact.high) {
        if (rank < this.#rowRanks[i]) this.#rowRanks[i] = rank;
        return;
      }
    }
    facts[count] = fact;
    this.#rowRanks[count] = rank;
    this.#factCount = count + 1;
    if (fact.canMatch) this.#canMatch = true;
    if (fact.stageValues.length > 0) this.#addStageValues(fact);
    for (let i = 0; i < fact.inside.length; i += 1) this.#addFact(fact.inside[i]);
  }

  #addStageValues(fact: Fact): void {
    const { stageValues } = fact;
    for (let i = 0; i < stageValues.length; i += 1) {
      this.#stageValues[this.#stageValueCount] = stageValues[i];
      this.#stageValueCount += 1;
    }
    this.#stageKeyHigh = (this.#stageKeyHigh + fact.stageKeyHigh) | 0;
    this.#stageKeyLow = (this.#stageKeyLow + fact.stageKeyLow) | 0;
  }

  #addTextFacts(facts: TextFacts, text: string): void {
    if (facts.namesWechat) this.#namesWechat = true;
    if (facts.errcode !== undefined) this.#addErrcode(facts.errcode.source, facts.errcode.code);
    const { found } = facts.ids;
    for (let i = 0; i < found.length; i += 1) {
      const id = found[i];
      this.#events.addId(id.namespace, id.high, id.low, this.#showIds ? id.text : '');
    }
    if (facts.ids.hasState && !AUTHORIZE.test(text)) {
      this.#stateInQuery = true;
      if (facts.ids.hasCode) this.#codeInQuery = true;
    }
  }

  #addErrcode(source: number, code: string): void {
    if (source > this.#errcodeSource) return;
    if (source < this.#errcodeSource) {
      this.#errcodeSource = source;
      this.#errcodes.length = 0;
    }
    if (!this.#errcodes.includes(code) && this.#errcodes.length < MAX_CANDIDATES) {
      this.#errcodes.push(code);
    }
  }

  /**
   * Adds the id that the reader holds. A trace id has its hash already; another id whose text is
   * the whole entry, from `start` to `end`, has the hash of the entry.
   */
  #addReadId(namespace: number, start = -1, end = -1, high = 0, low = 0): void {
    const id = this.#id;
    if (namespace === SCENE_NAMESPACE) id.dropPrefix(SCENE_PREFIX);
    if (namespace !== TRACE_NAMESPACE) {
      if (id.start === start && id.end === end) {
        id.hash.high = high;
        id.hash.low = low;
      } else {
        id.hashText();
      }
    }
    id.hash.salt(namespaceSalt(namespace));
    this.#events.addId(namespace, id.hash.high, id.hash.low, this.#showIds ? id.text() : '');
  }

  #addIdsOf(text: string): void {
    for (const { namespace, high, low, text: idText } of findIds(text).found) {
      this.#events.addId(namespace, high, low, this.#showIds ? idText : '');
    }
  }

  #readRequestId(
    entry: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    high: number,
    low: number,
  ): void {
    if (!this.#id.read(bytes, start, end)) return;
    if (this.#id.isCounter()) this.#counters.push(entry);
    else this.#addReadId(REQUEST_NAMESPACE, start, end, high, low);
  }

  #readWeakId(
    namespace: number,
    entry: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const id = this.#id;
    if (namespace === TRACE_NAMESPACE) {
      if (id.readTrace(bytes, start, end, true)) this.#addReadId(TRACE_NAMESPACE);
      return;
    }
    const minLength = namespace === TICKET_NAMESPACE ? 16 : 8;
    if (!id.readToken(bytes, start, end, minLength) || isUrl(bytes, start, end)) return;
    if (namespace === QRCODE_NAMESPACE) this.#pendingUuid = entry;
    else this.#addReadId(namespace);
  }

  #readState(
    entry: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    high: number,
    low: number,
  ): void {
    const id = this.#id;
    if (id.isStatusWord(bytes, start, end)) {
      if (start < end) this.#addValue(this.#loginStatusField, bytes, start, end, high, low);
    } else if (id.readToken(bytes, start, end, 6)) {
      this.#addReadId(STATE_NAMESPACE, start, end, high, low);
    } else if (id.read(bytes, start, end)) {
      this.#pendingState = entry;
    }
  }

  #readCode(
    use: PathUse,
    isText: boolean,
    bytes: Uint8Array,
    start: number,
    end: number,
    high: number,
    low: number,
  ): void {
    if (isText && !this.#id.read(bytes, start, end)) {
      this.#emptyCode = true;
      return;
    }
    if (isText && this.#id.readBareCode(bytes, start, end)) {
      this.#addReadId(CODE_NAMESPACE);
      if (use.value !== undefined) this.#addValue(use.value, bytes, start, end, high, low);
      return;
    }
    this.#addValue(this.#errorCodeField, bytes, start, end, high, low);
    this.#maybeErrcode(bytes, start, end);
  }

  #readRid(
    entry: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    high: number,
    low: number,
  ): void {
    if (end - start === 26 && RID.test(utf8.decode(bytes.subarray(start, end)))) {
      this.#namesWechat = true;
      this.#addValue(this.#ridField, bytes, start, end, high, low);
    } else {
      this.#readRequestId(entry, bytes, start, end, high, low);
    }
  }

  /** Splits a URL: its path is a value, its query is searched for ids and forgotten. */
  #readUrl(use: PathUse, bytes: Uint8Array, start: number, end: number): void {
    let pathEnd = start;
    while (pathEnd < end && bytes[pathEnd] !== 0x3f && bytes[pathEnd] !== 0x23) pathEnd += 1;
    if (pathEnd < end && bytes[pathEnd] === 0x3f) this.#readQuery(bytes, pathEnd + 1, end);
    let pathStart = start;
    const schemeEnd = schemeLength(bytes, start, pathEnd);
    if (schemeEnd > 0) {
      pathStart = start + schemeEnd;
      while (pathStart < pathEnd && bytes[pathStart] !== 0x2f) pathStart += 1;
      if (this.#serverField.asked)
        this.#addPart(this.#serverField, bytes, start + schemeEnd, pathStart);
    }
    if (use.value !== undefined && pathStart < pathEnd) {
      this.#addPart(use.value, bytes, pathStart, pathEnd);
    }
  }

  #addPart(field: ValueField, bytes: Uint8Array, start: number, end: number): void {
    this.#hash.ofBytes(bytes, start, end);
    this.#addValue(field, bytes, start, end, this.#hash.high, this.#hash.low);
  }

  #readQuery(bytes: Uint8Array, start: number, end: number): void {
    if (end - start < 3) return;
    const query = `?${utf8.decode(bytes.subarray(start, end))}`;
    const ids = findIds(query);
    for (const { namespace, high, low, text } of ids.found) {
      this.#events.addId(namespace, high, low, this.#showIds ? text : '');
    }
    if (ids.hasState && !AUTHORIZE.test(query)) {
      this.#stateInQuery = true;
      if (ids.hasCode) this.#codeInQuery = true;
    }
    // Rules about secrets in logs need to see that one stands here, not the secret itself.
    if (this.#library?.hasKeywords === true && SECRET.test(query)) {
      this.#addFact(this.#values.ofText(this.#queryField, masked(query)));
    }
  }

  #readStatus(
    use: PathUse,
    bytes: Uint8Array,
    start: number,
    end: number,
    high: number,
    low: number,
  ): void {
    const isLoginStatus = use.field === 'login.status';
    const number = levelNumber(bytes, start, end);
    if (Number.isNaN(number)) {
      if (end > start && end - start <= 64) {
        this.#addValue(this.#loginStatusField, bytes, start, end, high, low);
      }
    } else if (!isLoginStatus && number >= 100 && number <= 599) {
      if (this.#statusCodeField.asked) {
        this.#addValue(this.#statusCodeField, bytes, start, end, high, low);
      }
    } else if (isLoginStatus && use.value !== undefined) {
      this.#addValue(use.value, bytes, start, end, high, low);
    }
  }

  #readErrcode(bytes: Uint8Array, start: number, end: number): boolean {
    const code = integerText(bytes, start, end);
    if (code !== undefined) this.#addErrcode(ErrcodeSource.field, code);
    return code !== undefined;
  }

  /** A code under a general name is WeChat's when it is one of its codes and the line speaks of it. */
  #maybeErrcode(bytes: Uint8Array, start: number, end: number): void {
    const code = integerText(bytes, start, end);
    if (code === undefined || !WECHAT_CODES.has(Number(code))) return;
    if (this.#maybeErrcodes.length < MAX_CANDIDATES) this.#maybeErrcodes.push(code);
  }

  #readQrErrcode(bytes: Uint8Array, start: number, end: number, high: number, low: number): void {
    const code = integerText(bytes, start, end);
    if (code === undefined) return;
    if (LONG_POLL.has(Number(code))) {
      this.#addValue(this.#qrErrcodeField, bytes, start, end, high, low);
    } else {
      this.#addErrcode(ErrcodeSource.field, code);
    }
  }

  #readNamed(
    use: PathUse,
    bytes: Uint8Array,
    start: number,
    end: number,
    high: number,
    low: number,
  ): void {
    const fact = this.#values.ofBytes(use.value!, high, low, bytes, start, end);
    if (fact.named < 0) {
      // A step of another vocabulary is the name of an event: the wordings may know it.
      if (use.role === FieldRole.stage) {
        this.#addValue(this.#eventNameField, bytes, start, end, high, low);
      }
    } else if (use.role === FieldRole.stage) {
      this.#namedStage = Math.max(this.#namedStage, fact.named);
    } else if (use.role === FieldRole.outcome) {
      this.#namedOutcome = Math.max(this.#namedOutcome, fact.named);
    } else {
      this.#namedKind = Math.max(this.#namedKind, fact.named);
    }
    this.#addFact(fact);
  }

  #closeRow(row: number, schema: number, innerIsRecord: boolean): void {
    const timeMs = this.#timeOf(innerIsRecord);
    if (timeMs < this.minTimeMs) this.minTimeMs = timeMs;
    if (timeMs > this.maxTimeMs) this.maxTimeMs = timeMs;
    this.#closeErrcodes();
    this.#addInstance();
    this.#readCounters();
    const events = this.#events;
    const idsFrom = events.idStart[events.count];
    this.#addPresence(idsFrom);
    const rule = this.#stageRule();
    const stage =
      this.#namedStage >= 0 && rule?.certain !== true ? this.#namedStage + 1 : (rule?.stage ?? 0);
    this.#settlePending(stage, idsFrom);
    if (!this.#isAboutLogin(stage, idsFrom)) {
      events.ids = idsFrom;
      return;
    }
    const at = events.count;
    const severity = this.#severityOf(schema, innerIsRecord);
    events.line[at] = this.#batch!.line[row];
    events.timeMs[at] = timeMs;
    events.severity[at] = severity;
    events.stage[at] = stage;
    events.outcome[at] = stage === 0 ? SEEN : this.#outcomeOf(stage, rule, severity, idsFrom);
    events.kind[at] = this.#namedKind >= 0 ? this.#namedKind : (rule?.kind ?? 0);
    // The time in milliseconds stands for its field: a second delivery may word it otherwise.
    TIME[0] = Number.isNaN(timeMs) ? 0 : timeMs;
    this.#hash.mix(
      (this.#contentHigh + Math.imul(TIME_BITS[1], 0xc2b2ae35)) | 0,
      (this.#contentLow + Math.imul(TIME_BITS[0], 0x27d4eb2f)) | 0,
    );
    events.hashHigh[at] = this.#hash.high;
    events.hashLow[at] = this.#hash.low;
    this.#writeValues(schema);
    events.count = at + 1;
    events.idStart[at + 1] = events.ids;
    events.valueStart[at + 1] = events.values.length;
  }

  #timeOf(innerIsRecord: boolean): number {
    const { count, entry, rank } = this.#times;
    let best = Number.NaN;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i += 1) {
      const theirs = rank[i] + this.#outerPenalty(entry[i], innerIsRecord);
      if (theirs > bestRank) continue;
      const time = this.#readTimeAt(entry[i]);
      if (Number.isNaN(time)) continue;
      if (theirs < bestRank || time < best) {
        best = time;
        bestRank = theirs;
      }
    }
    return best;
  }

  /** The record that is the log line speaks first, be it the inner or the outer one. */
  #outerPenalty(entry: number, innerIsRecord: boolean): number {
    return (this.#batch!.inner[entry] === 1) === innerIsRecord ? 0 : 100;
  }

  #readTimeAt(entry: number): number {
    const batch = this.#batch!;
    const bytes = batch.inScratch[entry] === 1 ? batch.scratch : batch.bytes;
    const zone = this.#zoneEntry < 0 ? this.#zone : this.#zoneOf(this.#zoneEntry);
    const time = readTime(bytes, batch.start[entry], batch.end[entry], zone);
    if (this.#nanos < 0 || time % 1000 !== 0) return time;
    const nanoBytes = batch.inScratch[this.#nanos] === 1 ? batch.scratch : batch.bytes;
    const nanos = Number(
      utf8.decode(nanoBytes.subarray(batch.start[this.#nanos], batch.end[this.#nanos])),
    );
    return nanos >= 0 && nanos < 1e9 ? time + nanos / 1e6 : time;
  }

  /** The zone that stands beside a time, as Monolog 1 prints it. */
  #zoneOf(entry: number): Zone {
    const batch = this.#batch!;
    const bytes = batch.inScratch[entry] === 1 ? batch.scratch : batch.bytes;
    const name = utf8.decode(bytes.subarray(batch.start[entry], batch.end[entry]));
    let zone = this.#zones.get(name);
    if (zone === undefined) {
      try {
        zone = parseZone(name);
      } catch {
        zone = this.#zone;
      }
      if (this.#zones.size < 256) this.#zones.set(name, zone);
    }
    return zone;
  }

  #severityOf(schema: number, innerIsRecord: boolean): number {
    const batch = this.#batch!;
    const { count, entry, rank } = this.#severities;
    let best = UNKNOWN_SEVERITY;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i += 1) {
      const at = entry[i];
      const theirs = rank[i] + this.#outerPenalty(at, innerIsRecord);
      if (theirs > bestRank) continue;
      const bytes = batch.inScratch[at] === 1 ? batch.scratch : batch.bytes;
      const severity = readSeverity(schema, batch.kind[at], bytes, batch.start[at], batch.end[at]);
      if (severity === UNKNOWN_SEVERITY) continue;
      best = theirs === bestRank ? Math.max(best, severity) : severity;
      bestRank = theirs;
    }
    if (best !== UNKNOWN_SEVERITY) return best;
    if (!Number.isNaN(this.#severityNumber)) return severityOfOtelNumber(this.#severityNumber);
    // The compact format of Serilog leaves the level out where it is Information.
    return schema === CLEF ? INFO_SEVERITY : UNKNOWN_SEVERITY;
  }

  #closeErrcodes(): void {
    if (this.#namesWechat && this.#errcodeSource > ErrcodeSource.field) {
      for (const code of this.#maybeErrcodes) this.#addErrcode(ErrcodeSource.field, code);
    }
    for (const code of this.#errcodes) {
      this.#addFact(this.#values.ofText(this.#errcodeField, code));
    }
  }

  /** Short request ids count within their process only. */
  #readCounters(): void {
    if (this.#counters.length === 0 || (this.#hostHigh === 0 && this.#hostLow === 0)) return;
    const batch = this.#batch!;
    const id = this.#id;
    for (const entry of this.#counters) {
      const bytes = batch.inScratch[entry] === 1 ? batch.scratch : batch.bytes;
      id.read(bytes, batch.start[entry], batch.end[entry]);
      id.hashText();
      id.hash.mix(id.hash.high ^ this.#hostHigh, id.hash.low ^ this.#hostLow);
      id.hash.salt(namespaceSalt(REQUEST_NAMESPACE));
      this.#events.addId(
        REQUEST_NAMESPACE,
        id.hash.high,
        id.hash.low,
        this.#showIds ? id.text() : '',
      );
    }
  }

  #addPresence(idsFrom: number): void {
    const events = this.#events;
    for (let i = idsFrom; i < events.ids; i += 1) {
      const namespace = events.idNamespace[i];
      if (i > idsFrom && events.idNamespace[i - 1] === namespace) continue;
      const presence = this.#presence[namespace];
      if (presence !== undefined) this.#addStageValues(presence);
    }
  }

  #stageRule(): StageAnswer | undefined {
    const count = this.#stageValueCount;
    if (count === 0) return undefined;
    return this.#stageRules.match(this.#stageValues, count, this.#stageKeyHigh, this.#stageKeyLow);
  }

  /** Takes ids whose names leave doubt where the rest of the line takes it away. */
  #settlePending(stage: number, idsFrom: number): void {
    const batch = this.#batch!;
    const id = this.#id;
    if (this.#pendingState >= 0) {
      const entry = this.#pendingState;
      const bytes = batch.inScratch[entry] === 1 ? batch.scratch : batch.bytes;
      id.read(bytes, batch.start[entry], batch.end[entry]);
      const speaksOfState = stage === ISSUED || stage === CALLBACK || stage === EXCHANGE;
      if (this.#hasId(idsFrom, CODE_NAMESPACE) || (speaksOfState && id.isPlaceholderOrNumber())) {
        this.#addReadId(STATE_NAMESPACE);
      }
    }
    // Behind the callback a uuid may well be the user's.
    if (this.#pendingUuid >= 0 && stage > 0 && stage <= CALLBACK) {
      const entry = this.#pendingUuid;
      const bytes = batch.inScratch[entry] === 1 ? batch.scratch : batch.bytes;
      if (!this.#hasId(idsFrom, QRCODE_NAMESPACE)) {
        id.read(bytes, batch.start[entry], batch.end[entry]);
        this.#addReadId(QRCODE_NAMESPACE);
      }
    }
  }

  #hasId(idsFrom: number, namespace: number): boolean {
    const events = this.#events;
    for (let i = idsFrom; i < events.ids; i += 1) {
      if (events.idNamespace[i] === namespace) return true;
    }
    return false;
  }

  #isAboutLogin(stage: number, idsFrom: number): boolean {
    if (stage > 0 || this.#canMatch) return true;
    const events = this.#events;
    return events.ids > idsFrom && events.idNamespace[idsFrom] < FIRST_CARRIER_NAMESPACE;
  }

  #outcomeOf(
    stage: number,
    rule: StageAnswer | undefined,
    severity: number,
    idsFrom: number,
  ): number {
    if (this.#namedOutcome >= 0) return this.#namedOutcome;
    const said = saidOf(rule, stage);
    if (said !== SEEN && said !== OK) return said;
    for (const code of this.#errcodes) if (code !== '0') return FAILED;
    if (severity >= ERROR_SEVERITY) return FAILED;
    if (stage === CALLBACK && !this.#hasId(idsFrom, CODE_NAMESPACE)) {
      const hasState = this.#hasId(idsFrom, STATE_NAMESPACE);
      if (this.#stateInQuery && !this.#codeInQuery) return DENIED;
      if (hasState && this.#emptyCode) return DENIED;
    }
    return said;
  }

  /** True when a flow should keep another value of the field: one that a better path gives. */
  #isOutranked(index: number, schema: number): boolean {
    const fact = this.#rowFacts[index];
    for (let i = 0; i < this.#factCount; i += 1) {
      if (this.#rowFacts[i].slot === fact.slot && this.#rowRanks[i] < this.#rowRanks[index]) {
        return true;
      }
    }
    // GELF's own version, which is no release of the service.
    return schema === GELF && fact.field === 'service.version' && fact.text === '1.1';
  }

  /** Writes the values somebody asks for, in an order that does not depend on the keys'. */
  #writeValues(schema: number): void {
    const facts = this.#rowFacts;
    const { values } = this.#events;
    const from = values.length;
    for (let i = 0; i < this.#factCount; i += 1) {
      const fact = facts[i];
      if (!fact.wanted || (fact.slot >= 0 && this.#isOutranked(i, schema))) continue;
      let at = values.length;
      while (at > from && comesBefore(fact, values[at - 1] as Fact)) {
        values[at] = values[at - 1];
        at -= 1;
      }
      values[at] = fact;
    }
  }
}

/** Roles of which the outer record is heard beside the inner one, until it is known which is the log line. */
const SPEAKS_TWICE = Uint8Array.from(Object.values(FieldRole), (role) =>
  role === FieldRole.time || role === FieldRole.severity ? 1 : 0,
);

/** Roles whose entries are read as values whoever asks. */
const ALWAYS_VALUES: ReadonlySet<FieldRole> = new Set([
  FieldRole.url,
  FieldRole.stage,
  FieldRole.outcome,
  FieldRole.kind,
]);

/** A wording of another stage than the line names counts where it tells of an end or a failure. */
function saidOf(rule: StageAnswer | undefined, stage: number): number {
  if (rule === undefined || rule.stage === 0) return SEEN;
  return rule.stage === stage || rule.outcome !== OK ? rule.outcome : SEEN;
}

function comesBefore(a: Fact, b: Fact): boolean {
  return a.high !== b.high ? a.high < b.high : a.low < b.low;
}

function holdsObject(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && bytes[at] <= 0x20) at += 1;
  return at < end && bytes[at] === 0x7b;
}

/** Prose has blanks or letters beyond ASCII; names of events have neither. */
function isSentence(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === 0x20 || bytes[at] >= 0x80) return true;
  }
  return false;
}

function isUrl(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === 0x2f) return true;
  return false;
}

/** Length of `https://`, or 0 when the URL begins with its path. */
function schemeLength(bytes: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end - 2, start + 8);
  for (let at = start; at < limit; at += 1) {
    if (bytes[at] === 0x3a && bytes[at + 1] === 0x2f && bytes[at + 2] === 0x2f)
      return at + 3 - start;
  }
  return 0;
}

/** The text of a whole number of at most seven digits; undefined for anything else. */
function integerText(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > 8 || end === start) return undefined;
  const text = utf8.decode(bytes.subarray(start, end)).trim();
  return /^-?\d{1,7}$/.test(text) ? String(Number(text)) : undefined;
}

/** A query with the characters of its values replaced, kind by kind. */
function masked(query: string): string {
  return query.replace(/=([^&#]*)/g, (_, value: string) => {
    return `=${value
      .slice(0, 256)
      .replace(/[0-9a-f]/gi, '0')
      .replace(/[g-z]/gi, 'z')}`;
  });
}
