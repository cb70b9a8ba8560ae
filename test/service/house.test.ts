import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

const filesOf = (building: string) =>
  readdirSync(join(SRC, building), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({
      name,
      imports: [
        ...readFileSync(join(SRC, building, name), 'utf8').matchAll(/\bfrom '(\.[^']+)'/g),
      ].map((match) => join(building, name, '..', match[1])),
    }));

test('the service is a building of its own', () => {
  const files = filesOf('service');
  expect(files.length).toBeGreaterThan(50);
  const strangers = files.flatMap(({ name, imports }) =>
    imports.filter((path) => !path.startsWith('service/')).map((path) => `${name}: ${path}`),
  );
  expect(strangers).toEqual([]);
});

test('the simulated platform knows nothing of the service it is for', () => {
  const strangers = filesOf('sim/platform').flatMap(({ name, imports }) =>
    imports.filter((path) => !path.startsWith('sim/')).map((path) => `${name}: ${path}`),
  );
  expect(strangers).toEqual([]);
});

test('the states of a login are pure', () => {
  for (const { name, imports } of filesOf('service/login-flow')) {
    expect(
      imports.filter((path) => !path.startsWith('service/login-flow/')),
      name,
    ).toEqual([]);
    const text = readFileSync(join(SRC, 'service/login-flow', name), 'utf8');
    expect(text).not.toMatch(/Date\.now|Math\.random|process\.|from 'node:/);
  }
});

test('no lower room of the service reaches up to its routes or pages', () => {
  for (const room of ['login-flow', 'wechat', 'store', 'security', 'telemetry', 'risk', 'config']) {
    for (const { name, imports } of filesOf(`service/${room}`)) {
      const up = imports.filter((path) => /^service\/(routes|pages|login)\//.test(path));
      expect(up, `${room}/${name}`).toEqual([]);
    }
  }
});
