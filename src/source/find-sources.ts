import { lstat, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { closestName, InputError } from '../model/index.ts';
import { contentKind, HEAD_BYTES } from './content-kind.ts';
import { fileSource, unreadable } from './file-source.ts';
import { followedSource } from './followed-source.ts';
import { notText } from './plain-content.ts';
import type { Source } from './source.ts';
import { streamSource } from './stream-source.ts';

export interface FoundSources {
  readonly sources: readonly Source[];
  /** Files that a glob or folder swept up but that are evidently no text, one sentence each. */
  readonly leftOut: readonly string[];
}

interface FoundFile {
  readonly name: string;
  /** True when the user gave this very name; false when a glob or folder swept it up. */
  readonly named: boolean;
}

/**
 * Names that log files and their rotated, dated or compressed successors bear:
 * `app.log`, `app.log.3.gz`, `app-2026-11-23.ndjson.zst`, `access_log`, `catalina.out`, `spans.otlp`.
 */
const LOG_NAME =
  /(^|[._-])(log|logs|jsonl?|ndjson|txt|out|err|stdout|stderr|otlp|pb)([._-][\dT:_.-]*\d)?(\.(?:gz|zst))?$/i;

/**
 * Turns what stands on the command line into sources: `-` is standard input, a folder stands for
 * the log files in it and below (by name, hidden ones left out), a pattern for what it matches.
 * Each file is taken once, in the order given; folders and patterns are sorted.
 * @throws InputError for what does not exist, cannot be read, matches nothing or is no text.
 */
export async function findSources(
  args: readonly string[],
  {
    cwd,
    stdin,
    taken = new Set(),
    follow = false,
  }: {
    readonly cwd: string;
    readonly stdin: Readable;
    /** What earlier searches have found is not found again. */
    readonly taken?: Set<string>;
    /** Plain files are read on as they grow. */
    readonly follow?: boolean;
  },
): Promise<FoundSources> {
  const sources: Source[] = [];
  const leftOut: string[] = [];
  for (const arg of args) {
    if (arg === '-') {
      if (!taken.has(arg)) sources.push(streamSource(stdin));
      taken.add(arg);
      continue;
    }
    for (const { name, named } of await filesOf(arg, cwd)) {
      const path = resolve(cwd, name);
      const info = await statOf(path, name);
      const identity = `${info.dev}:${info.ino}`;
      const isTaken = taken.has(identity) || (follow && taken.has(path));
      taken.add(identity);
      if (isTaken) continue;
      // A file that is followed may be made anew under its name, and goes on being it.
      if (follow) taken.add(path);
      let isPlain = false;
      // Looking into a pipe would take its first bytes away: it is judged when it is read.
      if (info.isFile()) {
        const content = contentKind(await headOf(path, name));
        if (content.kind === 'not-text') {
          if (named) throw notText(name, content);
          leftOut.push(`left out ${name}: it is ${content.what}`);
          continue;
        }
        isPlain = content.kind === 'plain';
        if (follow && isPlain) {
          sources.push(followedSource(path, name));
          continue;
        }
      }
      const sizeBytes = info.isFile() ? info.size : undefined;
      sources.push(fileSource(path, { name, sizeBytes, isPlain }));
    }
  }
  return { sources, leftOut };
}

async function filesOf(arg: string, cwd: string): Promise<FoundFile[]> {
  let info: Awaited<ReturnType<typeof stat>>;
  try {
    info = await stat(resolve(cwd, arg));
  } catch (error) {
    const problem = error as NodeJS.ErrnoException;
    if (problem.code !== 'ENOENT' && problem.code !== 'ENOTDIR') throw unreadable(arg, problem);
    return filesLike(arg, cwd);
  }
  if (!info.isDirectory()) return [{ name: arg, named: true }];
  const names = await logsBelow(resolve(cwd, arg), arg);
  if (names.length === 0) {
    throw new InputError('no-logs', {
      message: 'no log files in this folder',
      at: arg,
      hint: `name the files themselves, for example: scanlens '${join(arg, '*')}'`,
      exitCode: 3,
    });
  }
  return names.map((name) => ({ name, named: false }));
}

async function filesLike(pattern: string, cwd: string): Promise<FoundFile[]> {
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(pattern)) throw await noSuchFile(pattern, cwd);
  const absolute = isAbsolute(pattern);
  const names = await glob(pattern, { cwd, absolute, expandDirectories: false });
  if (names.length === 0) {
    throw new InputError('no-match', {
      message: 'no file matches this pattern',
      at: pattern,
      hint: 'check the folder with ls; ** reaches into subfolders',
      exitCode: 3,
    });
  }
  return names.sort(byCodeUnits).map((name) => ({ name, named: false }));
}

async function noSuchFile(name: string, cwd: string): Promise<InputError> {
  const link = await lstat(resolve(cwd, name)).catch(() => undefined);
  if (link !== undefined) {
    return new InputError('no-such-file', {
      message: 'this link leads to no file',
      at: name,
      exitCode: 3,
    });
  }
  const folder = resolve(cwd, dirname(name));
  const neighbours = await readdir(folder).catch(() => undefined);
  const near = neighbours && neighbourLike(basename(name), neighbours.sort(byCodeUnits));
  return new InputError('no-such-file', {
    message: 'no such file or folder',
    at: name,
    hint:
      near !== undefined
        ? `did you mean ${join(dirname(name), near)}?`
        : neighbours === undefined
          ? `there is no folder ${dirname(name)} either`
          : undefined,
    exitCode: 3,
  });
}

/** By the name before the last dot: that two files end in `.log` makes them no more alike. */
function neighbourLike(name: string, neighbours: readonly string[]): string | undefined {
  const stem = (file: string) => file.slice(0, file.length - extname(file).length);
  const near = closestName(stem(name), neighbours.map(stem));
  return neighbours.find((file) => stem(file) === near);
}

/** Log files of a folder and the folders below it, sorted. Linked folders are not entered. */
async function logsBelow(path: string, name: string): Promise<string[]> {
  let entries: Awaited<ReturnType<typeof entriesOf>>;
  try {
    entries = await entriesOf(path);
  } catch (error) {
    throw unreadable(name, error as NodeJS.ErrnoException);
  }
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => byCodeUnits(a.name, b.name))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const entryPath = join(path, entry.name);
    const entryName = join(name, entry.name);
    if (entry.isDirectory()) found.push(...(await logsBelow(entryPath, entryName)));
    else if (LOG_NAME.test(entry.name) && (entry.isFile() || (await isFile(entryPath)))) {
      found.push(entryName);
    }
  }
  return found;
}

const entriesOf = (path: string) => readdir(path, { withFileTypes: true });

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

async function statOf(path: string, name: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw unreadable(name, error as NodeJS.ErrnoException);
  }
}

async function headOf(path: string, name: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(name, error as NodeJS.ErrnoException);
  }
}

/** The same order on every machine, whatever its locale. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
