/** A line on its way into a file, at the moment the file gets it. */
export interface Emission {
  readonly emitMs: number;
  /** Breaks ties, so that the order is total. */
  readonly serial: number;
  readonly file: string;
  readonly text: string;
}

/** A binary heap: gives out emissions by time however they came in. */
export class EmissionQueue {
  readonly #heap: Emission[] = [];

  push(emission: Emission): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(emission);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(emission, heap[parent] as Emission)) break;
      heap[at] = heap[parent] as Emission;
      at = parent;
    }
    heap[at] = emission;
  }

  /** Takes out, in order, everything that is due before `untilMs`. */
  *drain(untilMs: number): Generator<Emission> {
    while (this.#heap.length > 0 && (this.#heap[0] as Emission).emitMs < untilMs) yield this.#pop();
  }

  #pop(): Emission {
    const heap = this.#heap;
    const top = heap[0] as Emission;
    const last = heap.pop() as Emission;
    const size = heap.length;
    if (size === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && before(heap[child + 1] as Emission, heap[child] as Emission)) child++;
      if (!before(heap[child] as Emission, last)) break;
      heap[at] = heap[child] as Emission;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function before(a: Emission, b: Emission): boolean {
  return a.emitMs < b.emitMs || (a.emitMs === b.emitMs && a.serial < b.serial);
}
