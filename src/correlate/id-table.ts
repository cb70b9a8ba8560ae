import { grown } from './grow.ts';

/** Namespace of the nodes that stand for two ids seen together instead of for one id. */
export const PAIR_NAMESPACE = 0xff;

const NONE = 0xffffffff;

/**
 * Every id seen, as a dense number, found by its 64-bit hash. The hash is salted by namespace,
 * so equal texts of two namespaces are two ids.
 */
export class IdTable {
  size = 0;
  high = new Uint32Array(1 << 10);
  low = new Uint32Array(1 << 10);
  namespace = new Uint8Array(1 << 10);
  /** Bit `s` is set when the id stood in an event of stage `s`. */
  stages = new Uint16Array(1 << 10);
  #slots = new Uint32Array(1 << 11).fill(NONE);

  add(namespace: number, high: number, low: number): number {
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    for (;;) {
      const node = this.#slots[slot]!;
      if (node === NONE) break;
      if (this.low[node] === low && this.high[node] === high) return node;
      slot = (slot + 1) & mask;
    }
    const node = this.size;
    this.#reserve(node + 1);
    this.high[node] = high;
    this.low[node] = low;
    this.namespace[node] = namespace;
    this.#slots[slot] = node;
    this.size = node + 1;
    if (this.size * 3 > this.#slots.length * 2) this.#growSlots();
    return node;
  }

  /** The number of a known id, or undefined. */
  find(high: number, low: number): number | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const node = this.#slots[slot]!;
      if (node === NONE) return undefined;
      if (this.low[node] === low && this.high[node] === high) return node;
    }
  }

  #reserve(length: number): void {
    if (length <= this.high.length) return;
    this.high = grown(this.high, length);
    this.low = grown(this.low, length);
    this.namespace = grown(this.namespace, length);
    this.stages = grown(this.stages, length);
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2).fill(NONE);
    const mask = slots.length - 1;
    for (let node = 0; node < this.size; node += 1) {
      let slot = this.low[node]! & mask;
      while (slots[slot] !== NONE) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}
