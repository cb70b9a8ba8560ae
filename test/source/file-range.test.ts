import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesInRange } from '../../src/source/index.ts';
import { runs } from '../fuzz.ts';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scanlens-range-'));
  path = join(folder, 'a.log');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function linesOf(from: number, to: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const fd = openSync(path, 'r');
  for await (const chunk of linesInRange({ fd, from, to }, (more) => (bytes += more))) {
    expect(chunk.length).toBeGreaterThan(0);
    chunks.push(Buffer.from(chunk));
  }
  closeSync(fd);
  expect(bytes).toBeLessThanOrEqual(Math.max(to - from, 0) + 1);
  return Buffer.concat(chunks).toString('latin1');
}

/** The lines whose first byte stands in the range, found one by one. */
function expected(text: string, from: number, to: number): string {
  let lines = '';
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    if (start >= from && start < to) lines += text.slice(start, end);
    start = end;
  }
  return lines;
}

test.each([
  ['empty lines', '\n\n\na\n\n'],
  ['a last line without end', 'ab\ncd'],
  ['one line', 'abcdef\n'],
  ['nothing', ''],
])('every range of %s holds the lines that begin in it', async (_, text) => {
  writeFileSync(path, text);
  for (let from = 0; from <= text.length + 1; from += 1) {
    for (const to of [from, from + 1, from + 2, text.length, Number.POSITIVE_INFINITY]) {
      expect(await linesOf(from, to), `${from} to ${to}`).toBe(expected(text, from, to));
    }
  }
});

test('ranges that follow each other give every line once, wherever reads end', async () => {
  // A read brings a MiB: places near its end are met often.
  const length = fc.oneof(fc.nat(40), fc.nat(400_000), fc.constantFrom(1 << 20, (1 << 20) - 1));
  const place = fc.oneof(
    fc.nat(3 << 20),
    fc.nat(4).map((more) => (1 << 20) - 2 + more),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(length, { maxLength: 12 }),
      fc.array(place, { maxLength: 4 }),
      fc.boolean(),
      async (lengths, places, isEnded) => {
        const lines = lengths.map((count, i) => String(i % 10).repeat(count));
        const text = lines.join('\n') + (isEnded ? '\n' : '');
        writeFileSync(path, text);
        const cuts = [0, ...places.sort((a, b) => a - b), Number.POSITIVE_INFINITY];
        for (const [i, to] of cuts.slice(1).entries()) {
          expect((await linesOf(cuts[i]!, to)) === expected(text, cuts[i]!, to)).toBe(true);
        }
      },
    ),
    { numRuns: runs(60) },
  );
});
