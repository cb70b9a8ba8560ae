import { EntryKind } from '../model/index.ts';
import type { Entry } from './entry.ts';
import { ErrcodeSource } from './errcode-text.ts';
import type { EventColumns } from './event-columns.ts';
import { FieldRole } from './field-role.ts';
import { Hash64 } from './hash.ts';
import { IdReader } from './id-text.ts';
import { NAMESPACE, namespaceSalt } from './namespace.ts';
import type { PathUse } from './path-use.ts';
import type { Row } from './row.ts';
import { isSentence } from './sentence.ts';
import { levelNumber } from './severity.ts';
import { findIds, isPlatformRid, SCENE_PREFIX } from './text-ids.ts';
import { partsOfUrl, readQuery } from './url-parts.ts';
import type { Fact, ValueField, ValueStore } from './value-store.ts';
import { WECHAT_CODES } from './wechat-codes.ts';

export interface EntryReaderOptions {
  readonly row: Row;
  readonly entry: Entry;
  readonly events: EventColumns;
  readonly values: ValueStore;
  readonly showIds: boolean;
  /** Rules look for keywords in every value. */
  readonly hasKeywords: boolean;
}

const LONG_POLL: ReadonlySet<number> = new Set([402, 403, 404, 405, 408, 500]);
/** Text of the value that stands for every random id. */
const RANDOM_ID = '…';
/** A status in words is no longer than this many bytes. */
const MAX_STATUS_BYTES = 64;

/** Reads one entry of a record after the other, each as its path wants it, into the row. */
export class EntryReader {
  readonly id: IdReader = new IdReader();
  readonly hash: Hash64 = new Hash64();
  readonly podField: ValueField;
  readonly #row: Row;
  readonly #entry: Entry;
  readonly #events: EventColumns;
  readonly #values: ValueStore;
  readonly #showIds: boolean;
  readonly #hasKeywords: boolean;
  readonly #messageField: ValueField;
  readonly #eventNameField: ValueField;
  readonly #qrErrcodeField: ValueField;
  readonly #ridField: ValueField;
  readonly #statusCodeField: ValueField;
  readonly #loginStatusField: ValueField;
  readonly #errorCodeField: ValueField;
  readonly #serverField: ValueField;
  readonly #queryField: ValueField;
  /** By namespace. */
  readonly #randomIds: Fact[] = [];

  constructor({ row, entry, events, values, showIds, hasKeywords }: EntryReaderOptions) {
    this.#row = row;
    this.#entry = entry;
    this.#events = events;
    this.#values = values;
    this.#showIds = showIds;
    this.#hasKeywords = hasKeywords;
    this.#messageField = values.field('message', true);
    this.#eventNameField = values.field('event.name', false);
    this.#qrErrcodeField = values.field('wechat.qr_errcode', false);
    this.#ridField = values.field('wechat.rid', false);
    this.#statusCodeField = values.field('http.response.status_code', false);
    this.#loginStatusField = values.field('login.status', false);
    this.#errorCodeField = values.field('error.code', false);
    this.#serverField = values.field('server.address', false);
    this.#queryField = values.field('url.query', false);
    this.podField = values.field('k8s.pod.name', false);
  }

  /** Reads the entry that is entered; times and markers are not for here. */
  read(use: PathUse): void {
    const entry = this.#entry;
    const row = this.#row;
    this.#events.origin = entry.index;
    if (use.alsoValue !== undefined) this.#addValue(use.alsoValue);
    const { isText, isScalar } = entry;
    switch (use.role) {
      case FieldRole.marker:
      case FieldRole.time:
        return;
      case FieldRole.timeNanos:
        if (isScalar) row.nanosEntry = entry.index;
        return;
      case FieldRole.timeZone:
        if (isText) row.zoneEntry = entry.index;
        return;
      case FieldRole.severity:
        if (isScalar) row.severities.add(entry.index, use.rank);
        return;
      case FieldRole.severityNumber:
        if (isScalar) row.severityNumber = levelNumber(entry.bytes, entry.start, entry.end);
        return;
      case FieldRole.host:
        row.hostHigh = (row.hostHigh + entry.high) | 0;
        row.hostLow = (row.hostLow + entry.low) | 0;
        this.#noteInstance(use);
        break;
      case FieldRole.id:
        if (!isScalar || !this.id.read(entry.bytes, entry.start, entry.end)) return;
        this.#addReadId(use.namespace);
        this.#addIdValue(use);
        return;
      case FieldRole.traceId:
        if (!isScalar || !this.id.readTrace(entry.bytes, entry.start, entry.end)) return;
        this.#addReadId(NAMESPACE.trace_id);
        this.#addIdValue(use);
        return;
      case FieldRole.requestId:
        if (isScalar) this.#readRequestId();
        break;
      case FieldRole.weakId:
        if (isText) this.#readWeakId(use.namespace);
        break;
      case FieldRole.state:
        if (!isScalar) return;
        this.#readState();
        this.#addIdValue(use);
        return;
      case FieldRole.code:
        if (isScalar) this.#readCode(use);
        return;
      case FieldRole.rid:
        if (isText) this.#readRid();
        return;
      case FieldRole.value:
        break;
      case FieldRole.text:
        if (!isText || entry.start === entry.end) return;
        if (use.field === 'wechat.errmsg') row.namesWechat = true;
        break;
      case FieldRole.url:
        if (isText) this.#readUrl(use);
        return;
      case FieldRole.link:
        if (isText) row.addIds(findIds(entry.text()).found);
        return;
      case FieldRole.query:
        if (isText) this.#readQuery(entry.start);
        return;
      case FieldRole.status:
        if (isScalar) this.#readStatus(use);
        return;
      case FieldRole.event:
        if (!isText || entry.start === entry.end) return;
        this.#addValue(isSentence(entry) ? this.#messageField : this.#eventNameField);
        return;
      case FieldRole.errcode:
        if (isScalar) this.#readErrcode();
        return;
      case FieldRole.errorCode:
        this.#addValue(this.#errorCodeField);
        if (isScalar) this.#readMaybeErrcode();
        return;
      case FieldRole.qrErrcode:
        if (isScalar) this.#readQrErrcode();
        return;
      case FieldRole.stage:
      case FieldRole.outcome:
      case FieldRole.kind:
        if (entry.kind !== EntryKind.null) this.#readNamed(use);
        return;
    }
    if (use.value !== undefined) this.#addValue(use.value, use.rank);
  }

  /** Adds the whole entry as a value. */
  #addValue(field: ValueField, rank = 0): void {
    const { high, low, bytes, start, end } = this.#entry;
    this.#row.addFact(this.#values.ofBytes(field, high, low, bytes, start, end), rank);
  }

  /** Adds a part of the entry as a value. */
  #addPart(field: ValueField, start: number, end: number): void {
    const { bytes } = this.#entry;
    const { hash } = this;
    hash.ofBytes(bytes, start, end);
    this.#row.addFact(this.#values.ofBytes(field, hash.high, hash.low, bytes, start, end));
  }

  /** Where no pod is named, the instance or host stands for it. */
  #noteInstance(use: PathUse): void {
    const row = this.#row;
    if (use.field === 'k8s.pod.name') {
      row.instanceRank = -1;
    } else if (use.field !== undefined && use.rank < 1) {
      const rank = use.field === 'service.instance.id' ? 0 : 1;
      if (rank >= row.instanceRank) return;
      row.instanceRank = rank;
      row.instanceEntry = this.#entry.index;
    }
  }

  addInstance(): void {
    const { instanceRank, instanceEntry } = this.#row;
    if (!this.podField.asked || instanceRank < 0 || instanceEntry < 0) return;
    this.#entry.returnTo(instanceEntry, this.hash);
    this.#addValue(this.podField);
  }

  /**
   * Adds an id as a value where a rule or a breakdown asks for it. One random id is to a rule like
   * any other, and making a value for each login costs dearly: they share one.
   */
  #addIdValue(use: PathUse): void {
    const { value, namespace } = use;
    if (value === undefined) return;
    if (value.slot < 0 && this.id.isRandom()) {
      this.#randomIds[namespace] ??= this.#values.ofText(value, RANDOM_ID);
      this.#row.addFact(this.#randomIds[namespace]);
    } else {
      this.#addValue(value, use.rank);
    }
  }

  /**
   * Adds the id that was read. A trace id has its hash already; another id whose text is the whole
   * entry has the hash of the entry.
   */
  #addReadId(namespace: number): void {
    const { id } = this;
    const entry = this.#entry;
    if (namespace === NAMESPACE['login.scene']) id.dropPrefix(SCENE_PREFIX);
    if (namespace !== NAMESPACE.trace_id) id.hashWithin(entry);
    id.hash.salt(namespaceSalt(namespace));
    this.#events.addId(namespace, id.hash.high, id.hash.low, this.#showIds ? id.text() : '');
  }

  /** Reads an entry again whose id had to wait for the rest of the line. */
  addPendingId(index: number, namespace: number): void {
    this.readPendingId(index);
    this.#addReadId(namespace);
  }

  readPendingId(index: number): void {
    const entry = this.#entry;
    this.#events.origin = index;
    entry.returnTo(index, this.hash);
    this.id.read(entry.bytes, entry.start, entry.end);
  }

  /** Short request ids count within their process only. */
  addCounters(): void {
    const { counters, hostHigh, hostLow } = this.#row;
    if (counters.length === 0 || (hostHigh === 0 && hostLow === 0)) return;
    const { id } = this;
    for (const index of counters) {
      this.readPendingId(index);
      id.hashText();
      id.hash.mix(id.hash.high ^ hostHigh, id.hash.low ^ hostLow);
      id.hash.salt(namespaceSalt(NAMESPACE.request_id));
      const text = this.#showIds ? id.text() : '';
      this.#events.addId(NAMESPACE.request_id, id.hash.high, id.hash.low, text);
    }
  }

  #readRequestId(): void {
    const { bytes, start, end, index } = this.#entry;
    if (!this.id.read(bytes, start, end)) return;
    if (this.id.isCounter()) this.#row.counters.push(index);
    else this.#addReadId(NAMESPACE.request_id);
  }

  #readWeakId(namespace: number): void {
    const { id } = this;
    const { bytes, start, end, index } = this.#entry;
    if (namespace === NAMESPACE.trace_id) {
      if (id.readTrace(bytes, start, end, true)) this.#addReadId(namespace);
      return;
    }
    if (!id.readWeakToken(namespace, bytes, start, end)) return;
    if (namespace === NAMESPACE['login.qrcode_id']) this.#row.pendingUuid = index;
    else this.#addReadId(namespace);
  }

  #readState(): void {
    const { id } = this;
    const { bytes, start, end, index } = this.#entry;
    if (id.isStatusWord(bytes, start, end)) {
      if (start < end) this.#addValue(this.#loginStatusField);
    } else if (id.readToken(bytes, start, end, 6)) {
      this.#addReadId(NAMESPACE['login.state']);
    } else if (id.read(bytes, start, end)) {
      this.#row.pendingState = index;
    }
  }

  #readCode(use: PathUse): void {
    const { id } = this;
    const { bytes, start, end, isText } = this.#entry;
    if (isText && !id.read(bytes, start, end)) {
      this.#row.emptyCode = true;
    } else if (isText && id.readBareCode(bytes, start, end)) {
      this.#addReadId(NAMESPACE['login.code']);
      this.#addIdValue(use);
    } else {
      this.#addValue(this.#errorCodeField);
      this.#readMaybeErrcode();
    }
  }

  #readRid(): void {
    if (isPlatformRid(this.#entry)) {
      this.#row.namesWechat = true;
      this.#addValue(this.#ridField);
    } else {
      this.#readRequestId();
    }
  }

  /** Splits a URL: its path is a value, its query is searched for ids and forgotten. */
  #readUrl(use: PathUse): void {
    const entry = this.#entry;
    const { serverStart, pathStart, pathEnd, queryStart } = partsOfUrl(entry);
    if (queryStart >= 0) this.#readQuery(queryStart);
    if (serverStart >= 0 && this.#serverField.asked) {
      this.#addPart(this.#serverField, serverStart, pathStart);
    }
    if (use.value !== undefined && pathStart < pathEnd) {
      this.#addPart(use.value, pathStart, pathEnd);
    }
  }

  #readQuery(start: number): void {
    const query = readQuery(this.#entry, start);
    if (query === undefined) return;
    const { text, ids } = query;
    this.#row.addIds(ids.found);
    if (ids.hasState) this.#row.noteQuery(text, ids.hasCode);
    // Rules about secrets in logs need to see that one stands here, not the secret itself.
    if (this.#hasKeywords && query.mayHoldSecret) {
      this.#row.addFact(this.#values.ofText(this.#queryField, masked(text)));
    }
  }

  #readStatus(use: PathUse): void {
    const { bytes, start, end } = this.#entry;
    const isLoginStatus = use.field === 'login.status';
    const number = levelNumber(bytes, start, end);
    if (Number.isNaN(number)) {
      if (end > start && end - start <= MAX_STATUS_BYTES) this.#addValue(this.#loginStatusField);
    } else if (isLoginStatus) {
      if (use.value !== undefined) this.#addValue(use.value);
    } else if (number >= 100 && number <= 599 && this.#statusCodeField.asked) {
      this.#addValue(this.#statusCodeField);
    }
  }

  #readErrcode(): void {
    const code = this.#entry.integer();
    if (code === undefined) this.#addValue(this.#errorCodeField);
    else this.#row.addErrcode(ErrcodeSource.field, code);
  }

  /** A code under a general name is WeChat's when it is one of its codes and the line speaks of it. */
  #readMaybeErrcode(): void {
    const code = this.#entry.integer();
    if (code !== undefined && WECHAT_CODES.has(Number(code))) this.#row.addMaybeErrcode(code);
  }

  #readQrErrcode(): void {
    const code = this.#entry.integer();
    if (code === undefined) return;
    if (LONG_POLL.has(Number(code))) this.#addValue(this.#qrErrcodeField);
    else this.#row.addErrcode(ErrcodeSource.field, code);
  }

  #readNamed(use: PathUse): void {
    const row = this.#row;
    const { high, low, bytes, start, end } = this.#entry;
    const fact = this.#values.ofBytes(use.value!, high, low, bytes, start, end);
    row.addFact(fact);
    if (use.role === FieldRole.stage) {
      // A step of another vocabulary is the name of an event: the wordings may know it.
      if (fact.named < 0) this.#addValue(this.#eventNameField);
      row.namedStage = Math.max(row.namedStage, fact.named);
    } else if (use.role === FieldRole.outcome) {
      row.namedOutcome = Math.max(row.namedOutcome, fact.named);
    } else {
      row.namedKind = Math.max(row.namedKind, fact.named);
    }
  }
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
