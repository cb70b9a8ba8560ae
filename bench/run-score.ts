import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wilsonInterval } from '../src/aggregate/index.ts';
import { startAnalysis } from '../src/analysis/index.ts';
import { DEFAULT_FLOW_TIMEOUT_MS } from '../src/classify/index.ts';
import { namedRules } from '../src/ruleset/index.ts';
import { builtInLibrary } from './library.ts';
import { type RunTruth, readRunTruth } from './run-truth.ts';
import {
  type Comparison,
  isCauseRight,
  isOutcomeRight,
  outcomeOf,
  type Score,
  score,
} from './score.ts';

/**
 * `npm run score -- DIR`: what scanlens makes of a simulated run, set against its truth: from its
 * logs, from its traces, and from both. Ends with 1 below a goal that is given.
 */
const USAGE = `npm run score -- DIR [--only logs|traces|both] [--mistakes]
  [--min-outcome R] [--min-cause R] [--min-purity R] [--max-false N]   ratios from 0 to 1

--min-cause is a goal for precision and for recall over causes that are exactly known; --max-false
for logins called failed that did not fail.`;

const VIEWS = { logs: ['logs'], traces: ['traces'], both: ['logs', 'traces'] } as const;

type View = keyof typeof VIEWS;

const { values, positionals } = parse();
const [folder] = positionals;
const views = (values.only === undefined ? Object.keys(VIEWS) : [values.only]) as View[];
if (values.help || folder === undefined || views.some((view) => !(view in VIEWS))) {
  print(USAGE);
  process.exit(values.help ? 0 : 2);
}

const { ruleSet, mappings } = builtInLibrary();
const classes = new Map(namedRules(ruleSet).map((rule) => [rule.name, rule.class]));
const truths = readRunTruth(folder);
const { settings } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
  settings: { timeScale: number };
};
const missed = views.filter((view) => !report(view, judge(view)));
process.exitCode = missed.length === 0 ? 0 : 1;

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        mistakes: { type: 'boolean', default: false },
        'min-outcome': { type: 'string' },
        'min-cause': { type: 'string' },
        'min-purity': { type: 'string' },
        'max-false': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    print(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** The production analysis of part of the run; a silent login ends sooner where time is short. */
function judge(view: View): Score<RunTruth> {
  const run = startAnalysis({
    ruleSet,
    mappings,
    showIds: true,
    flowTimeoutMs: DEFAULT_FLOW_TIMEOUT_MS * Math.min(settings.timeScale, 1),
  });
  for (const part of VIEWS[view]) {
    for (const name of readdirSync(join(folder as string, part)).sort()) {
      const source = run.source(`${part}/${name}`);
      source.chunk(readFileSync(join(folder as string, part, name)));
      source.end();
    }
  }
  return score(truths, run.finish().flows(), (rule) => classes.get(rule) ?? rule);
}

/** Prints one view. @returns whether it meets all goals given */
function report(view: View, result: Score<RunTruth>): boolean {
  const { comparisons } = result;
  const failed = comparisons.filter(({ truth }) => truth.outcome === 'failed');
  const exact = (comparison: Comparison<RunTruth>) => comparison.truth.certainty === 'exact';
  // Held out: no rule knows them, so that a name for one is a mistake and none is no miss.
  const known = failed.filter(({ truth }) => truth.class !== null);
  const named = comparisons.filter(({ named }) => named !== undefined && named !== null);
  const recall = share(known.filter(exact), isCauseRight);
  const precision = share(named.filter(exact), isCauseRight);
  const outcome = share(comparisons, isOutcomeRight);
  const purity = share(comparisons, ({ split, merged }) => !split && !merged);
  const falsely = comparisons.filter(
    ({ truth, judged }) => truth.outcome !== 'failed' && outcomeOf(judged) === 'failed',
  ).length;

  print(`\n${view.toUpperCase()}  ${comparisons.length} logins, ${failed.length} failed`);
  print(matrixOf(comparisons));
  const figures: (readonly [string, Share | number, string | undefined, 'least' | 'most'])[] = [
    ['outcome right', outcome, values['min-outcome'], 'least'],
    ['cause precision, exact', precision, values['min-cause'], 'least'],
    ['cause recall, exact', recall, values['min-cause'], 'least'],
    [
      'cause recall, window',
      share(
        known.filter((one) => !exact(one)),
        isCauseRight,
      ),
      undefined,
      'least',
    ],
    ['purity', purity, values['min-purity'], 'least'],
    ['split', comparisons.filter(({ split }) => split).length, undefined, 'most'],
    ['merged', comparisons.filter(({ merged }) => merged).length, undefined, 'most'],
    ['invented', result.invented.length, undefined, 'most'],
    ['called failed falsely', falsely, values['max-false'], 'most'],
  ];
  const judged = figures.map(([name, figure, goal, side]) => {
    const value = typeof figure === 'number' ? figure : figure.value;
    const met =
      goal === undefined ||
      Number.isNaN(value) ||
      (side === 'least' ? value >= Number(goal) : value <= Number(goal));
    return {
      met,
      row: [name, wordsOf(figure), goal === undefined ? '' : `goal ${goal}`, met ? '' : 'MISSED'],
    };
  });
  print(columns(judged.map(({ row }) => row)));
  if (values.mistakes) print(mistakesOf(result).join('\n'));
  return judged.every(({ met }) => met);
}

interface Share {
  readonly value: number;
  readonly of: number;
  readonly right: number;
}

function share<T>(all: readonly T[], holds: (one: T) => boolean): Share {
  const right = all.filter(holds).length;
  return { value: right / all.length, of: all.length, right };
}

function wordsOf(figure: Share | number): string {
  if (typeof figure === 'number') return String(figure);
  if (figure.of === 0) return '–';
  const { low, high } = wilsonInterval(figure.right, figure.of);
  return `${percent(figure.value)}  (${percent(low)} to ${percent(high)}, ${figure.right} of ${figure.of})`;
}

/** One row for each true cause: how many, how many were called so, and what the others were called. */
function matrixOf(comparisons: readonly Comparison<RunTruth>[]): string {
  const called = new Map<string, Comparison<RunTruth>[]>();
  const causes = new Map<string, Comparison<RunTruth>[]>();
  for (const comparison of comparisons) {
    const { truth, named, judged } = comparison;
    const verdict = labelOf(outcomeOf(judged), named);
    called.set(verdict, [...(called.get(verdict) ?? []), comparison]);
    const cause = truth.outcome === 'failed' ? String(truth.cause) : `(${truth.outcome})`;
    causes.set(cause, [...(causes.get(cause) ?? []), comparison]);
  }
  const header = [
    'truth',
    'should be called',
    'logins',
    'recall',
    '95 %',
    'precision',
    '95 %',
    'called instead',
  ];
  const rows = [...causes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cause, row]) => {
      const { truth } = row[0] as Comparison<RunTruth>;
      const name = labelOf(truth.outcome, truth.class);
      const isRight = (one: Comparison<RunTruth>) =>
        labelOf(outcomeOf(one.judged), one.named) === labelOf(one.truth.outcome, one.truth.class);
      const right = share(row, isRight);
      const precise = share(called.get(name) ?? [], isRight);
      const others = new Map<string, number>();
      for (const one of row) {
        const label = labelOf(outcomeOf(one.judged), one.named);
        if (label !== name) others.set(label, (others.get(label) ?? 0) + 1);
      }
      return [
        cause,
        name,
        String(row.length),
        percent(right.value),
        intervalOf(right),
        percent(precise.value),
        intervalOf(precise),
        [...others].map(([label, count]) => `${label} ${count}`).join(', '),
      ];
    });
  return columns([header, ...rows]);
}

function labelOf(outcome: string, label: string | null | undefined): string {
  return outcome === 'failed' ? (label ?? 'unclassified') : `(${outcome})`;
}

function intervalOf({ right, of }: Share): string {
  const { low, high } = wilsonInterval(right, of);
  return of === 0 ? '–' : `${percent(low)}–${percent(high)}`;
}

function mistakesOf({ comparisons, invented }: Score<RunTruth>): string[] {
  const wrong = comparisons.filter(
    (one) =>
      one.split ||
      one.merged ||
      !(one.truth.outcome === 'failed' ? isCauseRight(one) : isOutcomeRight(one)),
  );
  return [
    ...wrong.map(({ truth, judged, named, split, merged }) =>
      [
        truth.flowId,
        truth.ids['login.flow.id']?.[0] ?? truth.ids.trace_id?.[0] ?? '',
        truth.outcome,
        truth.cause ?? '',
        '→',
        outcomeOf(judged),
        String(named ?? ''),
        judged?.verdict.outcome.kind === 'failed'
          ? [judged.verdict.outcome.cause, ...judged.verdict.outcome.symptoms].join(' < ')
          : '',
        split ? 'split' : '',
        merged ? 'merged' : '',
      ]
        .filter((word) => word !== '')
        .join(' '),
    ),
    ...invented.map(({ flow }) => `invented ${flow.identities.map(({ text }) => text).join(' ')}`),
  ];
}

function percent(value: number): string {
  return Number.isNaN(value) ? '–' : `${(value * 100).toFixed(1)} %`;
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

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
