import { grown } from './grow.ts';

const NONE = 0xffffffff;

/** The distinct pairs of ids that stood in one event. */
export class EdgeSet {
  size = 0;
  from = new Uint32Array(1 << 10);
  to = new Uint32Array(1 << 10);
  #slots = new Uint32Array(1 << 11).fill(NONE);

  add(from: number, to: number): void {
    const mask = this.#slots.length - 1;
    let slot = mix(from, to) & mask;
    for (;;) {
      const edge = this.#slots[slot]!;
      if (edge === NONE) break;
      if (this.from[edge] === from && this.to[edge] === to) return;
      slot = (slot + 1) & mask;
    }
    const edge = this.size;
    this.from = grown(this.from, edge + 1);
    this.to = grown(this.to, edge + 1);
    this.from[edge] = from;
    this.to[edge] = to;
    this.#slots[slot] = edge;
    this.size = edge + 1;
    if (this.size * 3 > this.#slots.length * 2) this.#growSlots();
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2).fill(NONE);
    const mask = slots.length - 1;
    for (let edge = 0; edge < this.size; edge += 1) {
      let slot = mix(this.from[edge]!, this.to[edge]!) & mask;
      while (slots[slot] !== NONE) slot = (slot + 1) & mask;
      slots[slot] = edge;
    }
    this.#slots = slots;
  }
}

function mix(from: number, to: number): number {
  let h = Math.imul(from, 0x9e3779b1) ^ Math.imul(to, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 12);
}
