import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PathTree, type RecordSink } from '../../../src/decode/index.ts';
import { protoFraming } from '../../../src/decode/otlp/index.ts';
import { ProtobufRecords } from '../../../src/decode/otlp/protobuf-records.ts';
import { RowWriter } from '../../../src/decode/row-writer.ts';
import { createDocumentReader, documentKindOf } from '../../../src/decode/traces/index.ts';
import type { RecordBatch, Rejected } from '../../../src/model/index.ts';
import { runs } from '../../fuzz.ts';
import { logRequest, traceRequest } from './arbitrary-request.ts';
import { makeProto } from './decode-otlp.ts';
import { protobufOf } from './otlp-messages.ts';

const INPUTS = runs(20_000);

/** A generator of numbers that needs no memory of what it gave. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  };
}

/** Bytes that mean something: tags of every wire type, long varints, quotes and brackets. */
const TELLING = [
  0, 1, 0x0a, 0x12, 0x0b, 0x0c, 0x0e, 0x0f, 0x7f, 0x80, 0xff, 0x22, 0x5c, 0x7b, 0x5b,
];

function mutated(bytes: Uint8Array, below: (limit: number) => number): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let change = 0; change <= below(3); change += 1) {
    const at = below(result.length + 1);
    const length = below(12);
    switch (below(6)) {
      case 0:
        if (at < result.length) result[at] = below(256);
        break;
      case 1:
        if (at < result.length) result[at] = TELLING[below(TELLING.length)]!;
        break;
      case 2:
        result = result.slice(0, at);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at + length), result.subarray(at)]);
        break;
      default:
        result = Buffer.concat([
          result.subarray(0, at),
          new Uint8Array(length).fill(0xff),
          result.subarray(at),
        ]);
    }
  }
  return result;
}

/** Counts what comes, and looks whether every range lies within its buffer. */
function watchingSink() {
  const seen = { rows: 0, wrong: 0, rejected: [] as Rejected[], lines: new Set<number>() };
  const sink: RecordSink = {
    records(batch: RecordBatch) {
      for (let row = 0; row < batch.rows; row += 1) {
        seen.rows += 1;
        seen.lines.add(batch.line[row]!);
        if (batch.rowEnd[row]! > batch.bytes.length) seen.wrong += 1;
        for (let e = batch.entryStart[row]!; e < batch.entryStart[row + 1]!; e += 1) {
          const { length } = batch.inScratch[e] ? batch.scratch : batch.bytes;
          if (batch.start[e]! > batch.end[e]! || batch.end[e]! > length) seen.wrong += 1;
        }
      }
    },
    rejected(line) {
      seen.rejected.push(line);
      if (line.within !== true) seen.lines.add(line.line);
    },
  };
  return { seen, sink };
}

const requests = fc.sample(fc.oneof(traceRequest, logRequest), 300);

describe(`${INPUTS} spoilt inputs`, () => {
  test('of protobuf are read or told of by the byte, in every framing', () => {
    const messages = requests.map(protobufOf).filter((message) => message.length > 0);
    const below = numbers(1);
    const out = new RowWriter(new PathTree(() => true));
    const records = new ProtobufRecords(out);
    const told = { rows: 0, rejected: 0 };
    for (let i = 0; i < INPUTS; i += 1) {
      const bytes = mutated(messages[below(messages.length)]!, below);
      const { seen, sink } = watchingSink();
      let lines = 1;
      if (i % 8 === 0) {
        // A decoder of its own for each costs more than the reading.
        const framing = (['bare', 'length32', 'varint'] as const)[below(3)]!;
        const decoder = makeProto(framing)(out.paths);
        const cut = below(bytes.length + 1);
        decoder.feed(bytes.subarray(0, cut), sink);
        decoder.feed(bytes.subarray(cut), sink);
        decoder.end(sink);
        lines = decoder.lines;
        protoFraming(bytes, true);
      } else {
        out.enter(sink);
        const place = { line: 1, origin: 0, isCutOff: i % 2 === 0 };
        records.readRequest(bytes, 0, bytes.length, place);
        out.flush();
      }
      out.paths.clearIfFull();
      if (seen.wrong > 0) expect.fail(`input ${i}: a range leads out of its buffer`);
      for (const { reason } of seen.rejected) {
        const at = Number(/at byte (\d+)/.exec(reason)?.[1]);
        if (!(at >= 0 && at <= bytes.length)) expect.fail(`input ${i}: ${reason}`);
      }
      if (seen.lines.size !== lines) expect.fail(`input ${i}: a message went without a word`);
      told.rows += seen.rows;
      told.rejected += seen.rejected.length;
    }
    expect(told.rows).toBeGreaterThan(INPUTS / 2);
    expect(told.rejected).toBeGreaterThan(INPUTS / 4);
  });

  test('of JSON are read or told of by the byte', () => {
    const documents = requests.map((request) => Buffer.from(JSON.stringify(request)));
    const below = numbers(2);
    const out = new RowWriter(new PathTree(() => true));
    const read = createDocumentReader(out);
    const told = { rows: 0, rejected: 0 };
    for (let i = 0; i < INPUTS; i += 1) {
      const bytes = mutated(documents[below(documents.length)]!, below);
      const { seen, sink } = watchingSink();
      const kind = documentKindOf(bytes, 0, bytes.length) ?? 'otlp-json';
      out.enter(sink);
      out.columns.bytes = bytes;
      read(kind, bytes, 0, bytes.length, 1);
      out.flush();
      out.paths.clearIfFull();
      if (seen.wrong > 0) expect.fail(`input ${i}: a range leads out of its buffer`);
      for (const { reason } of seen.rejected) {
        const at = Number(/at byte (\d+)$/.exec(reason)?.[1]);
        if (!(at >= 0 && at <= bytes.length)) expect.fail(`input ${i}: ${reason}`);
      }
      const accepted = seen.rejected.length === 0;
      if (accepted !== isJson(bytes)) expect.fail(`input ${i}: ${Buffer.from(bytes)}`);
      told.rows += seen.rows;
      told.rejected += seen.rejected.length;
    }
    expect(told.rows).toBeGreaterThan(0);
    expect(told.rejected).toBeGreaterThan(INPUTS / 4);
  });
});

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}
