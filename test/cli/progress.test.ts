import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress, progressLine } from '../../src/cli/progress.ts';

function terminal(isTTY: boolean) {
  let text = '';
  const stderr = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    }),
    { isTTY, columns: 60 },
  );
  return { stderr, text: () => text };
}

test.each([
  [
    { readBytes: 1_200_000_000, totalBytes: 3_400_000_000, elapsedMs: 3000 },
    'reading 1.2 GB of 3.4 GB (35 %)  400 MB/s  6 s left',
  ],
  [
    { readBytes: 50, totalBytes: 100_000_000, elapsedMs: 1000 },
    'reading 50 B of 100 MB (0 %)  50 B/s  555 h 33 min left',
  ],
  [{ readBytes: 999_600, totalBytes: undefined, elapsedMs: 2000 }, 'reading 1.0 MB  500 kB/s'],
  [{ readBytes: 20, totalBytes: 10, elapsedMs: 1000 }, 'reading 20 B  20 B/s'],
])('%j', (state, line) => {
  expect(progressLine(state)).toBe(line);
});

test('speaks only after a second, ten times a second at most, and wipes itself away', () => {
  const { stderr, text } = terminal(true);
  let nowMs = 0;
  const progress = createProgress({ stderr, now: () => nowMs }, 10_000);
  for (nowMs = 0; nowMs < 2000; nowMs += 10) progress.read(10);
  expect(text().split('\r').length - 1).toBe(10);
  expect(text()).toContain('reading 1.0 kB of 10.0 kB (10 %)');
  progress.clear();
  expect(text().endsWith('\r\u001b[K')).toBe(true);
  const length = text().length;
  progress.clear();
  expect(text().length).toBe(length);
});

test('a quick run and a pipe stay silent', () => {
  const quick = terminal(true);
  const progress = createProgress({ stderr: quick.stderr, now: () => 999 }, 10);
  progress.read(10);
  progress.clear();
  expect(quick.text()).toBe('');

  const piped = terminal(false);
  let nowMs = 0;
  const silent = createProgress({ stderr: piped.stderr, now: () => nowMs }, 10);
  nowMs = 5000;
  silent.read(10);
  silent.clear();
  expect(piped.text()).toBe('');
});
