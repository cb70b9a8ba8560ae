import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(root + name, 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  files: string[];
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

test('the pages that help and messages name are part of the package', () => {
  const named = new Set<string>();
  for (const file of globSync(['src/cli/**/*.ts', 'src/report/**/*.ts'], { cwd: root })) {
    for (const [page] of read(file).matchAll(/docs\/[a-z]+\.md/g)) named.add(page);
  }
  expect([...named].sort()).toEqual(['docs/gate.md', 'docs/inputs.md']);
  const packed = globSync([...manifest.files], { cwd: root });
  for (const page of named) expect(packed).toContain(page);
});

test('what users install stays lean', () => {
  const installed = Object.entries(lock.packages).filter(([name, { dev }]) => name !== '' && !dev);
  expect(installed.map(([name]) => name).length).toBeLessThanOrEqual(30);
});
