const NEWLINE = 0x0a;

/** Tells in which line of a text a position stands; quickly, where positions move on. */
export class LineCounter {
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #firstLine = 1;
  #line = 1;
  #last = 0;
  /** The first newline that no line was counted for. */
  #next = 0;

  /** @param line number of the line in which `start` stands */
  enter(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#firstLine = line;
    this.#line = line;
    this.#last = start;
    this.#next = this.#newlineFrom(start);
  }

  lineOf(at: number): number {
    if (at < this.#last) this.enter(this.#bytes, this.#start, this.#end, this.#firstLine);
    this.#last = at;
    while (this.#next < at) {
      this.#line += 1;
      this.#next = this.#newlineFrom(this.#next + 1);
    }
    return this.#line;
  }

  #newlineFrom(at: number): number {
    const found = this.#bytes.indexOf(NEWLINE, at);
    return found === -1 ? this.#end : found;
  }
}
