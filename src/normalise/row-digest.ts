import type { RecordBatch } from '../model/index.ts';
import type { Entry } from './entry.ts';
import type { PathUse } from './entry-reader.ts';
import { MAX_IDS } from './event-columns.ts';
import { FieldRole } from './field-role.ts';
import { contentHigh, contentLow, Hash64 } from './hash.ts';
import { IdMask, Mask } from './mask.ts';
import type { PathUses } from './path-uses.ts';
import { marksOfEntry, NO_MARKS } from './schema.ts';

/** Rows with more masked entries than this have no template. */
const MAX_MASKED = MAX_IDS / 2;

/**
 * What a row says beside its ids and times, as a 64-bit hash: rows of one digest are read alike in
 * everything else. It is made of every entry that anybody looks at, in the order of the record:
 * of its path, its kind and whether it stands in an inner record, and then either of its text or,
 * where {@link Mask} leaves the text out, of how it is masked.
 */
export class RowDigest {
  high = 0;
  low = 0;
  /** The masked entries, times aside: the first `count` of each column. */
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
  /** The row at which a path of ids was met. */
  #metAt = new Int32Array(1 << 10);
  #stamp = 0;

  constructor(entry: Entry, uses: PathUses) {
    this.#entry = entry;
    this.#uses = uses;
  }

  /** @returns false for a row that has to be read by itself: which of its ids count is not plain. */
  read(row: number, batch: RecordBatch): boolean {
    const entry = this.#entry;
    const uses = this.#uses;
    const hash = this.#hash;
    const { path, kind, inner } = batch;
    const from = batch.entryStart[row];
    const until = batch.entryStart[row + 1];
    this.count = 0;
    this.contentHigh = 0;
    this.contentLow = 0;
    this.#stamp = (this.#stamp + 1) | 0;
    let a = until > from ? inner[until - 1] : 0;
    let b = 0x2545f491;
    for (let index = from; index < until; index += 1) {
      const node = path[index];
      const use = uses.of(node);
      if (use === null) continue;
      entry.moveTo(index);
      let tag = kind[index] | (inner[index] << 3);
      if (use.marks !== NO_MARKS) {
        tag ^= Math.imul(
          marksOfEntry(use.marks, kind[index], entry.bytes[entry.start]),
          0x27d4eb2f,
        );
      }
      a ^= Math.imul(node, 0x9e3779b1) ^ tag;
      if (use.role === FieldRole.time && use.alsoValue === undefined) {
        b = (b + 0x3c6ef372) | 0;
      } else {
        entry.hashWith(hash);
        const mask = use.maskable ? this.#mask(use, node) : Mask.none;
        if (mask < 0) return false;
        a ^= mask === Mask.none ? entry.high : Math.imul(mask, 0x85ebca77);
        b = (b + (mask === Mask.none ? entry.low : mask)) | 0;
      }
      a = Math.imul(a, 0x7feb352d);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b ^ a, 0x846ca68b);
      b = (b << 17) | (b >>> 15);
    }
    hash.mix(a, b);
    this.high = hash.high;
    this.low = hash.low;
    return true;
  }

  /** @returns -1 when the row is not to have a template. */
  #mask(use: PathUse, node: number): number {
    if (this.#metAt.length <= node) {
      const metAt = new Int32Array(node * 2);
      metAt.set(this.#metAt);
      this.#metAt = metAt;
    }
    // Of a path that stands twice, only one entry counts.
    if (this.#metAt[node] === this.#stamp) return -1;
    this.#metAt[node] = this.#stamp;
    const entry = this.#entry;
    const ids = this.#ids;
    const mask = use.role === FieldRole.timeNanos ? Mask.time : ids.of(use, entry);
    if (mask === Mask.none) return mask;
    const at = this.count;
    if (at === MAX_MASKED) return -1;
    this.entry[at] = entry.index;
    this.mask[at] = mask;
    this.namespace[at] = ids.namespace;
    this.idHigh[at] = ids.hash.high;
    this.idLow[at] = ids.hash.low;
    this.count = at + 1;
    this.contentHigh = (this.contentHigh + contentHigh(entry.high, use.salt)) | 0;
    this.contentLow = (this.contentLow + contentLow(entry.low, use.salt)) | 0;
    return mask;
  }
}
