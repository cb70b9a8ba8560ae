/**
 * How often the gate cries wolf, and how often it catches one: simulated days of logins, with and
 * without bursts of failures, with and without a regression, beside two simpler rules.
 *
 *   npx tsx bench/gate-simulation.ts [repetitions, 2000 by default] [seed]
 *
 * Exits 1 when the gate errs more often than it says.
 */

import { normalQuantile } from '../src/aggregate/index.ts';
import {
  addFailures,
  addMinute,
  type Baseline,
  type Check,
  DEFAULT_CONFIG,
  decide,
  emptySnapshot,
  type GrowingSnapshot,
  groupOf,
  type Snapshot,
  scoreZ,
  seeded,
} from '../src/gate/index.ts';

const MINUTE_MS = 60_000;
const START_MINUTE = 29_600_000;
const DAY_MINUTES = 1440;
const BASELINE_FLOWS = 20_000;
const CANDIDATE_FLOWS = 5_000;
const FLOWS_A_MINUTE = BASELINE_FLOWS / DAY_MINUTES;
const CAUSES = ['upstream_timeout', 'code_used', 'state_mismatch', 'unclassified'];
const ONE_SIDED_Z = normalQuantile(0.95);

/** Failure rate of a kind of traffic, and its share on either side. */
interface Stratum {
  readonly name: string;
  readonly rate: number;
  readonly baselineShare: number;
  readonly candidateShare: number;
}

interface Cell {
  readonly name: string;
  readonly strata: readonly Stratum[];
  /** Squared coefficient of variation of the failure rate from one spell to the next. */
  readonly unrest: number;
  /** How long a spell lasts. */
  readonly spellMinutes: number;
  /** Added to the candidate's rates. */
  readonly regression: number;
  /** The most often that the gate may fail; undefined where nothing is promised. */
  readonly atMost?: number;
  /** The least often that the gate must fail. */
  readonly atLeast?: number;
}

const ALIKE: readonly Stratum[] = [
  { name: 'all', rate: 0.03, baselineShare: 1, candidateShare: 1 },
];

/** Clients of version 8 fail more, and become more. */
const SHIFTED: readonly Stratum[] = [
  { name: '7', rate: 0.02, baselineShare: 0.8, candidateShare: 0.5 },
  { name: '8', rate: 0.08, baselineShare: 0.2, candidateShare: 0.5 },
];

const NONE = { unrest: 0, spellMinutes: 30 };
const MILD = { unrest: 0.08, spellMinutes: 30 };
const STRONG = { unrest: 0.2, spellMinutes: 30 };
const LONG = { unrest: 0.1, spellMinutes: 60 };

const CELLS: readonly Cell[] = [
  { name: 'no regression, no bursts', strata: ALIKE, ...NONE, regression: 0, atMost: 0.07 },
  { name: 'no regression, mild bursts', strata: ALIKE, ...MILD, regression: 0, atMost: 0.07 },
  { name: 'no regression, strong bursts', strata: ALIKE, ...STRONG, regression: 0, atMost: 0.07 },
  // Six spells make a candidate: so few that no estimate of their unrest is good.
  { name: 'no regression, hour-long bursts', strata: ALIKE, ...LONG, regression: 0, atMost: 0.1 },
  { name: 'mix shift, no bursts', strata: SHIFTED, ...NONE, regression: 0, atMost: 0.07 },
  { name: 'mix shift, mild bursts', strata: SHIFTED, ...MILD, regression: 0, atMost: 0.07 },
  { name: 'mix shift, strong bursts', strata: SHIFTED, ...STRONG, regression: 0, atMost: 0.07 },
  { name: '+1 pp, no bursts', strata: ALIKE, ...NONE, regression: 0.01, atLeast: 0.8 },
  { name: '+1 pp, mild bursts', strata: ALIKE, ...MILD, regression: 0.01 },
  { name: '+1 pp, strong bursts', strata: ALIKE, ...STRONG, regression: 0.01 },
  { name: '+1 pp and mix shift', strata: SHIFTED, ...NONE, regression: 0.01 },
  { name: '+2 pp, strong bursts', strata: ALIKE, ...STRONG, regression: 0.02 },
];

const check = (id: string, value: number, per?: 'rule'): Check => ({
  id,
  metric: { kind: 'failure_rate', of: undefined },
  per,
  limits: [{ kind: 'max_increase', value }],
  falseDiscoveryRate: 0.05,
  dependence: 'independent',
  level: 'error',
});

const CHECKS = [check('any', 0), check('half', 0.005), check('rules', 0.002, 'rule')];

interface Random {
  /** In [0, 1). */
  readonly uniform: () => number;
  readonly poisson: (mean: number) => number;
  /** With mean 1 and this variance. */
  readonly gamma: (variance: number) => number;
}

function randomOf(seed: number): Random {
  const uniform = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    poisson(mean) {
      const limit = Math.exp(-mean);
      let k = 0;
      for (let product = uniform(); product > limit; product *= uniform()) k++;
      return k;
    },
    // Marsaglia and Tsang (2000), for shapes above 1.
    gamma(variance) {
      if (variance === 0) return 1;
      const shape = 1 / variance;
      const d = shape - 1 / 3;
      const c = 1 / Math.sqrt(9 * d);
      for (;;) {
        const x = normal();
        const v = (1 + c * x) ** 3;
        if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d * (1 - v + Math.log(v)))
          return (d * v) / shape;
      }
    },
  };
}

function simulate(cell: Cell, side: 'baseline' | 'candidate', random: Random): GrowingSnapshot {
  const snapshot = emptySnapshot();
  const flows = side === 'baseline' ? BASELINE_FLOWS : CANDIDATE_FLOWS;
  const length = Math.round(flows / FLOWS_A_MINUTE);
  const start = START_MINUTE + (side === 'baseline' ? 0 : 7 * DAY_MINUTES);
  const regression = side === 'candidate' ? cell.regression : 0;
  snapshot.fromMs = start * MINUTE_MS;
  snapshot.toMs = (start + length) * MINUTE_MS;
  // Spells do not begin when the clock strikes.
  const offset = Math.floor(random.uniform() * cell.spellMinutes);
  let spell = 1;
  for (let minute = 0; minute < length; minute++) {
    if (minute === 0 || (minute + offset) % cell.spellMinutes === 0)
      spell = random.gamma(cell.unrest);
    let decided = 0;
    let failed = 0;
    for (const stratum of cell.strata) {
      const share = side === 'baseline' ? stratum.baselineShare : stratum.candidateShare;
      const rate = Math.min(1, (stratum.rate + regression) * spell);
      const group = groupOf(snapshot, cell.strata.length > 1 ? [stratum.name] : []);
      const begun = random.poisson(FLOWS_A_MINUTE * share);
      for (let i = 0; i < begun; i++) {
        if (random.uniform() >= rate) group.succeeded++;
        else {
          failed++;
          const cause = CAUSES[Math.floor(random.uniform() * CAUSES.length)];
          addFailures(group, 'exchange', cause, 1);
        }
      }
      decided += begun;
    }
    addMinute(snapshot, start + minute, { begun: decided, decided, failed });
  }
  return snapshot;
}

function totalOf(snapshot: Snapshot) {
  let events = 0;
  let trials = 0;
  for (const { decided, failed } of snapshot.minutes.values()) {
    events += failed;
    trials += decided;
  }
  return { events, trials };
}

interface Shares {
  dispersion: number;
  ratio: number;
  z: number;
  any: number;
  half: number;
  rules: number;
  inconclusive: number;
}

function run(cell: Cell, repetitions: number, seed: number): Shares {
  const random = randomOf(seed);
  const sums: Shares = {
    dispersion: 0,
    ratio: 0,
    z: 0,
    any: 0,
    half: 0,
    rules: 0,
    inconclusive: 0,
  };
  const strata = cell.strata.length > 1 ? ['version_major'] : [];
  const config = { ...DEFAULT_CONFIG, strata, checks: CHECKS };
  for (let i = 0; i < repetitions; i++) {
    const before = simulate(cell, 'baseline', random);
    const after = simulate(cell, 'candidate', random);
    const baseline: Baseline = {
      toolVersion: '0',
      strata,
      population: { flowTimeoutMs: config.flowTimeoutMs, retries: undefined },
      windows: [{ rulesDigest: 'same', snapshot: before }],
    };
    const decision = decide({ config, candidate: after, rulesDigest: 'same', baseline });
    const both = { candidate: totalOf(after), baseline: totalOf(before) };
    const ratio =
      both.candidate.events / both.candidate.trials / (both.baseline.events / both.baseline.trials);
    sums.dispersion += decision.burstiness?.factor ?? 1;
    if (ratio > 1.1) sums.ratio++;
    if (scoreZ(both) > ONE_SIDED_Z) sums.z++;
    const [any, half, rules] = decision.checks.map(({ verdict }) => verdict);
    if (any === 'fail') sums.any++;
    if (half === 'fail') sums.half++;
    if (half === 'inconclusive') sums.inconclusive++;
    if (rules === 'fail') sums.rules++;
  }
  return Object.fromEntries(
    Object.entries(sums).map(([key, sum]) => [key, sum / repetitions]),
  ) as unknown as Shares;
}

const repetitions = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? 20_261_123);
const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

console.log(
  `${repetitions} simulated pairs a row, seed ${seed}: ${BASELINE_FLOWS} flows of a day against ${CANDIDATE_FLOWS} of six hours, one-sided 95%\n`,
);
console.log(
  '| traffic | mean φ | ratio > 1.1 | z-test | gate, +0 pp | gate, +0.5 pp | … inconclusive | gate per rule, +0.2 pp | asked |',
);
console.log('|-|-|-|-|-|-|-|-|-|');
let broken = false;
CELLS.forEach((cell, i) => {
  const shares = run(cell, repetitions, seed + i);
  const asked =
    cell.atMost !== undefined
      ? `≤ ${percent(cell.atMost)}`
      : cell.atLeast !== undefined
        ? `≥ ${percent(cell.atLeast)}`
        : '';
  const kept =
    (cell.atMost === undefined || Math.max(shares.any, shares.rules) <= cell.atMost) &&
    (cell.atLeast === undefined || shares.any >= cell.atLeast);
  broken ||= !kept;
  console.log(
    `| ${[
      cell.name,
      shares.dispersion.toFixed(2),
      percent(shares.ratio),
      percent(shares.z),
      `**${percent(shares.any)}**`,
      percent(shares.half),
      percent(shares.inconclusive),
      percent(shares.rules),
      `${asked}${kept ? '' : ' BROKEN'}`,
    ].join(' | ')} |`,
  );
});
process.exitCode = broken ? 1 : 0;
