import { EntryKind } from '../../model/index.ts';
import type { JsonReader } from '../telemetry/json-reader.ts';
import type { JsonValues } from '../telemetry/json-values.ts';
import { type Place, passOver, returnTo } from '../telemetry/place.ts';
import type { SpanRows } from '../telemetry/span-rows.ts';
import { In, KEYS, Key } from './json-keys.ts';

/** Adds attributes of OTLP/JSON to the open row: keys with values that name their types. */
export class JsonAttributes {
  readonly #json: JsonReader;
  readonly #rows: SpanRows;
  readonly #values: JsonValues;

  constructor(json: JsonReader, rows: SpanRows, values: JsonValues) {
    this.#json = json;
    this.#rows = rows;
    this.#values = values;
  }

  #next(before: number): number {
    return this.#json.nextMeaning(KEYS, before);
  }

  /** Reads a list of keys with values; some write an object instead. */
  readAttributes(parent: number): void {
    const json = this.#json;
    if (json.peek() === 0x7b) {
      this.#values.readValue(parent);
      return;
    }
    this.#readKeyValues(parent);
  }

  #readKeyValues(parent: number): void {
    const json = this.#json;
    if (!json.enterArray()) return;
    for (let before = 0; json.nextItem(); ) before = this.#readKeyValue(parent, before);
  }

  /**
   * @param before node of the key before, behind which the same one comes again as a rule
   * @returns the node of the key
   */
  #readKeyValue(parent: number, before: number): number {
    const json = this.#json;
    let node = -1;
    let early: Place | undefined;
    if (!json.enterObject()) return 0;
    for (let key = this.#next(In.keyValue); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.key:
          node = this.#values.readName(parent, before);
          break;
        case Key.value:
          if (node >= 0) this.readValue(node);
          else early = passOver(json);
          break;
        default:
          json.skip();
      }
    }
    if (early !== undefined && node >= 0) returnTo(json, [early], () => this.readValue(node));
    return Math.max(0, node);
  }

  /** Reads a value that names its type, as the field of the node. */
  readValue(node: number): void {
    const json = this.#json;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.anyValue); key >= 0; key = this.#next(key)) {
      switch (key) {
        case Key.string: {
          const kind = json.readScalar();
          if (kind === EntryKind.string) this.#values.add(node, kind);
          else if (kind < 0) json.skip();
          break;
        }
        case Key.bool: {
          const kind = json.readScalar();
          if (kind === EntryKind.true || kind === EntryKind.false) this.#values.add(node, kind);
          else if (kind < 0) json.skip();
          break;
        }
        case Key.integer:
        case Key.double:
          if (json.readText()) this.#rows.add(node, numberKind(json), 0, json.start, json.stop);
          break;
        case Key.array:
          this.#readArray(node);
          break;
        case Key.map:
          this.#readMap(node);
          break;
        default:
          json.skip();
      }
    }
  }

  #readArray(node: number): void {
    const json = this.#json;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.list); key >= 0; key = this.#next(key)) {
      if (key !== Key.values) json.skip();
      else if (json.enterArray()) while (json.nextItem()) this.readValue(node);
    }
  }

  #readMap(node: number): void {
    const json = this.#json;
    if (!json.enterObject()) return;
    for (let key = this.#next(In.list); key >= 0; key = this.#next(key)) {
      if (key === Key.values) this.#readKeyValues(node);
      else json.skip();
    }
  }
}

/** `NaN` and `Infinity` are numbers that JSON cannot write as such. */
function numberKind({ bytes, stop }: JsonReader): EntryKind {
  const last = bytes[stop - 1]!;
  return last >= 0x30 && last <= 0x39 ? EntryKind.number : EntryKind.string;
}
