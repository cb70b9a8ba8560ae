import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BrokenSource, streamSource } from '../../src/source/index.ts';
import {
  findProgram,
  nativeDecoder,
  type Unzstd,
  unzstdByNode,
  unzstdByProgram,
  unzstdInJavaScript,
} from '../../src/source/unzstd.ts';
import { runs } from '../fuzz.ts';

/** The program packs what is unpacked here: Node does so only since 22.15. */
const program = await findProgram('zstd');

function packed(text: string, ...options: string[]): Buffer {
  return execFileSync(program!, ['-cq', ...options], { input: text, maxBuffer: 1 << 28 });
}

const LINES = Array.from(
  { length: 60_000 },
  (_, i) => `{"n":${i},"hash":"${(i * 7919) % 65_521}"}\n`,
).join('');

async function read(chunks: AsyncIterable<Uint8Array>) {
  const parts: Buffer[] = [];
  let error: unknown;
  try {
    for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  } catch (caught) {
    error = caught;
  }
  return { text: Buffer.concat(parts).toString('latin1'), code: (error as BrokenSource)?.code };
}

/** Chunks of odd sizes in one buffer that is used again, as files are read. */
async function* inChunks(bytes: Uint8Array, size: number) {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
    buffer.fill(0xaa);
  }
}

const ENGINES: readonly [name: string, unzstd: Unzstd | undefined][] = [
  ['Node', nativeDecoder() === undefined ? undefined : unzstdByNode],
  ['the zstd program', (stored) => unzstdByProgram(stored, program!)],
  ['JavaScript', unzstdInJavaScript],
];

describe.skipIf(program === undefined)('zstd', () => {
  describe.each(ENGINES.filter(([, unzstd]) => unzstd !== undefined))('by %s', (_, engine) => {
    const unzstd = engine!;

    test.each([1, 7, 1000, 1 << 20])('in chunks of %i bytes', async (size) => {
      const text = size < 100 ? LINES.slice(0, 3000) : LINES;
      expect(await read(unzstd(inChunks(packed(text), size)))).toEqual({ text, code: undefined });
    });

    test('of several frames, with and without checksum, is one text', async () => {
      const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
      const all = Buffer.concat([
        packed('a\n'),
        skipped,
        packed('', '--no-check'),
        packed(LINES, '-19', '--no-check'),
        packed('x'.repeat(500_000)),
        skipped,
        packed('b'),
      ]);
      const text = `a\n${LINES}${'x'.repeat(500_000)}b`;
      expect(await read(unzstd(inChunks(all, 4096)))).toEqual({ text, code: undefined });
    });

    test('that is cut gives what was good, then says so', async () => {
      const all = packed(LINES);
      const { text, code } = await read(unzstd(inChunks(all.subarray(0, all.length >> 1), 4096)));
      expect(code).toBe('truncated');
      expect(LINES.startsWith(text)).toBe(true);
      expect(text.length).toBeGreaterThan(LINES.length / 4);
    });

    test('that is corrupt gives what was good, then says so', async () => {
      const good = packed(LINES);
      // The header of the second frame's first block.
      const all = Buffer.concat([good, packed(LINES)]).fill(0xff, good.length + 6, good.length + 9);
      const { text, code } = await read(unzstd(inChunks(all, 4096)));
      expect(code).toBe('corrupt-zstd');
      expect(text.startsWith(LINES)).toBe(true);
    });
  });

  test('is known by its content; cut anywhere it is truncated, never a crash or wrong text', async () => {
    const text = LINES.slice(0, 5000);
    const all = packed(text);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: all.length - 1 }), async (cut) => {
        const found = await read(streamSource(Readable.from([all.subarray(0, cut)])).open());
        expect(found.code).toBe('truncated');
        expect(text.startsWith(found.text)).toBe(true);
      }),
      { numRuns: runs(30) },
    );
  });

  describe('in the layout of the Collector: a frame behind its length', () => {
    const framed = (message: Buffer) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      return Buffer.concat([length, message]);
    };
    const open = (bytes: Buffer) => read(streamSource(Readable.from([bytes])).open());

    test('messages of JSON become lines', async () => {
      const all = Buffer.concat(['{"a":1}', '{"a":2}'].map((text) => framed(packed(text))));
      expect(await open(all)).toEqual({ text: '{"a":1}\n{"a":2}\n', code: undefined });
    });

    test('others keep the length of their plain bytes', async () => {
      const all = Buffer.concat(['\u0012abc', '\n\u0001'].map((text) => framed(packed(text))));
      const text = '\0\0\0\u0004\u0012abc\0\0\0\u0002\n\u0001';
      expect(await open(all)).toEqual({ text, code: undefined });
    });

    test('a cut and a corrupt message leave those before', async () => {
      const good = framed(packed('{"a":1}'));
      const bad = framed(packed('{"a":2}'.repeat(100)));
      expect(await open(Buffer.concat([good, bad.subarray(0, 12)]))).toEqual({
        text: '{"a":1}\n',
        code: 'truncated',
      });
      bad.fill(0xff, 10);
      expect(await open(Buffer.concat([good, bad]))).toEqual({
        text: '{"a":1}\n',
        code: 'corrupt-zstd',
      });
    });
  });
});
