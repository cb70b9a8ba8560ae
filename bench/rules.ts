/**
 * `npm run bench:rules -- [--flows 20000] [--rounds 3]`: what rules cost. One log is analysed with
 * the first 50 event rules of the library and with 5,000: the library and copies of its rules
 * whose words and numbers are others, so that each asks for something of its own. The two take
 * turns; figures of one run compare with each other, not with those of another machine.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startAnalysis } from '../src/analysis/index.ts';
import { loadRules, type RuleSet } from '../src/ruleset/index.ts';
import { plainOf } from '../src/sigma/index.ts';
import { builtInLibrary } from './library.ts';
import { median } from './measure.ts';
import { worldFile } from './world-file.ts';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
  },
});

const RULES = fileURLToPath(new URL('../rules/', import.meta.url));

const { mappings } = builtInLibrary();
const library = loadRules(
  readdirSync(RULES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => ({ file, text: readFileSync(RULES + file, 'utf8') })),
)
  .active.map(({ document }) => plainOf(document.node) as PlainRule)
  .filter(({ logsource }) => logsource.category !== 'flow');

interface PlainRule {
  readonly logsource: { readonly category: string };
  readonly detection: Readonly<Record<string, unknown>>;
}

/** Copy `n` of a rule; copy 0 is the rule itself. */
function copy(rule: PlainRule, n: number, number: number): object {
  const detection = Object.fromEntries(
    Object.entries(rule.detection).map(([name, part]) => [
      name,
      name === 'condition' || n === 0 ? part : other(part, n),
    ]),
  );
  const hex = number.toString(16).padStart(12, '0');
  const identity = { id: `00000000-0000-4000-8000-${hex}`, name: `rule_${number}` };
  return { ...rule, ...identity, detection, custom_attributes: { 'flow.class': 'copy' } };
}

/** The same with other words and numbers: letters move on in the alphabet, characters in Unicode. */
function other(value: unknown, n: number): unknown {
  if (Array.isArray(value)) return value.map((item) => other(item, n));
  if (typeof value === 'number') return value + 1000 * n;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, other(inner, n)]));
  }
  if (typeof value !== 'string') return value;
  return value
    .replace(/(?<![\\[:{a-z])[a-z]{3,}/gi, (word) =>
      [...word].map((c, i) => moved(c, n * (i + 1) + 1)).join(''),
    )
    .replace(/\p{Script=Han}/gu, (c) =>
      String.fromCodePoint(((c.codePointAt(0) ?? 0) % 20000) + 0x4e00 + (n % 900)),
    );
}

function moved(letter: string, by: number): string {
  const base = letter >= 'a' ? 97 : 65;
  return String.fromCharCode(base + ((letter.charCodeAt(0) - base + by) % 26));
}

function rulesOf(count: number): RuleSet {
  const texts = Array.from({ length: count }, (_, number) => {
    const rule = library[number % library.length];
    return JSON.stringify(copy(rule, Math.floor(number / library.length), number));
  });
  const files = texts.map((text, number) => ({ file: `${number}.json`, text }));
  const { ruleSet, problems } = loadRules(files);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    process.stdout.write(`${errors.length} copies left out, such as ${errors[0].message}\n`);
  return ruleSet;
}

/** CPU milliseconds of one analysis. */
function run(ruleSet: RuleSet, log: Uint8Array): { ms: number; flows: number } {
  const before = process.cpuUsage();
  const analysis = startAnalysis({ ruleSet, mappings });
  const source = analysis.source('log');
  for (let at = 0; at < log.length; at += 1 << 16) source.chunk(log.subarray(at, at + (1 << 16)));
  source.end();
  const { size } = analysis.finish();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, flows: size };
}

const { path, lines } = await worldFile(Number(values.flows));
const log = readFileSync(path);
const sets = [50, 5000].map((count) => {
  const began = performance.now();
  const ruleSet = rulesOf(count);
  return { count, ruleSet, loadMs: performance.now() - began, times: [] as number[] };
});
for (let round = 0; round <= Number(values.rounds); round++) {
  for (const set of sets) {
    const { ms } = run(set.ruleSet, log);
    // The first round only warms up.
    if (round > 0) set.times.push(ms);
  }
}
for (const { count, ruleSet, loadMs, times } of sets) {
  const ms = median(times);
  const rate = log.length / 1e6 / (ms / 1000);
  process.stdout.write(
    `${String(count).padStart(5)} rules: ${ms.toFixed(0)} ms CPU for ${lines} lines, ` +
      `${rate.toFixed(0)} MB per CPU-second; ${ruleSet.events.size} detections, loaded in ${loadMs.toFixed(0)} ms\n`,
  );
}
process.stdout.write(`ratio ${(median(sets[1].times) / median(sets[0].times)).toFixed(2)}\n`);
