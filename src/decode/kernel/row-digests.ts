import type { RecordBatch } from '../../model/index.ts';
import { ROWS_PER_BATCH } from '../record-columns.ts';
import type { KernelExports } from './exports.ts';
import type { Kernel } from './kernel.ts';

const ENTRIES = 1 << 16;
const NODES = 1 << 12;

/** How the entries of a path go into a digest; see `assembly/plans.ts`. */
export interface DigestPlan {
  readonly digestAs: number;
  readonly role: number;
  readonly namespace: number;
  readonly isAsked: boolean;
  readonly isProse: boolean;
  readonly salt: number;
  /** By the kind of the entry; undefined where its presence says nothing. */
  readonly marks:
    | {
        readonly number: number;
        readonly upper: number;
        readonly text: number;
        readonly other: number;
      }
    | undefined;
}

/**
 * The digests of the rows in the kernel's columns. What they are is for the normaliser to say; the
 * kernel only computes as it does.
 */
export class RowDigests {
  /** By row; 0 for a row that the host has to digest. */
  readonly isDigested: Uint8Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly contentHigh: Int32Array;
  readonly contentLow: Int32Array;
  /** Row `r` owns the masked ids from `maskedStart[r]` up to `maskedStart[r + 1]`. */
  readonly maskedStart: Int32Array;
  readonly maskedEntry: Int32Array;
  readonly mask: Uint8Array;
  readonly namespace: Uint8Array;
  readonly idHigh: Int32Array;
  readonly idLow: Int32Array;
  readonly #exports: KernelExports;
  readonly #kernel: Kernel;
  #owner: object | undefined;

  constructor(exports: KernelExports, kernel: Kernel) {
    const { buffer } = exports.memory;
    const words = (place: { readonly value: number }, length: number) =>
      new Int32Array(buffer, place.value, length);
    const bytes = (place: { readonly value: number }, length: number) =>
      new Uint8Array(buffer, place.value, length);
    this.#exports = exports;
    this.#kernel = kernel;
    this.isDigested = bytes(exports.isDigested, ROWS_PER_BATCH);
    this.high = words(exports.digestHigh, ROWS_PER_BATCH);
    this.low = words(exports.digestLow, ROWS_PER_BATCH);
    this.contentHigh = words(exports.contentHigh, ROWS_PER_BATCH);
    this.contentLow = words(exports.contentLow, ROWS_PER_BATCH);
    this.maskedStart = words(exports.maskedStart, ROWS_PER_BATCH + 1);
    this.maskedEntry = words(exports.maskedEntry, ENTRIES);
    this.mask = bytes(exports.mask, ENTRIES);
    this.namespace = bytes(exports.namespace, ENTRIES);
    this.idHigh = words(exports.idHigh, ENTRIES);
    this.idLow = words(exports.idLow, ENTRIES);
  }

  /**
   * Tells who asks for digests: plans and texts are those of one normaliser at a time.
   * @returns true when that was another one before.
   */
  enter(owner: object): boolean {
    const isOther = this.#owner !== owner;
    this.#owner = owner;
    return isOther;
  }

  /** Forgets all plans and texts: nodes mean other paths now. */
  clear(): void {
    this.#exports.clearPlans();
    this.#exports.clearTexts();
  }

  plan(node: number, plan: DigestPlan): void {
    if (node >= NODES) return;
    const { digestAs, role, namespace, isAsked, isProse, salt, marks } = plan;
    this.#exports.setPlan(node, digestAs, role, namespace, +isAsked, +isProse, salt);
    if (marks === undefined) return;
    this.#exports.setMarks(node, marks.number, marks.upper, marks.text, marks.other);
  }

  /** Remembers what follows from a text; only for one without ids. */
  learnText(
    node: number,
    hash: { readonly high: number; readonly low: number },
    effect: { readonly high: number; readonly low: number },
  ): void {
    this.#exports.learnText(node, hash.high, hash.low, effect.high, effect.low);
  }

  /** @returns false for a batch that does not stand in the kernel's memory. */
  digest(batch: RecordBatch): boolean {
    const kernel = this.#kernel;
    if (batch !== kernel.columns || !kernel.holdsBatch) return false;
    this.#exports.digest(batch.rows);
    return true;
  }
}
