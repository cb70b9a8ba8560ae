import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/model/index.ts';
import { BrokenSource, findSources, spooledSource, streamSource } from '../../src/source/index.ts';
import { runs } from '../fuzz.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanlens-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Text given out, and how the reading ended. */
async function read(chunks: AsyncIterable<Uint8Array>) {
  const parts: Buffer[] = [];
  try {
    for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  } catch (error) {
    return { text: Buffer.concat(parts).toString('latin1'), error };
  }
  return { text: Buffer.concat(parts).toString('latin1'), error: undefined };
}

async function readFile(bytes: Uint8Array, name = 'app.log') {
  await writeFile(join(folder, name), bytes);
  const { sources } = await findSources([name], { cwd: folder, stdin: Readable.from([]) });
  return read(sources[0].open());
}

const LINES = Array.from(
  { length: 60_000 },
  (_, i) => `{"n":${i},"hash":"${(i * 7919) % 65_521}"}\n`,
).join('');

describe('a file', () => {
  test('is read whole, over several chunks', async () => {
    expect(LINES.length).toBeGreaterThan(1024 * 1024);
    const { text, error } = await readFile(Buffer.from(LINES));
    expect(error).toBeUndefined();
    expect(text).toBe(LINES);
  });

  test('that is empty gives nothing', async () => {
    expect(await readFile(Buffer.alloc(0))).toEqual({ text: '', error: undefined });
  });

  test('tells how many stored bytes were read', async () => {
    const packed = gzipSync(LINES);
    await writeFile(join(folder, 'told.log.gz'), packed);
    const { sources } = await findSources(['told.log.gz'], {
      cwd: folder,
      stdin: Readable.from([]),
    });
    let told = 0;
    const { text } = await read(
      sources[0].open((bytes) => {
        told += bytes;
      }),
    );
    expect(text).toBe(LINES);
    expect(told).toBe(packed.length);
    expect(sources[0].sizeBytes).toBe(packed.length);
  });
});

describe('gzip', () => {
  test('is known by its content, not by its name', async () => {
    expect((await readFile(gzipSync('{"a":1}\n'), 'packed.log')).text).toBe('{"a":1}\n');
    expect((await readFile(Buffer.from('{"a":1}\n'), 'plain.log.gz')).text).toBe('{"a":1}\n');
  });

  test('of several members is one text', async () => {
    const packed = Buffer.concat([gzipSync('a\n'), gzipSync(''), gzipSync(LINES), gzipSync('b')]);
    expect(await readFile(packed)).toEqual({ text: `a\n${LINES}b`, error: undefined });
  });

  test('may be padded with zeros', async () => {
    const packed = Buffer.concat([gzipSync('a\n'), Buffer.alloc(40_000)]);
    expect(await readFile(packed)).toEqual({ text: 'a\n', error: undefined });
  });

  test('that is cut gives what was good, then says so', async () => {
    const packed = gzipSync(LINES);
    const { text, error } = await readFile(packed.subarray(0, packed.length >> 1));
    expect(error).toBeInstanceOf(BrokenSource);
    expect((error as BrokenSource).code).toBe('truncated');
    expect(LINES.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThan(LINES.length / 3);
  });

  test('cut anywhere is truncated, never a crash or wrong text', async () => {
    const packed = gzipSync(LINES.slice(0, 5000));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: packed.length - 1 }), async (cut) => {
        const { text, error } = await read(
          streamSource(Readable.from([packed.subarray(0, cut)])).open(),
        );
        expect(LINES.startsWith(text)).toBe(true);
        expect((error as BrokenSource).code).toBe('truncated');
      }),
      { numRuns: runs(100) },
    );
  });

  test('that is corrupt gives what came before, then says so', async () => {
    const packed = Buffer.from(gzipSync(LINES));
    packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 64);
    const { text, error } = await readFile(packed);
    expect((error as BrokenSource).code).toBe('corrupt-gzip');
    expect(text.length).toBeGreaterThan(LINES.length / 4);
  });

  test('read in pieces of any size is the same', async () => {
    const packed = Buffer.concat([gzipSync('first\n'), gzipSync('second\n')]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(packed.length)), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), packed.length];
        const pieces = places.slice(1).map((end, i) => packed.subarray(places[i], end));
        const { text, error } = await read(streamSource(Readable.from(pieces)).open());
        expect(error).toBeUndefined();
        expect(text).toBe('first\nsecond\n');
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('what is evidently no text', () => {
  test.each([
    ['a PNG image', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
    ['a zip archive', [0x50, 0x4b, 0x03, 0x04, 20, 0]],
    ['UTF-16 text', [0xff, 0xfe, 0x7b, 0]],
    ['UTF-32 text', [0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]],
    ['UTF-16 text', [...Buffer.from('{"msg":"no mark"}\r\n', 'utf16le')]],
    ['UTF-16 text', [...Buffer.from('{"msg":"no mark"}\r\n', 'utf16le').swap16()]],
  ])('%s is refused by name, and from a stream', async (what, bytes) => {
    await writeFile(join(folder, 'odd.log'), Buffer.from(bytes));
    const found = findSources(['odd.log'], { cwd: folder, stdin: Readable.from([]) });
    await expect(found).rejects.toMatchObject({
      code: 'not-text',
      at: 'odd.log',
      exitCode: 3,
      message: expect.stringContaining(what),
    });
    const { error } = await read(streamSource(Readable.from([Buffer.from(bytes)])).open());
    expect(error).toBeInstanceOf(InputError);
  });
});

describe('a stream that can be read once', () => {
  test('is read again from its copy', async () => {
    const source = spooledSource(
      streamSource(Readable.from([gzipSync(LINES)])),
      join(folder, 'spool'),
    );
    expect((await read(source.open())).text).toBe(LINES);
    expect((await read(source.open())).text).toBe(LINES);
  });

  test('that fails midway keeps what came', async () => {
    const stream = new PassThrough();
    stream.write('{"a":1}\n');
    const reading = read(streamSource(stream).open());
    setImmediate(() => stream.destroy(Object.assign(new Error('disk'), { code: 'EIO' })));
    const { error } = await reading;
    expect(error).toBeInstanceOf(BrokenSource);
    expect((error as BrokenSource).message).toBe('reading stopped midway (EIO)');
  });
});
