import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIRST_CARRIER_NAMESPACE, ID_NAMESPACES } from '../../src/model/index.ts';
import { runs } from '../fuzz.ts';
import { DEFAULT_WORLD, generateWorld, type World } from './index.ts';
import { PLOTS } from './plots/index.ts';
import { STACKS } from './stacks.ts';

const small = generateWorld({ flows: 800 });
const large = generateWorld({ flows: 12_000 });

const textOf = (world: World): string =>
  world.files.map(({ lines }) => lines.join('\n')).join('\n');

const linesOf = (world: World): string[] => world.files.flatMap(({ lines }) => lines);

describe('a world', () => {
  test('is the same every time it is made from the same seed', () => {
    const again = generateWorld({ flows: 800 });
    expect(again.truth).toEqual(small.truth);
    expect(textOf(again) === textOf(small)).toBe(true);
  });

  test('is another for another seed', () => {
    expect(textOf(generateWorld({ flows: 800, seed: 2 })) === textOf(small)).toBe(false);
  });

  test('has JSON objects only, unless broken lines were asked for', () => {
    expect(linesOf(small).filter((line) => typeof JSON.parse(line) !== 'object')).toEqual([]);
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
      flows: 800,
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
  test('knows every way a login can go, each cause many times', () => {
    const counts = new Map<string, number>();
    for (const { plot } of large.truth) counts.set(plot, (counts.get(plot) ?? 0) + 1);
    for (const { name, weight } of PLOTS) {
      if (weight > 0) expect(counts.get(name) ?? 0, name).toBeGreaterThan(0);
    }
    const causes = new Map<string, number>();
    for (const { outcome, class: label } of large.truth) {
      if (outcome === 'failed') causes.set(String(label), (causes.get(String(label)) ?? 0) + 1);
    }
    for (const [cause, count] of causes) expect(count, cause).toBeGreaterThanOrEqual(5);
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
    const endings = new Map(PLOTS.map(({ name, ending }) => [name, ending]));
    const owner = new Map<string, string>();
    const shared: string[] = [];
    for (const flow of large.truth) {
      const { outcome, stage, class: label, reason } = flow;
      const said = JSON.parse(JSON.stringify({ outcome, stage, class: label, reason }));
      if (!flow.cut) expect(said, flow.plot).toEqual(endings.get(flow.plot));
      for (const [namespace, ids] of Object.entries(flow.ids)) {
        for (const id of ids) {
          const key = `${namespace} ${id}`;
          if (owner.has(key)) shared.push(key);
          owner.set(key, flow.id);
        }
      }
    }
    expect(shared).toEqual([]);
  });

  test('leaves an uncut login in one piece that holds an id of its own', () => {
    const own = ID_NAMESPACES.slice(0, FIRST_CARRIER_NAMESPACE);
    const bare = large.truth.filter(({ ids }) =>
      own.every((namespace) => ids[namespace] === undefined),
    );
    expect(bare).toEqual([]);
    expect(large.truth.filter(({ cut, id }) => !cut && !/^\d+$/.test(id))).toEqual([]);
    expect(new Set(large.truth.map(({ id }) => id)).size).toBe(large.truth.length);
  });

  test('is told by lines: every id of it stands in some file', () => {
    const words = new Set(textOf(small).split(/[^\w-]+/));
    const ids = small.truth.flatMap((flow) => Object.values(flow.ids).flat());
    expect(ids.filter((id) => !words.has(id))).toEqual([]);
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
    { numRuns: runs(50) },
  );
});
