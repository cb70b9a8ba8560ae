import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unreadable } from '../../src/source/file-source.ts';
import { findSources } from '../../src/source/index.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanlens-find-'));
  const files = {
    'logs/app.log': '{}',
    'logs/app.log.1': '{}',
    'logs/app.log.2026-11-22.gz': '{}',
    'logs/app-2026-11-23.ndjson': '{}',
    'logs/pod-a/0.log': '{}',
    'logs/pod-a/catalina.out': '{}',
    'logs/access_log': '{}',
    'logs/notes.md': 'no log',
    'logs/.hidden.log': '{}',
    'logs/shot.log.png': '\x89PNG',
    'mixed/good.log': '{}',
    'mixed/shot.log': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
    'bare/readme.md': 'nothing here',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await symlink('app.log', join(folder, 'logs/current.log'));
});
afterAll(() => rm(folder, { recursive: true }));

const find = (...args: string[]) => findSources(args, { cwd: folder, stdin: Readable.from([]) });
const names = async (...args: string[]) => (await find(...args)).sources.map(({ name }) => name);

test('a folder stands for the log files in it and below, each once', async () => {
  expect(await names('logs')).toEqual([
    'logs/access_log',
    'logs/app-2026-11-23.ndjson',
    'logs/app.log',
    'logs/app.log.1',
    'logs/app.log.2026-11-22.gz',
    'logs/pod-a/0.log',
    'logs/pod-a/catalina.out',
  ]);
});

test('a pattern stands for what it matches, sorted; ** reaches below', async () => {
  expect(await names('logs/*.ndjson', 'logs/**/0.log')).toEqual([
    'logs/app-2026-11-23.ndjson',
    'logs/pod-a/0.log',
  ]);
  expect(await names(join(folder, 'logs/app.log*'))).toEqual(
    ['app.log', 'app.log.1', 'app.log.2026-11-22.gz'].map((name) => join(folder, 'logs', name)),
  );
});

test('files keep the order given and are taken once', async () => {
  expect(await names('logs/pod-a/0.log', 'logs/app.log', '-', 'logs/app.log', '-')).toEqual([
    'logs/pod-a/0.log',
    'logs/app.log',
    'stdin',
  ]);
});

test('a file that exists is taken by its name, even when the name looks like a pattern', async () => {
  await writeFile(join(folder, 'bare/[1].log'), '{}');
  expect(await names('bare/[1].log')).toEqual(['bare/[1].log']);
});

test('what a folder sweeps up that is no text is left out with a word', async () => {
  const { sources, leftOut } = await find('mixed');
  expect(sources.map(({ name }) => name)).toEqual(['mixed/good.log']);
  expect(leftOut).toEqual(['left out mixed/shot.log: it is a PNG image']);
});

describe('mistakes name the place and what to do', () => {
  test.each([
    [['logs/ap.log'], 'no-such-file', 'logs/ap.log', 'did you mean logs/app.log?'],
    [['nowhere/x.log'], 'no-such-file', 'nowhere/x.log', 'there is no folder nowhere either'],
    [
      ['logs/*.csv'],
      'no-match',
      'logs/*.csv',
      'check the folder with ls; ** reaches into subfolders',
    ],
    [
      ['bare/readme.md/x'],
      'no-such-file',
      'bare/readme.md/x',
      'there is no folder bare/readme.md either',
    ],
  ])('%j', async (args, code, at, hint) => {
    await expect(find(...args)).rejects.toMatchObject({ code, at, hint, exitCode: 3 });
  });

  test('a folder without logs', async () => {
    await rm(join(folder, 'bare/[1].log'), { force: true });
    await expect(find('bare')).rejects.toMatchObject({ code: 'no-logs', at: 'bare', exitCode: 3 });
  });

  test('a folder or file without permission', async () => {
    const denied = Object.assign(new Error('denied'), { code: 'EACCES' });
    expect(unreadable('locked', denied)).toMatchObject({
      message: 'no permission to read this',
      at: 'locked',
      exitCode: 3,
    });
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'locked'), { mode: 0 });
    await writeFile(join(folder, 'locked.log'), '{}', { mode: 0 });
    const superuser = process.getuid?.() === 0;
    // The superuser may read everything, so the test steps down for this.
    if (superuser) process.seteuid?.(65_534);
    try {
      await expect(find('locked')).rejects.toMatchObject({ code: 'unreadable', at: 'locked' });
      await expect(find('locked.log')).rejects.toMatchObject({ code: 'unreadable', exitCode: 3 });
    } finally {
      if (superuser) process.seteuid?.(0);
    }
  });
});
