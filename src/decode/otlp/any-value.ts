import { EntryKind } from '../../model/index.ts';
import type { SpanRows } from '../telemetry/span-rows.ts';
import { type ProtobufReader, Wire } from './protobuf-reader.ts';

/** Values nested deeper than this are refused, as in JSON. */
const MAX_VALUE_DEPTH = 64;

const float = new DataView(new ArrayBuffer(8));

/** Reads `KeyValue` and `AnyValue` messages: attributes and bodies of log records. */
export class AnyValueReader {
  readonly #reader: ProtobufReader;
  readonly #rows: SpanRows;

  constructor(reader: ProtobufReader, rows: SpanRows) {
    this.#reader = reader;
    this.#rows = rows;
  }

  /**
   * Reads the `KeyValue` from where the reader is up to `stop`; its key names a field below `parent`.
   * @param before node of the key before it, or 0
   * @returns the node of its key, or 0
   */
  readKeyValue(parent: number, before: number, stop: number, depth: number): number {
    const reader = this.#reader;
    let node = -1;
    let valueAt = -1;
    let valueStop = -1;
    while (reader.next(stop)) {
      if (reader.wire !== Wire.bytes) continue;
      if (reader.field === 1) {
        node = this.#rows.attribute(parent, before, reader.bytes, reader.start, reader.stop);
      } else if (reader.field === 2) {
        valueAt = reader.start;
        valueStop = reader.stop;
      }
    }
    if (reader.fault !== undefined || node < 0 || valueAt < 0) return Math.max(0, node);
    reader.at = valueAt;
    this.readValue(node, valueStop, depth);
    reader.at = stop;
    return node;
  }

  /** Reads the `AnyValue` from where the reader is up to `stop`. */
  readValue(node: number, stop: number, depth: number): void {
    const reader = this.#reader;
    const rows = this.#rows;
    if (depth > MAX_VALUE_DEPTH) {
      reader.fail('too-deep', reader.at);
      return;
    }
    while (reader.next(stop)) {
      const { field, wire } = reader;
      if (wire === Wire.bytes) {
        if (field === STRING) rows.addText(node, reader.start, reader.stop);
        else if (field === ARRAY) this.#readArray(node, reader.stop, depth);
        else if (field === MAP) this.#readMap(node, reader.stop, depth);
      } else if (field === BOOL && wire === Wire.varint) {
        rows.addBoolean(node, reader.low !== 0 || reader.high !== 0);
      } else if (field === INTEGER && wire === Wire.varint) {
        rows.addInteger(node, reader.high, reader.low);
      } else if (field === DOUBLE && wire === Wire.fixed64 && rows.wants(node)) {
        float.setUint32(0, reader.high);
        float.setUint32(4, reader.low);
        const value = float.getFloat64(0);
        const kind = Number.isFinite(value) ? EntryKind.number : EntryKind.string;
        rows.addWritten(node, kind, String(value));
      }
    }
  }

  #readArray(node: number, stop: number, depth: number): void {
    const reader = this.#reader;
    reader.at = reader.start;
    while (reader.next(stop)) {
      if (reader.field !== 1 || reader.wire !== Wire.bytes) continue;
      const end = reader.stop;
      reader.at = reader.start;
      this.readValue(node, end, depth + 1);
    }
  }

  #readMap(node: number, stop: number, depth: number): void {
    const reader = this.#reader;
    let before = 0;
    reader.at = reader.start;
    while (reader.next(stop)) {
      if (reader.field !== 1 || reader.wire !== Wire.bytes) continue;
      const end = reader.stop;
      reader.at = reader.start;
      before = this.readKeyValue(node, before, end, depth + 1);
    }
  }
}

const STRING = 1;
const BOOL = 2;
const INTEGER = 3;
const DOUBLE = 4;
const ARRAY = 5;
const MAP = 6;
