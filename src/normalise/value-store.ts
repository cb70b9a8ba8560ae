import { FLOW_KINDS, STAGES, STEP_OUTCOMES, type Value } from '../model/index.ts';
import type { DetectionIndex, KnownValue } from '../sigma/index.ts';
import type { AccessLine } from './access-line.ts';
import { Hash64 } from './hash.ts';
import { boundedText, factsOfPath, factsOfText, type TextFacts } from './text-facts.ts';
import type { TextId } from './text-ids.ts';
import { isAboutAuthorizing } from './url-parts.ts';
import { wordsOf } from './words.ts';

/** A value with everything the normaliser needs to know of it. */
export interface Fact extends Value {
  /** Tells it from others of a row: values of one field that have the same effect and hold no ids are one. */
  readonly high: number;
  readonly low: number;
  /** What events hold of it; undefined when no rule, breakdown or filter may ask for it. */
  readonly wanted: Value | undefined;
  /** True when a rule of the library may match because of it. */
  readonly canMatch: boolean;
  /** How the stage rules see it; empty when none of their leaves holds. */
  readonly stageValues: readonly KnownValue[];
  readonly stageKeyHigh: number;
  readonly stageKeyLow: number;
  readonly facts: TextFacts | undefined;
  /** Values that the text holds, such as the status of an access line. */
  readonly inside: readonly Fact[];
  /** Index of the stage, outcome or flow kind that the text names; -1 for none. */
  readonly named: number;
  /** The ids in the text and in the values inside it. */
  readonly ids: readonly TextId[];
  /** Hash of all that follows from the value, its ids aside: of the value itself where its text is read. */
  readonly effectHigh: number;
  readonly effectLow: number;
}

/** A field that values are made of. */
export interface ValueField {
  readonly name: string;
  readonly salt: number;
  readonly slot: number;
  readonly asked: boolean;
  readonly isProse: boolean;
  /** The path of a URL, which may hold the id of a QR code. */
  readonly isPath: boolean;
  readonly hasWords: boolean;
  /** Somebody reads the texts of its values. */
  readonly isInFull: boolean;
  readonly names: ReadonlyMap<string, number> | undefined;
}

/** The rule library, as far as values are judged by it one by one. */
export type LeafSource = Pick<DetectionIndex, 'fields' | 'hasKeywords' | 'leavesOf' | 'canMatch'>;

export interface ValueStoreOptions {
  readonly library: LeafSource | undefined;
  readonly stageRules: LeafSource;
  readonly keep: readonly string[];
  /** Fields whose texts are read, beside those that are kept; undefined for all. */
  readonly inFull: ReadonlySet<string> | undefined;
}

/** Field that stage rules read instead of `message` or `event.name`, to see plain words. */
export const WORDS_FIELD = 'words';

const SHORT_BITS = 14;
const LONG_BITS = 8;
const WITH_IDS_BITS = 6;
/** Texts longer than this go to a small table of their own, so that they cannot fill the memory. */
const LONG_TEXT = 512;
/** Shared values that are kept; when there are more, all are forgotten and made anew. */
const MAX_SHARED = 1 << 13;

/**
 * Values by field and hash. A log may hold millions of texts of which the same few things follow:
 * those without ids share one value then, and making one leaves nothing behind.
 */
export class ValueStore {
  readonly #library: LeafSource | undefined;
  readonly #stageRules: LeafSource;
  readonly #slots: ReadonlyMap<string, number>;
  readonly #inFull: ReadonlySet<string> | undefined;
  readonly #fields = new Map<string, ValueField>();
  readonly #short = new FactTable(SHORT_BITS);
  readonly #long = new FactTable(LONG_BITS);
  /** Texts with ids seldom come again, but the row they stand in may be read again at once. */
  readonly #withIds = new FactTable(WITH_IDS_BITS);
  /** Values that hold no ids, by their effect. */
  readonly #shared = new Map<number, Fact>();
  readonly #hash = new Hash64();

  constructor(options: ValueStoreOptions) {
    this.#library = options.library;
    this.#stageRules = options.stageRules;
    this.#inFull = options.inFull;
    this.#slots = new Map(options.keep.map((field, index) => [field, index]));
  }

  field(name: string, isProse: boolean): ValueField {
    const key = isProse ? `${name} ` : name;
    const known = this.#fields.get(key);
    if (known !== undefined) return known;
    this.#hash.ofText(name);
    const slot = this.#slots.get(name) ?? -1;
    const asked =
      slot >= 0 || this.#library?.fields.has(name) === true || this.#stageRules.fields.has(name);
    const field: ValueField = {
      name,
      salt: this.#hash.low,
      slot,
      asked,
      isProse,
      isPath: name === 'url.path',
      hasWords: name === 'message' || name === 'event.name',
      isInFull: slot >= 0 || this.#inFull?.has(name) !== false,
      names: NAMES_BY_FIELD.get(name),
    };
    this.#fields.set(key, field);
    return field;
  }

  /** The value of some bytes whose hash is known. */
  ofBytes(
    field: ValueField,
    high: number,
    low: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Fact {
    const hash = this.#hash;
    hash.high = high;
    hash.low = low;
    hash.salt(field.salt);
    const table = end - start > LONG_TEXT ? this.#long : this.#short;
    const saltedHigh = hash.high;
    const saltedLow = hash.low;
    const known = table.find(saltedHigh, saltedLow) ?? this.#withIds.find(saltedHigh, saltedLow);
    if (known !== undefined) return known;
    const fact = this.#make(field, saltedHigh, saltedLow, textOf(bytes, start, end));
    (fact.ids.length === 0 ? table : this.#withIds).add(saltedHigh, saltedLow, fact);
    return fact;
  }

  ofText(field: ValueField, text: string): Fact {
    const bytes = encoder.encode(text);
    this.#hash.ofBytes(bytes, 0, bytes.length);
    return this.ofBytes(field, this.#hash.high, this.#hash.low, bytes, 0, bytes.length);
  }

  /** The value that stands for the mere presence of a field, for stage rules that ask whether it exists. */
  presence(name: string): Fact {
    return this.ofText(this.field(name, false), 'present');
  }

  #make(field: ValueField, high: number, low: number, whole: string): Fact {
    const text = boundedText(whole);
    const { name, slot } = field;
    const leaves = this.#library?.leavesOf(name, text) ?? NO_LEAVES;
    const facts = field.isProse ? factsOfText(text) : field.isPath ? factsOfPath(text) : undefined;
    const stageValues = this.#stageValues(field, text, facts?.access);
    const inside = facts === undefined ? NO_FACTS : this.#inside(facts);
    const named = field.names?.get(plainWord(text)) ?? -1;
    const ids = facts === undefined ? NO_TEXT_IDS : idsOf(facts, inside);
    const hash = this.#hash;
    let stageKeyHigh = 0;
    let stageKeyLow = 0;
    if (stageValues.length > 0) {
      hash.mix(stageValues.length, 0);
      for (const value of stageValues) for (const leaf of value.leaves) hash.salt(leaf + 1);
      stageKeyHigh = hash.high;
      stageKeyLow = hash.low;
    }
    hash.high = high;
    hash.low = low;
    const wanted = this.#wanted(field, text, leaves);
    const isRead = wanted !== undefined && field.isInFull;
    if (!isRead) {
      hash.mix(stageKeyHigh ^ field.salt, stageKeyLow);
      hash.salt(named);
      for (const leaf of leaves) hash.salt(leaf);
      if (facts !== undefined) hashFacts(hash, facts, inside, text);
    }
    const effectHigh = hash.high;
    const effectLow = hash.low;
    const isShared = !isRead && ids.length === 0;
    const shared = isShared ? this.#shared.get(effectLow) : undefined;
    if (shared?.effectHigh === effectHigh) return shared;
    const fact: Fact = {
      field: name,
      text,
      leaves,
      slot,
      high: isShared ? effectHigh : high,
      low: isShared ? effectLow : low,
      wanted,
      canMatch: leaves.length > 0 && this.#library?.canMatch(leaves) === true,
      stageValues,
      stageKeyHigh,
      stageKeyLow,
      facts,
      inside,
      named,
      ids,
      effectHigh,
      effectLow,
    };
    // Long texts would fill the memory, by what is cut out of them even.
    if (isShared && whole.length <= LONG_TEXT) {
      if (this.#shared.size === MAX_SHARED) this.#shared.clear();
      this.#shared.set(effectLow, fact);
    }
    return fact;
  }

  #wanted(field: ValueField, text: string, leaves: readonly number[]): Value | undefined {
    const { name, slot, isInFull } = field;
    const isAsked = slot >= 0 || (isInFull && this.#library?.fields.has(name) === true);
    if (!isAsked && leaves.length === 0) return undefined;
    return { field: name, text: isInFull ? text : '', leaves, slot };
  }

  #stageValues(
    field: ValueField,
    text: string,
    request: AccessLine | undefined,
  ): readonly KnownValue[] {
    const rules = this.#stageRules;
    const values: KnownValue[] = [];
    const add = (name: string, said: string): void => {
      const leaves = rules.leavesOf(name, said);
      if (leaves.length > 0) values.push({ field: name, text: said, leaves });
    };
    add(field.name, text);
    if (field.hasWords && rules.fields.has(WORDS_FIELD)) {
      // The words of a path are no words about what happened; rules for paths read `url.path`.
      const said =
        request === undefined ? text : text.slice(0, request.start) + text.slice(request.end);
      add(WORDS_FIELD, wordsOf(said));
    }
    return values.length === 0 ? NO_VALUES : values;
  }

  #inside(facts: TextFacts): readonly Fact[] {
    const inside: Fact[] = [];
    const add = (name: string, text: string | undefined): void => {
      if (text === undefined) return;
      const field = this.field(name, false);
      if (field.asked) inside.push(this.ofText(field, text));
    };
    add('wechat.rid', facts.rid);
    add('wechat.errmsg', facts.errmsg);
    add('wechat.qr_errcode', facts.qrErrcode);
    add('http.request.method', facts.access?.method);
    add('url.path', facts.access?.path);
    add('http.response.status_code', facts.access?.status);
    return inside.length === 0 ? NO_FACTS : inside;
  }
}

/** Adds what follows from what a text says, its ids aside. */
function hashFacts(hash: Hash64, facts: TextFacts, inside: readonly Fact[], text: string): void {
  const { ids, errcode, namesWechat } = facts;
  hash.salt(errcode === undefined ? -1 : errcode.source);
  hash.salt(errcode === undefined ? 0 : Number(errcode.code));
  hash.salt(namesWechat ? 1 : 0);
  if (ids.hasState) hash.salt(isAboutAuthorizing(text) ? 1 : ids.hasCode ? 2 : 3);
  for (const { namespace } of ids.found) hash.salt(namespace);
  for (const { effectHigh, effectLow } of inside) {
    hash.salt(effectHigh);
    hash.salt(effectLow);
  }
}

function idsOf(facts: TextFacts, inside: readonly Fact[]): readonly TextId[] {
  const { found } = facts.ids;
  if (inside.every((fact) => fact.ids.length === 0)) return found;
  return [...found, ...inside.flatMap((fact) => fact.ids)];
}

/**
 * Facts by hash, a bounded number. Of the two places for a hash, the second is given up for a new
 * one and the first is kept by one that was found twice, so that a flood of unique texts leaves the
 * common ones alone.
 */
class FactTable {
  readonly #mask: number;
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  readonly #facts: (Fact | undefined)[];

  constructor(bits: number) {
    this.#mask = (1 << bits) - 1;
    this.#high = new Int32Array(2 << bits);
    this.#low = new Int32Array(2 << bits);
    this.#facts = new Array(2 << bits).fill(undefined);
  }

  find(high: number, low: number): Fact | undefined {
    const place = (low & this.#mask) << 1;
    if (this.#isAt(place, high, low)) return this.#facts[place];
    if (!this.#isAt(place + 1, high, low)) return undefined;
    const found = this.#facts[place + 1];
    this.#put(place + 1, this.#high[place], this.#low[place], this.#facts[place]);
    this.#put(place, high, low, found);
    return found;
  }

  add(high: number, low: number, fact: Fact): void {
    this.#put(((low & this.#mask) << 1) + 1, high, low, fact);
  }

  #isAt(place: number, high: number, low: number): boolean {
    return this.#low[place] === low && this.#high[place] === high;
  }

  #put(place: number, high: number, low: number, fact: Fact | undefined): void {
    this.#high[place] = high;
    this.#low[place] = low;
    this.#facts[place] = fact;
  }
}

const NO_TEXT_IDS: readonly TextId[] = [];
const NO_LEAVES: readonly number[] = [];
const NO_VALUES: readonly KnownValue[] = [];
const NO_FACTS: readonly Fact[] = [];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Short ASCII texts are made without the decoder, whose call costs more than they do. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 12) return decoder.decode(bytes.subarray(start, end));
  let text = '';
  for (let at = start; at < end; at += 1) {
    if (bytes[at] >= 0x80) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(bytes[at]);
  }
  return text;
}

function plainWord(text: string): string {
  return text.length > 40 ? '' : text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function named(
  names: readonly string[],
  more: Readonly<Record<string, string>>,
): ReadonlyMap<string, number> {
  const map = new Map(names.map((name, index) => [name, index]));
  for (const [name, others] of Object.entries(more)) {
    for (const other of others.split(' ')) map.set(other, names.indexOf(name));
  }
  return map;
}

/** Words by which logs name a stage, an outcome or a kind of login themselves. */
const NAMES_BY_FIELD = new Map<string, ReadonlyMap<string, number>>([
  [
    'login.stage',
    named(STAGES, {
      issued: 'issue qrissued qrcreated qrcodecreated',
      polled: 'poll polling statuspolled',
      scanned: 'qrscanned',
      confirmed: 'qrconfirmed',
      callback: 'oauthcallback wechatcallback',
      exchange: 'tokenexchange codeexchange',
      userinfo: 'fetchuserinfo getuserinfo',
      persist: 'persisted saveuser usersaved',
      session: 'sessioncreated createsession',
    }),
  ],
  [
    'login.outcome',
    named(STEP_OUTCOMES, {
      ok: 'success succeeded successful succeed completed pass passed true 成功',
      failed: 'fail failure error errored false 失败',
      cancelled: 'canceled cancel usercancelled usercanceled 取消',
      denied: 'deny refused accessdenied 拒绝',
      expired: 'expire timeout 过期',
    }),
  ],
  [
    'login.kind',
    named(FLOW_KINDS, {
      qr: 'qrcode scan website web officialaccount wechat weixin wechatqr mp open qrlogin scanlogin 扫码',
      password: 'pwd account passwordlogin 密码',
      refresh: 'refreshtoken tokenrefresh',
      profile: 'userprofile',
    }),
  ],
]);
