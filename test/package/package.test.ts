import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const lock = JSON.parse(read('package-lock.json')) as {
  packages: Record<
    string,
    { version: string; resolved?: string; dev?: true; engines?: { node?: string } }
  >;
};

test('every dependency is pinned to one version, and locked to it', () => {
  for (const [name, version] of Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
  })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    expect(lock.packages[`node_modules/${name}`].version, name).toBe(version);
  }
});

test('the lock names no registry, so that any mirror serves it', () => {
  const hosts = Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined);
  expect(hosts).toEqual([]);
});

test('what users install stays lean', () => {
  const installed = Object.entries(lock.packages).filter(([name, { dev }]) => name !== '' && !dev);
  expect(installed.map(([name]) => name).length).toBeLessThanOrEqual(30);
});
