import { parseArgs } from 'node:util';
import { startAnalysis } from '../src/analysis/index.ts';
import { namedRules } from '../src/ruleset/index.ts';
import { DEFAULT_WORLD, type FlowTruth, generateWorld } from '../test/world/index.ts';
import { builtInLibrary } from './library.ts';
import {
  type Comparison,
  GOAL,
  isCauseRight,
  isOutcomeRight,
  meetsGoal,
  outcomeOf,
  type Score,
  score,
} from './score.ts';

/**
 * Measures the analysis against the truth of the default world, prints the confusion matrix and
 * ends with 1 when the goal is missed. `--mistakes` also lists what was judged wrongly, by kind;
 * `--lines` prints the log lines of one login of each such kind, for kinds that hold its text.
 */
const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: String(DEFAULT_WORLD.flows) },
    seed: { type: 'string', default: String(DEFAULT_WORLD.seed) },
    mistakes: { type: 'boolean', default: false },
    lines: { type: 'string' },
  },
});

const world = generateWorld({ flows: Number(values.flows), seed: Number(values.seed) });
const { ruleSet, mappings } = builtInLibrary();
const classes = new Map(namedRules(ruleSet).map((rule) => [rule.name, rule.class]));

const run = startAnalysis({ ruleSet, mappings, showIds: true });
for (const { name, lines } of world.files) {
  const source = run.source(name);
  source.chunk(Buffer.from(`${lines.join('\n')}\n`));
  source.end();
}
const analysis = run.finish();
const result = score(world.truth, analysis.flows(), (rule) => classes.get(rule) ?? rule);

print(matrixOf(result.comparisons));
print(summaryOf(result));
const mistakes = mistakesOf(result);
if (values.mistakes) print(mistakes.map(mistakeLine).join('\n'));
if (values.lines !== undefined) {
  for (const mistake of mistakes.filter(({ kind }) => kind.includes(values.lines ?? ''))) {
    print(`\n${mistakeLine(mistake)}\n${linesWith(mistake.ids).join('\n')}`);
  }
}
print(meetsGoal(result) ? 'goal met' : 'goal missed');
process.exitCode = meetsGoal(result) ? 0 : 1;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One row for each true class: how many, how many were called so, and what the others were called. */
function matrixOf(comparisons: readonly Comparison[]): string {
  const rows = new Map<string, Map<string, number>>();
  const called = new Map<string, number>();
  for (const comparison of comparisons) {
    const truth = labelOf(comparison.truth.outcome, comparison.truth.class);
    const verdict = labelOf(outcomeOf(comparison.judged), comparison.named);
    const row = rows.get(truth) ?? new Map<string, number>();
    rows.set(truth, row.set(verdict, (row.get(verdict) ?? 0) + 1));
    called.set(verdict, (called.get(verdict) ?? 0) + 1);
  }
  const header = ['truth', 'logins', 'right', 'recall', 'precision', 'called instead'];
  const table = [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([truth, row]) => {
      const total = [...row.values()].reduce((sum, count) => sum + count, 0);
      const right = row.get(truth) ?? 0;
      const others = [...row]
        .filter(([verdict]) => verdict !== truth)
        .sort(([, a], [, b]) => b - a)
        .map(([verdict, count]) => `${verdict} ${count}`);
      return [
        truth,
        String(total),
        String(right),
        percent(right / total),
        percent(right / (called.get(truth) ?? 0)),
        others.join(', '),
      ];
    });
  return columns([header, ...table]);
}

function labelOf(outcome: string, label: string | null | undefined): string {
  return outcome === 'failed' ? (label ?? 'unclassified') : `(${outcome})`;
}

function summaryOf(result: Score): string {
  return columns([
    ['outcome right', percent(result.outcomeAccuracy), `goal ${percent(GOAL.outcomeAccuracy)}`],
    [
      'cause right, of failed',
      percent(result.causeAccuracy),
      `goal ${percent(GOAL.causeAccuracy)}`,
    ],
    ['succeeded called failed', String(result.succeededCalledFailed), 'goal 0'],
    ['split', String(result.split), 'goal 0'],
    ['merged', String(result.merged), 'goal 0'],
    ['invented', String(result.invented.length), 'goal 0'],
  ]);
}

interface Mistake {
  readonly kind: string;
  readonly count: number;
  /** Ids of one such login. */
  readonly ids: readonly string[];
}

/** Mistakes of one kind together, the commonest first. */
function mistakesOf({ comparisons, invented }: Score<FlowTruth>): Mistake[] {
  const kinds = new Map<string, Mistake>();
  const add = (kind: string, ids: readonly string[]): void => {
    const known = kinds.get(kind);
    kinds.set(kind, { kind, count: (known?.count ?? 0) + 1, ids: known?.ids ?? ids });
  };
  for (const comparison of comparisons) {
    const { truth, judged, split, merged } = comparison;
    const right =
      truth.outcome === 'failed' ? isCauseRight(comparison) : isOutcomeRight(comparison);
    if (right && !split && !merged) continue;
    const outcome = judged?.verdict.outcome;
    const verdict =
      outcome?.kind === 'failed'
        ? `failed at ${outcome.stage} by ${[outcome.cause ?? 'none', ...outcome.symptoms].join(' < ')}`
        : outcomeOf(judged);
    const words = [truth.stack, truth.kind, truth.plot, truth.outcome, '→', verdict];
    if (split) words.push('split');
    if (merged) words.push('merged');
    add(words.join(' '), Object.values(truth.ids).flat());
  }
  for (const { flow } of invented) {
    add(
      'invented',
      flow.identities.map(({ text }) => text ?? ''),
    );
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

function mistakeLine({ kind, count, ids }: Mistake): string {
  return `${String(count).padStart(6)}  ${kind}  e.g. ${ids[0]}`;
}

function linesWith(ids: readonly string[]): string[] {
  return world.files.flatMap(({ name, lines }) =>
    lines.filter((line) => ids.some((id) => line.includes(id))).map((line) => `${name}: ${line}`),
  );
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(share * 100).toFixed(2)} %`;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
