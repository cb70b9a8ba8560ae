import { readFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Problem } from '../../model/index.ts';
import { loadRules } from '../../ruleset/index.ts';
import {
  problemOutput,
  readCorpusCases,
  runTests,
  testJUnit,
  testText,
} from '../../workshop/index.ts';
import type { Context } from '../context.ts';
import { openDestination } from '../destination.ts';
import { DONE, type Ending } from '../ending.ts';
import { loadMappings, ruleFiles } from '../library.ts';
import { packagePath } from '../package-files.ts';
import { unknownRule } from './rules-list.ts';

export interface TestCommandOptions {
  readonly rules?: readonly string[];
  readonly mutate?: true;
  /** Ratio from 0 to 1. */
  readonly minCoverage?: number;
  readonly junit?: string;
  readonly watch?: true;
}

/** Runs the rules' own tests, once or whenever a file changes. */
export async function test(
  names: readonly string[],
  options: TestCommandOptions,
  context: Context,
): Promise<Ending> {
  const ending = await testOnce(names, options, context);
  if (!options.watch) return ending;
  for await (const _ of changes(options.rules ?? [packagePath('rules')], context)) {
    await context.stdout.write('\n');
    await testOnce(names, options, context);
  }
  return { kind: 'interrupted' };
}

async function testOnce(
  names: readonly string[],
  options: TestCommandOptions,
  context: Context,
): Promise<Ending> {
  const { io, stdout } = context;
  const junit = await openDestination(options.junit, context);
  const files = await ruleFiles(options, io.cwd);
  const loaded = loadRules(files);
  const unknown = names.find(
    (name) =>
      !loaded.documents.some(({ facts }) => [facts.name, facts.id, facts.class].includes(name)),
  );
  if (unknown !== undefined) throw unknownRule(unknown, loaded.documents);
  const problems: Problem[] = [...loaded.problems];
  const corpusCases = files
    .filter(({ file }) => /\.test\.ya?ml$/.test(file))
    .flatMap((file) => {
      const base = resolve(file.layer === undefined ? packagePath('') : io.cwd, dirname(file.file));
      return readCorpusCases(file, (corpus) => readText(resolve(base, corpus)), problems);
    });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    await stdout.write(problemOutput(errors, 'text'));
    return { kind: 'broken-rules' };
  }
  const result = runTests(loaded, await loadMappings({}, io.cwd), {
    only: names,
    mutate: options.mutate ?? false,
    corpusCases,
  });
  await stdout.write(testText(result));
  await junit?.write(testJUnit(result));
  await junit?.close();
  const isCovered = result.leafCoverage >= (options.minCoverage ?? 0);
  return result.failed === 0 && result.problems.length === 0 && isCovered
    ? DONE
    : { kind: 'findings' };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Editors write a file in several steps: changes that come together count once. */
const SETTLE_MS = 100;

/** Yields after each change below one of the paths, until the user interrupts. */
async function* changes(paths: readonly string[], { io }: Context): AsyncGenerator<void> {
  const stop = new AbortController();
  const stopListening = io.onInterrupt(() => stop.abort());
  let wake = () => {};
  let changed = false;
  const watchers = paths.map(async (path) => {
    for await (const _ of watch(resolve(io.cwd, path), { recursive: true, signal: stop.signal })) {
      changed = true;
      wake();
    }
  });
  const ended = Promise.all(watchers).catch((error) => {
    if (!stop.signal.aborted) throw error;
  });
  try {
    while (!stop.signal.aborted) {
      await Promise.race([
        ended,
        new Promise<void>((done) => {
          wake = done;
          if (changed) done();
        }),
      ]);
      if (stop.signal.aborted) return;
      await new Promise((done) => setTimeout(done, SETTLE_MS));
      changed = false;
      yield;
    }
  } finally {
    stop.abort();
    stopListening();
  }
}
