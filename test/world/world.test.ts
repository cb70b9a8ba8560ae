import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIRST_CARRIER_NAMESPACE, ID_NAMESPACES } from '../../src/model/index.ts';
import { DEFAULT_WORLD, generateWorld, type World } from './index.ts';
import { PLOTS } from './plots/index.ts';
import { STACKS } from './stacks.ts';

const small = generateWorld({ flows: 1500 });
const large = generateWorld();

const textOf = (world: World): string =>
  world.files.map(({ lines }) => lines.join('\n')).join('\n');

const linesOf = (world: World): string[] => world.files.flatMap(({ lines }) => lines);

describe('a world', () => {
  test('is the same every time it is made from the same seed', () => {
    const again = generateWorld({ flows: 1500 });
    expect(again.truth).toEqual(small.truth);
    expect(textOf(again) === textOf(small)).toBe(true);
  });

  test('is another for another seed', () => {
    expect(textOf(generateWorld({ flows: 1500, seed: 2 })) === textOf(small)).toBe(false);
  });

  test('has JSON objects only, unless broken lines were asked for', () => {
    for (const line of linesOf(small)) expect(JSON.parse(line)).toBeTypeOf('object');
    const broken = linesOf(generateWorld({ flows: 300, brokenRatio: 0.05 })).filter((line) => {
      try {
        return Array.isArray(JSON.parse(line));
      } catch {
        return true;
      }
    });
    expect(broken.length).toBeGreaterThan(50);
  });

  test('keeps its logins whatever noise is put around them', () => {
    const quiet = generateWorld({
      flows: 1500,
      chatterRatio: 0,
      asideRatio: 0,
      lateRatio: 0,
      duplicateRatio: 0,
      batchJob: false,
    });
    expect(quiet.truth).toEqual(small.truth);
  });

  test('speaks through every logger, each in several pods and files', () => {
    const services = new Set(large.files.map(({ name }) => name.replace(/-[^-]+-[^-]+$/, '')));
    const wanted = STACKS.flatMap(({ services: own }) => Object.values(own)).map((s) => s.name);
    expect(services).toEqual(new Set(wanted));
    for (const service of services) {
      const files = large.files.filter(({ name }) => name.startsWith(`${service}-`));
      expect(files.length, service).toBeGreaterThanOrEqual(4);
    }
  });

  test('writes some lines late and some twice', () => {
    const lines = linesOf(large);
    expect(new Set(lines).size).toBeLessThan(lines.length);
    const zap = large.files.find(({ name }) => name.startsWith('login-api'))?.lines ?? [];
    const times = zap.map((line) => JSON.parse(line).ts as number);
    expect(times.some((time, i) => i > 0 && time < (times[i - 1] as number))).toBe(true);
  });
});

describe('the truth of a world', () => {
  test('knows every way a login can go, each cause dozens of times', () => {
    const counts = new Map<string, number>();
    for (const { plot } of large.truth) counts.set(plot, (counts.get(plot) ?? 0) + 1);
    for (const { name, weight } of PLOTS) {
      if (weight > 0) expect(counts.get(name) ?? 0, name).toBeGreaterThan(0);
    }
    const causes = new Map<string, number>();
    for (const { outcome, class: label } of large.truth) {
      if (outcome === 'failed') causes.set(String(label), (causes.get(String(label)) ?? 0) + 1);
    }
    for (const [cause, count] of causes) expect(count, cause).toBeGreaterThanOrEqual(20);
    expect(causes.size).toBeGreaterThanOrEqual(40);
  });

  test('has an ordinary share of failures', () => {
    const count = (outcome: string): number =>
      large.truth.filter((flow) => flow.outcome === outcome).length;
    const rate = count('failed') / (count('failed') + count('succeeded'));
    expect(rate).toBeGreaterThan(0.05);
    expect(rate).toBeLessThan(0.085);
    expect(count('open')).toBeGreaterThan(0);
    expect(count('abandoned')).toBeGreaterThan(1000);
  });

  test('says of every uncut login what its plot says, and of its ids what no other says', () => {
    const owner = new Map<string, string>();
    for (const flow of large.truth) {
      const ending = PLOTS.find(({ name }) => name === flow.plot)?.ending;
      if (!flow.cut) expect({ ...flow, ...ending }).toEqual(flow);
      for (const namespace of ID_NAMESPACES) {
        for (const id of flow.ids[namespace] ?? []) {
          const key = `${namespace} ${id}`;
          expect(owner.get(key) ?? flow.id, key).toBe(flow.id);
          owner.set(key, flow.id);
        }
      }
    }
  });

  test('leaves an uncut login in one piece that holds an id of its own', () => {
    for (const flow of large.truth) {
      if (!flow.cut) expect(flow.id, flow.plot).toMatch(/^\d+$/);
      const own = ID_NAMESPACES.slice(0, FIRST_CARRIER_NAMESPACE);
      expect(own.some((namespace) => flow.ids[namespace] !== undefined)).toBe(true);
    }
    const uncut = new Set(large.truth.map(({ id }) => id));
    expect(uncut.size).toBe(large.truth.length);
  });

  test('is told by lines: every id of it stands in some file', () => {
    const text = textOf(small);
    for (const { ids } of small.truth) {
      for (const id of Object.values(ids).flat()) {
        expect(text.includes(id) || text.includes(encodeURIComponent(id)), id).toBe(true);
      }
    }
  });

  test('falls under no verdict by silence near the end of the data', () => {
    const endMs = DEFAULT_WORLD.startMs + DEFAULT_WORLD.spanMs;
    for (const flow of large.truth) {
      if (flow.outcome === 'open' || flow.endedAtMs < endMs - 300_000) continue;
      expect(['succeeded', 'failed', 'abandoned']).toContain(flow.outcome);
      expect(PLOTS.find(({ name }) => name === flow.plot)?.patient ?? false, flow.plot).toBe(false);
    }
  });
});

test('an incident strikes where and when it is told to', () => {
  const { startMs, spanMs } = DEFAULT_WORLD;
  const fromMs = startMs + spanMs / 2;
  const { truth } = generateWorld({
    flows: 2000,
    incidents: [
      { plot: 'wechat_40029', fromMs, toMs: startMs + spanMs, share: 0.5, stack: 'portal' },
    ],
  });
  const hit = truth.filter(({ plot }) => plot === 'wechat_40029');
  expect(hit.filter(({ stack }) => stack === 'portal').length).toBeGreaterThan(20);
  expect(hit.filter(({ stack }) => stack !== 'portal').length).toBeLessThan(10);
  expect(hit.filter((flow) => flow.startedAtMs < fromMs).length).toBeLessThan(10);
});

test('worlds of any size and seed hold together', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, flows) => {
      const world = generateWorld({ seed, flows });
      for (const flow of world.truth) {
        expect(flow.lines).toBeGreaterThan(0);
        expect(flow.startedAtMs).toBeGreaterThanOrEqual(DEFAULT_WORLD.startMs);
      }
    }),
    { numRuns: 50 },
  );
});
