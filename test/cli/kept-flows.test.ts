import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderFreeLines } from '../../src/decode/index.ts';
import { bytesOf } from '../analysis/run.ts';
import { runs } from '../fuzz.ts';
import { generateWorld } from '../world/index.ts';
import { READING_THREAD, type RunOptions, run } from './harness.ts';

const LINES = generateWorld({ seed: 11, flows: 300, brokenRatio: 0.02 }).files.flatMap((file) =>
  file.lines.filter((line) => orderFreeLines(bytesOf([line])) !== undefined),
);
/** A job that touches so many logins that it joins nothing. */
const SWEEP = LINES.flatMap((line) => /"qrcode_id":"[^"]*"/.exec(line)?.[0] ?? [])
  .filter((_, i) => i % 10 === 0)
  .map((id) => `{"level":"info","msg":"swept",${id},"trace_id":"${'5'.repeat(32)}"}`);
const half = LINES.length >> 1;

const RULE_OVER_FLOWS = `title: Many never scanned
id: 3f1c3f9e-5a0e-4b52-9a4e-0a6c1f6f2d11
name: many_never_scanned
correlation: {type: event_count, rules: [qr_never_scanned], timespan: 1h, condition: {gte: 2}}
level: high
custom_attributes: {flow.class: never_scanned, flow.effect: finding}
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scanlens-kept-'));
  const files = {
    'a.log': [...LINES.slice(0, half), ...SWEEP.slice(9)],
    'b.log': [...SWEEP.slice(0, 9), ...LINES.slice(half)],
    // Whatever is met is met by all.
    'twice.log': [...LINES, ...LINES],
  };
  for (const [name, lines] of Object.entries(files)) {
    writeFileSync(join(folder, name), bytesOf(lines));
  }
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'rules', 'own.yml'), RULE_OVER_FLOWS);
});
afterAll(() => rmSync(folder, { recursive: true }));

const LIMITS = { largeBytes: 1, headStartBytes: 1, headBytes: 4096 };

const reported = (threads: number, args: readonly string[], options: RunOptions = {}) =>
  run([...args, '-o', 'json', '-q', '--threads', String(threads)], {
    cwd: folder,
    rangeLimits: LIMITS,
    ...options,
  });

const TWO = ['a.log', 'b.log'];

describe('flows that each thread keeps give the report of one thread', () => {
  const asked: Readonly<Record<string, readonly string[]>> = {
    'as it is': TWO,
    'with breakdowns': [...TWO, '--by', 'version,pod,outcome'],
    'of a selection': [...TWO, '--where', 'outcome=failed', '--since', '-6h'],
    'of some rules': [...TWO, '--rule', 'unclassified', '--show-ids', '--by', 'qrcode_id'],
    'when all threads meet the same': ['twice.log'],
    'with verdicts': [...TWO, '--verdicts', '-'],
    'with a rule over all flows': [...TWO, '--rules', 'rules'],
  };

  test.each(Object.entries(asked))('%s', async (_, args) => {
    const alone = await reported(1, args);
    expect({ ...alone, stdout: '' }).toEqual({ stdout: '', stderr: '', code: 0 });
    for (const threads of [2, 5]) expect(await reported(threads, args)).toEqual(alone);
  });

  test('of a field that no login has', async () => {
    const args = [...TWO, '--by', 'openid'];
    const alone = await reported(1, args);
    expect(alone.stderr).toContain('no login in this input has a field "openid"');
    expect(await reported(2, args)).toEqual(alone);
  });

  test('of a constant that joins nothing', async () => {
    const { stdout } = await reported(2, TWO);
    expect(JSON.parse(stdout).findings).toContainEqual(
      expect.objectContaining({ kind: 'shared_carrier', count: SWEEP.length }),
    );
  });

  test('for any lines', async () => {
    const anyLines = fc.array(fc.constantFrom(...LINES, ...SWEEP, '', '{"msg":'), {
      minLength: 100,
      maxLength: 400,
    });
    await fc.assert(
      fc.asyncProperty(anyLines, async (lines) => {
        writeFileSync(join(folder, 'any.log'), bytesOf([...LINES.slice(0, 50), ...lines]));
        expect(await reported(3, ['any.log'])).toEqual(await reported(1, ['any.log']));
      }),
      // Each starts two threads.
      { numRuns: runs(3), endOnFailure: true },
    );
  });
});

/** A reading thread that is lost when it is asked this. */
const lostAt = (question: string) => `
import { parentPort } from 'node:worker_threads';
const on = parentPort.on.bind(parentPort);
parentPort.on = (event, listener) =>
  on(event, (order) => (order.kind === '${question}' ? process.exit(7) : listener(order)));
await import('${READING_THREAD}');
`;

test.each(['tell-ids', 'compare', 'take-out', 'count'])(
  'a thread that is lost at "%s" leaves no report',
  async (question) => {
    const program = join(folder, `${question}.mjs`);
    writeFileSync(program, lostAt(question));
    const { stdout, stderr, code } = await reported(3, TWO, {
      readingThread: pathToFileURL(program),
    });
    expect({ stdout, code }).toEqual({ stdout: '', code: 70 });
    expect(stderr).toContain('a reading thread stopped midway (exit code 7)');
  },
);
