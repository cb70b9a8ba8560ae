import { expect, test } from 'vitest';
import { createNdjsonDecoder, PathTree } from '../../src/decode/index.ts';
import { decodeAll, decoderSuite } from './decoder-suite.ts';

decoderSuite('plain NDJSON decoder', createNdjsonDecoder);

test('endless distinct keys do not fill the memory and lose nothing', () => {
  const lines: string[] = [];
  for (let n = 0; n < 200_000; n += 1) lines.push(`{"k${n}":1,"state":"s${n}"}`);
  const bytes = new TextEncoder().encode(lines.join('\n'));
  let seen = 0;
  const paths = new PathTree((path) => path[0] === 'state');
  const decoder = createNdjsonDecoder(paths, { maxLineBytes: 1000 });
  const sink = {
    records(batch: { rows: number; entryStart: Uint32Array }) {
      seen += batch.entryStart[batch.rows]!;
    },
    rejected() {},
  };
  for (let at = 0; at < bytes.length; at += 1 << 16)
    decoder.feed(bytes.slice(at, at + (1 << 16)), sink);
  decoder.end(sink);
  expect(seen).toBe(200_000);
  expect(paths.generation).toBeGreaterThan(0);
  expect(paths.size).toBeLessThan(80_000);
});

test('a record of a hundred thousand scalars is one row', () => {
  const line = JSON.stringify({ a: Array.from({ length: 100_000 }, (_, n) => n) });
  const decoded = decodeAll(createNdjsonDecoder, [new TextEncoder().encode(line)]);
  expect(decoded.rows[0]!.entries).toHaveLength(100_000);
});
