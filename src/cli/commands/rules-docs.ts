import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadRules } from '../../ruleset/index.ts';
import { rulePages } from '../../workshop/index.ts';
import type { Context } from '../context.ts';
import { DONE, type Ending } from '../ending.ts';
import { noticeLine } from '../error-line.ts';
import { ruleFiles } from '../library.ts';

export interface DocsCommandOptions {
  readonly rules?: readonly string[];
  readonly out: string;
  readonly check?: true;
}

/** Writes a page for each rule and an index in both languages, or tells which are out of date. */
export async function docs(options: DocsCommandOptions, { io, stdout }: Context): Promise<Ending> {
  const root = resolve(io.cwd, options.out);
  const pages = new Map(
    rulePages(loadRules(await ruleFiles(options, io.cwd))).map(({ path, text }) => [path, text]),
  );
  const present = new Map<string, string>();
  for (const path of await pagesBelow(root)) {
    present.set(path, await readFile(join(root, path), 'utf8'));
  }
  const stale = [...present.keys()].filter((path) => !pages.has(path));
  const changed = [...pages].filter(([path, text]) => present.get(path) !== text);
  if (options.check) {
    for (const path of [...changed.map(([path]) => path), ...stale].sort()) {
      io.stderr.write(noticeLine(`${join(options.out, path)} is out of date`));
    }
    return changed.length + stale.length > 0 ? { kind: 'findings' } : DONE;
  }
  for (const [path, text] of changed) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const path of stale) await rm(join(root, path));
  await stdout.write(
    `${pages.size} pages in ${options.out}: ${changed.length} written, ${stale.length} removed\n`,
  );
  return DONE;
}

/** Only the folders that the pages live in: anything else below `root` is not ours. */
async function pagesBelow(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const language of ['en', 'zh']) {
    const names = await readdir(join(root, language)).catch(() => []);
    found.push(
      ...names.filter((name) => name.endsWith('.md')).map((name) => `${language}/${name}`),
    );
  }
  return found;
}
