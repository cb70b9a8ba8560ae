import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** The rooms in the order data walks through them; each may use those before it. */
const ROOMS = [
  'model',
  'source',
  'decode',
  'sigma',
  'normalise',
  'ruleset',
  'correlate',
  'classify',
  'aggregate',
  'analysis',
  'gate',
  'report',
  'workshop',
  'cli',
];

/** Rooms that touch the world outside; all others are pure. */
const WORLDLY = ['source', 'cli'];

/**
 * The reference login service and its simulator: a building of their own, which meets the rooms
 * in log lines only.
 */
const BESIDE = ['service', 'sim'];

const SRC = fileURLToPath(new URL('../src', import.meta.url));

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => {
    const text = readFileSync(join(SRC, name), 'utf8');
    return { name, room: name.split(/[\\/]/)[0], code: withoutComments(text) };
  });

const files = sources.filter(({ room }) => !BESIDE.includes(room));

test('every room is known', () => {
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter(({ room }) => !ROOMS.includes(room)).map(({ name }) => name)).toEqual([]);
});

describe.each(files)('$name', ({ name, room, code }) => {
  test('imports only from rooms before its own, through their face', () => {
    for (const specifier of importsOf(code)) {
      if (!specifier.startsWith('.')) continue;
      const target = join('/', name, '..', specifier).slice(1).split(/[\\/]/);
      if (target[0] === room) continue;
      expect(ROOMS.indexOf(target[0]), `${specifier}: a known room`).toBeGreaterThanOrEqual(0);
      expect(ROOMS.indexOf(target[0]), `${specifier}: a room before ${room}`).toBeLessThan(
        ROOMS.indexOf(room),
      );
      expect(target.slice(1), `${specifier}: its face`).toEqual(['index.ts']);
    }
  });
});

test('no files of any room or building need each other', () => {
  const known = new Set(sources.map(({ name }) => name));
  const needs = new Map(
    sources.map(({ name, code }) => [
      name,
      importsOf(code)
        .map((specifier) => join(name, '..', specifier))
        .filter((target) => known.has(target)),
    ]),
  );
  /** Files on the way from the first to the one at hand, and those that lead into no circle. */
  const way: string[] = [];
  const done = new Set<string>();
  const circles: string[] = [];
  const follow = (name: string): void => {
    if (done.has(name)) return;
    const met = way.indexOf(name);
    if (met >= 0) {
      circles.push([...way.slice(met), name].join(' → '));
      return;
    }
    way.push(name);
    for (const target of needs.get(name)!) follow(target);
    way.pop();
    done.add(name);
  };
  for (const { name } of sources) follow(name);
  expect(circles).toEqual([]);
});

test('what stands beside the rooms shares nothing with them', () => {
  const shared = sources
    .filter(({ room }) => BESIDE.includes(room))
    .flatMap(({ name, code }) =>
      importsOf(code)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => join('/', name, '..', specifier).split(/[\\/]/)[1])
        .filter((room) => !BESIDE.includes(room))
        .map((room) => `${name} → ${room}`),
    );
  expect(shared).toEqual([]);
});

describe.each(files.filter(({ room }) => !WORLDLY.includes(room)))('$name', ({ code }) => {
  test('knows nothing of the world outside', () => {
    expect(importsOf(code).filter((specifier) => specifier.startsWith('node:'))).toEqual([]);
    expect(
      withoutStrings(code).match(
        /\b(process|console|performance)\.|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/g,
      ) ?? [],
    ).toEqual([]);
  });
});

function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map((m) => m[1]);
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function withoutStrings(code: string): string {
  return code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}
