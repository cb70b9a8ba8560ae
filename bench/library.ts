import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Problem } from '../src/model/index.ts';
import { type Mapping, parseMapping } from '../src/normalise/index.ts';
import { loadRules, type RuleSet } from '../src/ruleset/index.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The rules and mappings that come with the package. */
export function builtInLibrary(): { ruleSet: RuleSet; mappings: readonly Mapping[] } {
  const { ruleSet, problems } = loadRules(yamlFiles('rules'));
  const read = yamlFiles('mappings').map(({ file, text }) => parseMapping(file, text));
  throwOnError([...problems, ...read.flatMap((mapping) => mapping.problems)]);
  return { ruleSet, mappings: read.map(({ mapping }) => mapping) };
}

function yamlFiles(folder: string): { file: string; text: string }[] {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => {
      const file = `${folder}/${path}`;
      return { file, text: readFileSync(`${ROOT}${file}`, 'utf8') };
    });
}

function throwOnError(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const places = errors.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  if (places.length > 0) throw new Error(places.join('\n'));
}
