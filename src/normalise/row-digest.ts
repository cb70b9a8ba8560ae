import type { RowRepeater } from '../decode/index.ts';
import type { RecordBatch } from '../model/index.ts';
import { type Entry, holdsObject } from './entry.ts';
import { MAX_IDS } from './event-columns.ts';
import { FieldRole } from './field-role.ts';
import { contentHigh, contentLow, Hash64 } from './hash.ts';
import { IdMask, Mask } from './mask.ts';
import { DigestAs, type PathUse } from './path-use.ts';
import type { PathUses } from './path-uses.ts';
import { marksOfEntry, NO_MARKS } from './schema.ts';
import type { TextMask } from './text-mask.ts';

/** Rows with more masked entries than this have no template. */
const MAX_MASKED = MAX_IDS / 2;

/**
 * What a row says beside its ids and times, as a 64-bit hash: rows of one digest are read alike in
 * everything else. It is made of every entry that anybody looks at, in the order of the record:
 * of its path, its kind and whether it stands in an inner record, and of its text, as far as
 * {@link DigestAs} says.
 */
export class RowDigest {
  high = 0;
  low = 0;
  /** The ids that were left out: the first `count` of each column. */
  count = 0;
  readonly entry = new Int32Array(MAX_MASKED);
  readonly mask = new Uint8Array(MAX_MASKED);
  readonly namespace = new Uint8Array(MAX_MASKED);
  readonly idHigh = new Int32Array(MAX_MASKED);
  readonly idLow = new Int32Array(MAX_MASKED);
  /** What the masked entries add to the content hash. */
  contentHigh = 0;
  contentLow = 0;
  readonly #entry: Entry;
  readonly #uses: PathUses;
  readonly #hash = new Hash64();
  readonly #ids = new IdMask();
  readonly #texts: TextMask;
  /** The row at which a path was met of which one entry counts. */
  #metAt = new Int32Array(1 << 10);
  #stamp = 0;
  #a = 0;
  #b = 0;

  constructor(entry: Entry, uses: PathUses, texts: TextMask) {
    this.#entry = entry;
    this.#uses = uses;
    this.#texts = texts;
  }

  /** Takes the digest of the row at which the kernel stopped. */
  take(row: RowRepeater): void {
    this.high = row.high;
    this.low = row.low;
    this.contentHigh = row.contentHigh;
    this.contentLow = row.contentLow;
    this.count = row.masked;
    this.entry.set(row.maskedEntry);
    this.mask.set(row.mask);
    this.namespace.set(row.namespace);
    this.idHigh.set(row.idHigh);
    this.idLow.set(row.idLow);
  }

  /**
   * Has the kernel learn what follows from a text.
   * @returns false for one that it cannot learn: it holds ids
   */
  teach(index: number, node: number): boolean {
    const use = this.#uses.of(node);
    const entry = this.#entry;
    const texts = this.#texts;
    entry.moveTo(index);
    entry.hashWith(this.#hash);
    if (use === null || !texts.of(use, node, entry)) return false;
    return texts.ids.length === 0 || use.role === FieldRole.url;
  }

  /**
   * @returns false for a row that has to be read by itself, because it is not plain which of its
   * entries count.
   */
  read(row: number, batch: RecordBatch): boolean {
    const entry = this.#entry;
    const uses = this.#uses;
    const { path, kind, inner } = batch;
    const from = batch.entryStart[row];
    const until = batch.entryStart[row + 1];
    const hasInner = until > from && inner[until - 1] === 1;
    this.count = 0;
    this.contentHigh = 0;
    this.contentLow = 0;
    this.#stamp = (this.#stamp + 1) | 0;
    this.#a = hasInner ? 1 : 0;
    this.#b = 0x2545f491;
    for (let index = from; index < until; index += 1) {
      const node = path[index];
      const use = uses.of(node);
      if (use === null) continue;
      entry.moveTo(index);
      let tag = Math.imul(node, 0x9e3779b1) ^ kind[index] ^ (inner[index] << 3);
      if (hasInner && inner[index] === 0 && use.role === FieldRole.text && holdsObject(entry)) {
        this.#add(tag, Skipped, Skipped);
        continue;
      }
      if (use.marks !== NO_MARKS) {
        const first = entry.bytes[entry.start];
        tag ^= Math.imul(marksOfEntry(use.marks, kind[index], first), 0x27d4eb2f);
      }
      if (!this.#addEntry(use, index - from, node, tag)) return false;
    }
    const hash = this.#hash;
    hash.mix(this.#a, this.#b);
    this.high = hash.high;
    this.low = hash.low;
    return true;
  }

  /** @param place of the entry in its row: a template finds times by it, whatever is ignored between */
  #addEntry(use: PathUse, place: number, node: number, tag: number): boolean {
    const { digestAs } = use;
    if (digestAs === DigestAs.time) {
      this.#add(tag, 0, place);
      return true;
    }
    const entry = this.#entry;
    entry.hashWith(this.#hash);
    switch (digestAs) {
      case DigestAs.id:
        return this.#isFirst(node) && this.#addId(use, tag);
      case DigestAs.text:
        return (
          (use.role === FieldRole.text || this.#isFirst(node)) && this.#addText(use, node, tag)
        );
      case DigestAs.timePart:
        if (!this.#isFirst(node)) return false;
        this.#addContent(use);
        this.#add(tag, 0, place);
        return true;
      default:
        this.#add(tag, entry.high, entry.low);
        return true;
    }
  }

  #addId(use: PathUse, tag: number): boolean {
    const entry = this.#entry;
    const ids = this.#ids;
    const mask = ids.of(use, entry);
    if (mask === Mask.none) {
      this.#add(tag, entry.high, entry.low);
      return true;
    }
    this.#addContent(use);
    this.#add(tag, 0, mask);
    return this.#keep(mask, ids.namespace, ids.hash.high, ids.hash.low);
  }

  #addText(use: PathUse, node: number, tag: number): boolean {
    const entry = this.#entry;
    const texts = this.#texts;
    if (!texts.of(use, node, entry)) {
      this.#add(tag, entry.high, entry.low);
      return true;
    }
    this.#addContent(use);
    this.#add(tag ^ Mask.text, texts.high, texts.low);
    for (const { namespace, high, low } of texts.ids) {
      if (!this.#keep(Mask.text, namespace, high, low)) return false;
    }
    return true;
  }

  #add(tag: number, high: number, low: number): void {
    let a = Math.imul(this.#a ^ high ^ tag, 0x7feb352d);
    a = (a << 13) | (a >>> 19);
    const b = Math.imul((this.#b + low) ^ a, 0x846ca68b);
    this.#a = a;
    this.#b = (b << 17) | (b >>> 15);
  }

  #addContent({ salt }: PathUse): void {
    const { high, low } = this.#entry;
    this.contentHigh = (this.contentHigh + contentHigh(high, salt)) | 0;
    this.contentLow = (this.contentLow + contentLow(low, salt)) | 0;
  }

  /** Of a path that stands twice only one entry counts; which one is for the reader to say. */
  #isFirst(node: number): boolean {
    if (this.#metAt.length <= node) {
      const metAt = new Int32Array(node * 2);
      metAt.set(this.#metAt);
      this.#metAt = metAt;
    }
    if (this.#metAt[node] === this.#stamp) return false;
    this.#metAt[node] = this.#stamp;
    return true;
  }

  /** @returns false when there is no room. */
  #keep(mask: Mask, namespace: number, high: number, low: number): boolean {
    const at = this.count;
    if (at === MAX_MASKED) return false;
    this.entry[at] = this.#entry.index;
    this.mask[at] = mask;
    this.namespace[at] = namespace;
    this.idHigh[at] = high;
    this.idLow[at] = low;
    this.count = at + 1;
    return true;
  }
}

/** Stands for the text of an outer record that holds the inner one. */
const Skipped = 0x5bd1e995;
