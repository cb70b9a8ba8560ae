import { EntryKind } from '../../model/index.ts';
import { resolveEscapes } from '../escapes.ts';
import type { JsonReader } from './json-reader.ts';
import type { SpanRows } from './span-rows.ts';

/** Adds values of JSON to the open row. */
export class JsonValues {
  readonly #json: JsonReader;
  readonly #rows: SpanRows;
  #key = new Uint8Array(256);

  constructor(json: JsonReader, rows: SpanRows) {
    this.#json = json;
    this.#rows = rows;
  }

  /**
   * The node of the string just read, as a name below `parent`.
   * @param before node of the name that came before it; 0 for the first
   */
  node(parent: number, before = 0): number {
    const { bytes, start, stop, isEscaped } = this.#json;
    if (!isEscaped) return this.#rows.attribute(parent, before, bytes, start, stop);
    if (stop - start > this.#key.length) this.#key = new Uint8Array((stop - start) * 2);
    const end = resolveEscapes(bytes, start, stop, this.#key, 0);
    return this.#rows.attribute(parent, before, this.#key, 0, end);
  }

  /**
   * Reads a string here that names a field below `parent`.
   * @param before node of the name that came before it, by which it is guessed; 0 for the first
   * @returns its node; -1 for what is no string
   */
  readName(parent: number, before: number): number {
    const json = this.#json;
    const { paths } = this.#rows.out;
    if (json.peek() === 0x22) {
      const guess = paths.guess(parent, before, json.bytes, json.at + 1);
      if (guess >= 0 && json.passText(paths.plainLength(guess))) return guess;
    }
    if (!json.readText()) return -1;
    return this.node(parent, before);
  }

  /** Adds the scalar just read. */
  add(node: number, kind: EntryKind): void {
    const { start, stop, isEscaped } = this.#json;
    if (kind === EntryKind.string) this.addText(node, start, stop, isEscaped);
    else this.#rows.add(node, kind, 0, start, stop);
  }

  /** Adds a string that was read before. */
  addText(node: number, start: number, stop: number, isEscaped: boolean): void {
    if (isEscaped) this.#addResolved(node, start, stop);
    else this.#rows.add(node, EntryKind.string, 0, start, stop);
  }

  /** Reads a string here and adds it, unless it is empty. */
  readText(node: number): void {
    const json = this.#json;
    if (json.readText() && json.stop > json.start) this.add(node, EntryKind.string);
  }

  /** Reads a number, or a string that holds one, and adds it as a number. */
  readNumber(node: number): void {
    const json = this.#json;
    if (json.readText()) this.#rows.add(node, EntryKind.number, 0, json.start, json.stop);
  }

  /** Reads any value: members of objects are fields below `node`, elements share it. */
  readValue(node: number): void {
    const json = this.#json;
    const first = json.peek();
    if (first === 0x7b) {
      json.enterObject();
      while (json.nextKey()) this.readValue(this.node(node));
    } else if (first === 0x5b) {
      json.enterArray();
      while (json.nextItem()) this.readValue(node);
    } else {
      const kind = json.readScalar();
      if (kind >= 0) this.add(node, kind as EntryKind);
    }
  }

  #addResolved(node: number, start: number, stop: number): void {
    if (!this.#rows.wants(node)) return;
    const { columns } = this.#rows;
    columns.reserveScratch(stop - start);
    const from = columns.scratchUsed;
    const to = resolveEscapes(this.#json.bytes, start, stop, columns.scratch, from);
    columns.scratchUsed = to;
    this.#rows.add(node, EntryKind.string, 1, from, to);
  }
}
