import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT, run } from './harness.ts';

const FOLDER = 'fixtures/stories/own-names';
const ARGS = [`${FOLDER}/app.log`, '--mapping', `${FOLDER}/my-service.yaml`];
const LOG = readFileSync(join(ROOT, FOLDER, 'app.log'));

interface Verdict {
  readonly flowId: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly outcome: string;
}

let failed: Verdict;
let clear: Verdict;
beforeAll(async () => {
  const verdictsOf = async (...more: string[]) =>
    (await run([...ARGS, '--verdicts', '-', ...more])).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Verdict);
  const isFailed = ({ outcome }: Verdict) => outcome === 'failed';
  failed = (await verdictsOf()).find(isFailed) as Verdict;
  clear = (await verdictsOf('--show-ids')).find(
    ({ flowId }) => flowId === failed.flowId,
  ) as Verdict;
});

describe('a login is found', () => {
  test.each([
    ['by its flow id', () => failed.flowId],
    ['by the beginning of its flow id', () => failed.flowId.slice(0, 8)],
    ['by its QR code in clear', () => clear.ids.qrcode_id],
    ['by its trace', () => clear.ids.trace_id],
    ['by its trace in capitals', () => clear.ids.trace_id.toUpperCase()],
    ['by the hash of its QR code', () => failed.ids.qrcode_id],
  ])('%s', async (_, id) => {
    const { stdout, stderr, code } = await run(['explain', id(), ...ARGS]);
    expect(stderr).toBe('');
    expect(stdout.startsWith(`${failed.flowId}  FAILED at exchange`)).toBe(true);
    expect(stdout).toContain('app.log:');
    expect(code).toBe(0);
  });

  test('in what a pipe brings once, leaving nothing behind', async () => {
    const spools = () => readdirSync(tmpdir()).filter((name) => /^scanlens-.{6}$/.test(name));
    const before = spools();
    const { stdout, code } = await run(
      ['explain', failed.flowId, '--mapping', `${FOLDER}/my-service.yaml`],
      { stdin: gzipSync(LOG) },
    );
    expect(stdout).toContain('stdin:');
    expect(code).toBe(0);
    expect(spools().filter((name) => !before.includes(name))).toEqual([]);
  });
});

test('ids stay hidden unless asked for', async () => {
  const hidden = await run(['explain', failed.flowId, ...ARGS]);
  expect(hidden.stdout).not.toContain(clear.ids.qrcode_id);
  expect(hidden.stdout).not.toContain(clear.ids.trace_id);
  for (const args of [
    ['--by', 'ctx.handle,ctx.journey'],
    ['-o', 'json', '--by', 'ctx.handle'],
  ]) {
    expect((await run([...ARGS, ...args])).stdout).not.toContain(clear.ids.qrcode_id);
  }
  const detected = await run(['detect', ...ARGS, '--top', '1000']);
  expect(detected.stdout).not.toContain(clear.ids.qrcode_id);
  const shown = await run(['explain', failed.flowId, ...ARGS, '--show-ids']);
  expect(shown.stdout).toContain(clear.ids.qrcode_id);
});

test('an id that is not there is not repeated: it may be a secret', async () => {
  const { stderr, code } = await run(['explain', 'sEcReT-cOdE-0123456789', ...ARGS]);
  expect(stderr).toMatch(/^scanlens: no login in this input has this id; give a flow id, or/);
  expect(stderr).not.toContain('sEcReT');
  expect(code).toBe(2);
});
