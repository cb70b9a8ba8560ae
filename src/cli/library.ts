import { readFile, writeFile } from 'node:fs/promises';
import type { Kernel } from '../decode/index.ts';
import { InputError, type Problem } from '../model/index.ts';
import { type Mapping, parseMapping } from '../normalise/index.ts';
import { type LoadedRules, loadRules, type RuleFile, snapshotRules } from '../ruleset/index.ts';
import { parseSnapshot, type YamlSnapshot } from '../sigma/index.ts';
import { loadKernel } from './load-kernel.ts';
import type { FieldPath } from './option-values.ts';
import type { ReadingOptions } from './options.ts';
import { packagePath } from './package-files.ts';
import { readYamlFiles, type TextFile } from './text-files.ts';

/** What lines are read, understood and judged by. */
export interface Library {
  readonly rules: LoadedRules;
  /** Undefined where it cannot run or is not wanted. */
  readonly kernel: Kernel | undefined;
  /** The user's first: the first stage rule that matches names the stage. */
  readonly mappings: readonly Mapping[];
}

/** What the user adds to the rules and mappings of the package, and whether there is a kernel. */
export type LibraryOptions = Pick<ReadingOptions, 'rules' | 'mapping' | 'map'> &
  Partial<Pick<ReadingOptions, 'kernel'>>;

/**
 * Loads the rules and mappings of the package and those the user adds. Those of the package are
 * held sound by its tests, so a mistake is always the user's.
 * @throws InputError for the first broken file of the user.
 */
export async function loadLibrary(options: LibraryOptions, cwd: string): Promise<Library> {
  const [rules, mappings, kernel] = await Promise.all([
    loadSoundRules(options, cwd),
    loadMappings(options, cwd),
    options.kernel ? loadKernel() : undefined,
  ]);
  return { rules, mappings, kernel };
}

/** Kept for further runs in the same process. */
let builtInRules: Promise<LoadedRules> | undefined;
let builtInMappings: Promise<readonly Mapping[]> | undefined;

async function loadSoundRules(
  options: Pick<ReadingOptions, 'rules'>,
  cwd: string,
): Promise<LoadedRules> {
  if (options.rules === undefined) {
    builtInRules ??= loadAllRules({}, cwd).then(({ loaded }) => loaded);
    return builtInRules;
  }
  const { files, loaded } = await loadAllRules(options, cwd);
  const own = new Set(files.filter(({ layer }) => layer !== undefined).map(({ file }) => file));
  throwOnError(
    loaded.problems.filter(({ file }) => own.has(file)),
    'rule',
    'scanlens rules lint shows them all',
  );
  return loaded;
}

/** All rules, sound or not, without their tests. */
export async function loadAllRules(
  options: Pick<ReadingOptions, 'rules'>,
  cwd: string,
): Promise<{ readonly files: readonly RuleFile[]; readonly loaded: LoadedRules }> {
  const [files, snapshot] = await Promise.all([ruleFiles(options, cwd), readSnapshot()]);
  return { files, loaded: loadRules(files, { snapshot }) };
}

/** The texts of the built-in rules, layer 0, and of the user's, each `--rules` a layer above. */
export async function ruleFiles(
  options: Pick<ReadingOptions, 'rules'>,
  cwd: string,
): Promise<RuleFile[]> {
  const builtIn = builtInFiles('rules', 'rule');
  const own = (options.rules ?? []).map(async (path, i) => {
    const files = await readYamlFiles(path, { cwd, what: 'rule' });
    return files.map((file): RuleFile => ({ ...file, layer: i + 1 }));
  });
  return (await Promise.all([builtIn, ...own])).flat();
}

/** The mappings of the package, after those the user adds. */
export async function loadMappings(
  options: Pick<ReadingOptions, 'mapping' | 'map'>,
  cwd: string,
): Promise<readonly Mapping[]> {
  const files = (options.mapping ?? []).map((path) =>
    readYamlFiles(path, { cwd, what: 'mapping' }),
  );
  const own = [
    ...(options.map === undefined ? [] : [{ file: '--map', text: mappingText(options.map) }]),
    ...(await Promise.all(files)).flat(),
  ].map(({ file, text }) => parseMapping(file, text));
  throwOnError(
    own.flatMap(({ problems }) => problems),
    'mapping',
  );
  builtInMappings ??= Promise.all([builtInFiles('mappings', 'mapping'), readSnapshot()]).then(
    ([texts, snapshot]) =>
      texts.map(({ file, text }) => parseMapping(file, text, snapshot).mapping),
  );
  return [...own.map(({ mapping }) => mapping), ...(await builtInMappings)];
}

/**
 * The built-in YAML as the build has read it before: most of the start would go into reading it.
 * Absent where the program runs from its sources; texts that changed since are read anew.
 */
async function readSnapshot(): Promise<YamlSnapshot | undefined> {
  snapshot ??= readFile(SNAPSHOT, 'utf8').then(parseSnapshot, () => undefined);
  return snapshot;
}

let snapshot: Promise<YamlSnapshot | undefined> | undefined;

const SNAPSHOT = new URL('../yaml-snapshot.json', import.meta.url);

/** Makes what {@link readSnapshot} reads; the last step of the build. */
export async function writeSnapshot(): Promise<void> {
  const files = await Promise.all([
    builtInFiles('rules', 'rule'),
    builtInFiles('mappings', 'mapping'),
  ]);
  await writeFile(SNAPSHOT, snapshotRules(files.flat()));
}

/** The files of the package, named as they stand in it. */
async function builtInFiles(folder: string, what: string): Promise<TextFile[]> {
  const files = await readYamlFiles(packagePath(folder), { cwd: '/', what });
  const root = packagePath('');
  return files.map(({ file, text }) => ({ file: file.slice(root.length), text }));
}

/** JSON is YAML. */
function mappingText(pairs: readonly FieldPath[]): string {
  const fields: Record<string, string[]> = {};
  for (const { field, path } of pairs) fields[field] = [...(fields[field] ?? []), path];
  return JSON.stringify({ fields });
}

/** @throws InputError for the first error, if there is one. */
function throwOnError(problems: readonly Problem[], what: string, advice?: string): void {
  const mistake = mistakeIn(problems, what, advice);
  if (mistake !== undefined) throw mistake;
}

/** The first error, with a word on how many more there are. */
export function mistakeIn(
  problems: readonly Problem[],
  what: string,
  advice?: string,
): InputError | undefined {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return undefined;
  const hints = [
    first.hint,
    errors.length > 1 ? `${errors.length - 1} more` : undefined,
    errors.length > 1 ? advice : undefined,
  ].filter((hint) => hint !== undefined);
  return new InputError(`broken-${what}`, {
    message: `broken ${what}: ${first.message}`,
    at: `${first.file}:${first.line}:${first.column}`,
    hint: hints.length === 0 ? undefined : hints.join('; '),
  });
}
