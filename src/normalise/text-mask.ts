import type { RowRepeater } from '../decode/index.ts';
import { EntryKind } from '../model/index.ts';
import type { Entry } from './entry.ts';
import { FieldRole } from './field-role.ts';
import { Hash64 } from './hash.ts';
import type { PathUse } from './path-use.ts';
import { isSentence } from './sentence.ts';
import { findIds, type TextId } from './text-ids.ts';
import { isAboutAuthorizing, partsOfUrl, readQuery } from './url-parts.ts';
import type { Fact, ValueField, ValueStore } from './value-store.ts';

/** Roles of paths whose entries are known by what follows from them. */
const TEXT_ROLES: ReadonlySet<FieldRole> = new Set([
  FieldRole.text,
  FieldRole.event,
  FieldRole.url,
  FieldRole.link,
  FieldRole.query,
]);

/** True for a path whose entries {@link TextMask} has to look at. */
export function holdsText({ role, alsoValue }: Pick<PathUse, 'role' | 'alsoValue'>): boolean {
  return TEXT_ROLES.has(role) && alsoValue === undefined;
}

/**
 * Texts are of endless variety (they hold durations, names and ids), but little follows from most
 * of them: no rule, the same stage, an id. A text is known to its row's template by a hash of what
 * follows from it, and its ids are the row's own.
 */
export class TextMask {
  /** Hash of what follows from the text, its ids aside. */
  high = 0;
  low = 0;
  /** The ids inside it. */
  ids: readonly TextId[] = NO_IDS;
  readonly #values: ValueStore;
  readonly #hash = new Hash64();
  readonly #messageField: ValueField;
  readonly #eventNameField: ValueField;
  readonly #serverField: ValueField;
  readonly #repeater: RowRepeater | undefined;
  /** Rules look for secrets in query strings. */
  readonly #hasKeywords: boolean;

  constructor(values: ValueStore, hasKeywords: boolean, repeater: RowRepeater | undefined) {
    this.#repeater = repeater;
    this.#values = values;
    this.#hasKeywords = hasKeywords;
    this.#messageField = values.field('message', true);
    this.#eventNameField = values.field('event.name', false);
    this.#serverField = values.field('server.address', false);
  }

  /**
   * Reads an entry of a path, which must have been hashed.
   * @returns false for one of which all belongs to the template.
   */
  of(use: PathUse, node: number, entry: Entry): boolean {
    if (entry.kind !== EntryKind.string || entry.start === entry.end) return false;
    switch (use.role) {
      case FieldRole.text:
        this.#takeFact(node, entry, this.#factOf(use.value!, entry));
        return true;
      case FieldRole.event:
        this.#takeFact(
          node,
          entry,
          this.#factOf(isSentence(entry) ? this.#messageField : this.#eventNameField, entry),
        );
        return true;
      case FieldRole.url:
        return this.#readUrl(use, node, entry);
      case FieldRole.link:
        this.#begin();
        this.#addIds(findIds(entry.text()).found);
        return true;
      case FieldRole.query:
        this.#begin();
        return this.#addQuery(entry, entry.start);
      default:
        return false;
    }
  }

  #factOf(field: ValueField, { high, low, bytes, start, end }: Entry): Fact {
    return this.#values.ofBytes(field, high, low, bytes, start, end);
  }

  #takeFact(node: number, hash: Hash, fact: Fact): void {
    this.#learn(node, hash, fact);
    this.high = fact.effectHigh;
    this.low = fact.effectLow;
    this.ids = fact.ids;
  }

  /** Tells the kernel of a text that holds no ids. */
  #learn(node: number, hash: Hash, { ids, effectHigh, effectLow }: Fact): void {
    if (ids.length > 0) return;
    this.#repeater?.learnText(node, hash, { high: effectHigh, low: effectLow });
  }

  #readUrl(use: PathUse, node: number, entry: Entry): boolean {
    const { pathStart, pathEnd, serverStart, queryStart } = partsOfUrl(entry);
    this.#begin();
    if (queryStart >= 0 && !this.#addQuery(entry, queryStart)) return false;
    if (serverStart >= 0 && this.#serverField.asked) {
      this.#addPart(this.#serverField, entry, serverStart, pathStart);
    }
    if (use.value !== undefined && pathStart < pathEnd) {
      this.#addPart(use.value, entry, pathStart, pathEnd, node);
    }
    return true;
  }

  /** @param node of the path under which the kernel is told of the part, if at all */
  #addPart(field: ValueField, { bytes }: Entry, start: number, end: number, node?: number): void {
    const hash = this.#hash;
    hash.ofBytes(bytes, start, end);
    const { high, low } = hash;
    const fact = this.#values.ofBytes(field, high, low, bytes, start, end);
    if (node !== undefined) this.#learn(node, { high, low }, fact);
    this.#add(fact.effectHigh);
    this.#add(fact.effectLow);
    this.#addIds(fact.ids);
  }

  /** @returns false when a secret may stand in the query, which rules want to see. */
  #addQuery(entry: Entry, start: number): boolean {
    const query = readQuery(entry, start);
    if (query === undefined) return true;
    if (this.#hasKeywords && query.mayHoldSecret) return false;
    const { ids, text } = query;
    if (ids.hasState) this.#add(isAboutAuthorizing(text) ? 1 : ids.hasCode ? 2 : 3);
    this.#addIds(ids.found);
    return true;
  }

  #begin(): void {
    this.high = 0;
    this.low = 0;
    this.ids = NO_IDS;
  }

  #addIds(ids: readonly TextId[]): void {
    this.#add(ids.length);
    if (ids.length === 0) return;
    for (const { namespace } of ids) this.#add(namespace);
    this.ids = this.ids.length === 0 ? ids : [...this.ids, ...ids];
  }

  #add(what: number): void {
    const hash = this.#hash;
    hash.high = this.high;
    hash.low = this.low;
    hash.salt(what);
    this.high = hash.high;
    this.low = hash.low;
  }
}

type Hash = Pick<Hash64, 'high' | 'low'>;

const NO_IDS: readonly TextId[] = [];
