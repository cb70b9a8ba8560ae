import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countDuration,
  emptyHistogram,
  meanMs,
  normalQuantile,
  wilsonInterval,
} from '../../src/aggregate/index.ts';
import {
  adjustForDiscovery,
  binomialCdf,
  chiSquareSurvival,
  clopperPearson,
  countDispersion,
  differenceInterval,
  differenceOf,
  dispersionOf,
  eventRateEstimate,
  fisherExact,
  growthToDecide,
  homogeneity,
  incompleteBeta,
  logGamma,
  lowerGamma,
  mantelHaenszelTest,
  mantelHaenszelZ,
  meanEstimate,
  normalCdf,
  normalInterval,
  normalSurvival,
  pooledDifference,
  pooledOddsRatio,
  pooledRatio,
  quantileEstimate,
  quantileRanks,
  rateEstimate,
  ratioOf,
  type Sample,
  scoreZ,
  seeded,
  type TwoSamples,
  trialsPerGroup,
  upperGamma,
  woolfTest,
  yates,
} from '../../src/gate/index.ts';
import { runs } from '../fuzz.ts';

const close = (actual: number, expected: number, tolerance = 1e-12) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
    tolerance * Math.max(Math.abs(expected), Number.MIN_VALUE),
  );

const sample = (most = 100_000): fc.Arbitrary<Sample> =>
  fc
    .integer({ min: 0, max: most })
    .chain((trials) => fc.nat(trials).map((events) => ({ events, trials })));

const twoSamples = (most?: number): fc.Arbitrary<TwoSamples> =>
  fc.record({ candidate: sample(most), baseline: sample(most) });

describe('special functions', () => {
  test.each([
    [0.5, 0.5723649429247001],
    [1, 0],
    [2.5, 0.2846828704729192],
    [10, 12.801827480081469],
    [1e5, 1051287.708973657],
  ])('ln Γ(%d)', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(1, expected));
  });

  test.each([
    [0, 0.5],
    [1.959963984540054, 0.975],
    [1, 0.8413447460685429],
    [-3, 0.0013498980316300946],
    [-6, 9.865876450376981e-10],
    [-10, 7.619853024160527e-24],
    [-37, 5.725571222524577e-300],
  ])('normal distribution at %d', (z, expected) => close(normalCdf(z), expected, 1e-13));

  test('normal distribution and its quantile undo each other', () =>
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 0.5, noNaN: true }), (p) => {
        close(normalCdf(normalQuantile(p)), p, 1e-11);
        close(normalSurvival(-normalQuantile(p)), p, 1e-11);
      }),
    ));

  test('gamma parts add up', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        (a, x) => {
          expect(lowerGamma(a, x) + upperGamma(a, x)).toBeCloseTo(1, 12);
        },
      ),
    ));

  test('beta mirrors itself', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        (x, a, b) => {
          expect(incompleteBeta(x, a, b)).toBeCloseTo(1 - incompleteBeta(1 - x, b, a), 9);
        },
      ),
    ));

  test('binomial distribution is the sum of its terms', () => {
    for (const [n, p] of [
      [7, 0.3],
      [40, 0.95],
    ]) {
      let sum = 0;
      for (let k = 0; k <= n; k++) {
        let term = 1;
        for (let i = 1; i <= k; i++) term *= (n - k + i) / i;
        sum += term * p ** k * (1 - p) ** (n - k);
        expect(binomialCdf(k, n, p)).toBeCloseTo(sum, 12);
      }
    }
  });
});

describe('intervals of a rate', () => {
  test('hold the rate, stay within 0 and 1, and widen with confidence', () =>
    fc.assert(
      fc.property(
        sample(5000),
        fc.double({ min: 0.5, max: 0.99, noNaN: true }),
        (s, confidence) => {
          fc.pre(s.trials > 0);
          for (const method of ['wilson', 'exact'] as const) {
            const narrow = rateEstimate(s, confidence, method)!;
            const wide = rateEstimate(s, (1 + confidence) / 2, method)!;
            expect(narrow.low).toBeGreaterThanOrEqual(0);
            expect(narrow.low).toBeLessThanOrEqual(narrow.value);
            expect(narrow.high).toBeGreaterThanOrEqual(narrow.value);
            expect(narrow.high).toBeLessThanOrEqual(1);
            expect(wide.low).toBeLessThanOrEqual(narrow.low);
            expect(wide.high).toBeGreaterThanOrEqual(narrow.high);
          }
        },
      ),
    ));

  test('the exact one turned round is the one of the other outcome', () =>
    fc.assert(
      fc.property(sample(2000), (s) => {
        const one = clopperPearson(s);
        const other = clopperPearson({ events: s.trials - s.events, trials: s.trials });
        expect(one.low).toBeCloseTo(1 - other.high, 10);
      }),
    ));

  test('the exact one covers at least as often as it says', () => {
    const n = 30;
    const intervals = Array.from({ length: n + 1 }, (_, x) =>
      clopperPearson({ events: x, trials: n }, 0.9),
    );
    for (let p = 0.01; p < 1; p += 0.01) {
      let covered = 0;
      for (let x = 0; x <= n; x++)
        if (intervals[x].low <= p && p <= intervals[x].high)
          covered += binomialCdf(x, n, p) - binomialCdf(x - 1, n, p);
      expect(covered).toBeGreaterThanOrEqual(0.9 - 1e-9);
    }
  });
});

describe('difference of rates', () => {
  test('holds the difference and stays within its range, zero cells and empty sides included', () =>
    fc.assert(
      fc.property(twoSamples(), ({ candidate, baseline }) => {
        const { low, high } = differenceInterval({ candidate, baseline });
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(high);
        if (candidate.trials === 0 || baseline.trials === 0) return;
        const difference = candidate.events / candidate.trials - baseline.events / baseline.trials;
        expect(low).toBeLessThanOrEqual(difference);
        expect(high).toBeGreaterThanOrEqual(difference);
      }),
      { numRuns: runs(500) },
    ));

  test('changes its sign with the sides', () =>
    fc.assert(
      fc.property(twoSamples(), ({ candidate, baseline }) => {
        const there = differenceInterval({ candidate, baseline });
        const back = differenceInterval({ candidate: baseline, baseline: candidate });
        expect(there.low).toBeCloseTo(-back.high, 12);
        expect(there.high).toBeCloseTo(-back.low, 12);
      }),
    ));

  test('rises with the failures of the candidate', () =>
    fc.assert(
      fc.property(twoSamples(5000), ({ candidate, baseline }) => {
        fc.pre(candidate.events < candidate.trials && baseline.trials > 0);
        const more = { ...candidate, events: candidate.events + 1 };
        const before = differenceInterval({ candidate, baseline });
        const after = differenceInterval({ candidate: more, baseline });
        expect(after.low).toBeGreaterThanOrEqual(before.low - 1e-12);
        expect(after.high).toBeGreaterThanOrEqual(before.high - 1e-12);
      }),
    ));

  test('narrows as the same rates are seen more often', () =>
    fc.assert(
      fc.property(twoSamples(5000), ({ candidate, baseline }) => {
        fc.pre(candidate.trials > 0 && baseline.trials > 0);
        const tenfold = ({ events, trials }: Sample) => ({
          events: events * 10,
          trials: trials * 10,
        });
        const few = differenceInterval({ candidate, baseline });
        const many = differenceInterval({
          candidate: tenfold(candidate),
          baseline: tenfold(baseline),
        });
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    ));

  test('a ratio ends where the difference with its factor touches zero', () =>
    fc.assert(
      fc.property(twoSamples(5000), ({ candidate, baseline }) => {
        fc.pre(candidate.events > 0 && baseline.events > 0);
        const one = rateEstimate(candidate)!;
        const two = rateEstimate(baseline)!;
        const ratio = ratioOf(one, two);
        expect(ratio.low).toBeLessThanOrEqual(ratio.value * (1 + 1e-12));
        expect(ratio.high).toBeGreaterThanOrEqual(ratio.value * (1 - 1e-12));
        const scale = one.high + ratio.high * two.high;
        expect(Math.abs(differenceOf(one, two, ratio.low).low)).toBeLessThan(1e-7 * scale);
        expect(Math.abs(differenceOf(one, two, ratio.high).high)).toBeLessThan(1e-7 * scale);
      }),
    ));

  test('a ratio to nothing has no upper bound, and is never NaN at its ends', () => {
    const none = rateEstimate({ events: 0, trials: 50 })!;
    const some = rateEstimate({ events: 5, trials: 50 })!;
    expect(ratioOf(some, none)).toMatchObject({ high: Number.POSITIVE_INFINITY });
    expect(ratioOf(some, none).low).toBeGreaterThan(0);
    expect(ratioOf(none, none)).toMatchObject({ low: 0, high: Number.POSITIVE_INFINITY });
    expect(ratioOf(none, some)).toMatchObject({ low: 0, value: 0 });
    expect(ratioOf(none, some).high).toBeGreaterThan(0);
  });
});

describe('tests and pooled figures', () => {
  const TABLES: readonly TwoSamples[] = [
    { candidate: { events: 0, trials: 0 }, baseline: { events: 0, trials: 0 } },
    { candidate: { events: 0, trials: 5 }, baseline: { events: 0, trials: 0 } },
    { candidate: { events: 0, trials: 5 }, baseline: { events: 0, trials: 9 } },
    { candidate: { events: 5, trials: 5 }, baseline: { events: 9, trials: 9 } },
    { candidate: { events: 5, trials: 5 }, baseline: { events: 0, trials: 9 } },
    { candidate: { events: 0, trials: 1 }, baseline: { events: 1, trials: 1 } },
  ];

  test('no empty cell yields NaN', () => {
    const numbers: number[] = [];
    for (const one of TABLES)
      for (const two of TABLES) {
        const strata = [one, two];
        const difference = pooledDifference(strata);
        const ratio = pooledRatio(strata);
        numbers.push(
          scoreZ(one),
          fisherExact(one).greater,
          fisherExact(one).less,
          fisherExact(one).twoSided,
          mantelHaenszelZ(strata),
          mantelHaenszelTest(strata, 0.5).p,
          pooledOddsRatio(strata).estimate,
          pooledOddsRatio(strata).variance,
          woolfTest(strata).statistic,
          woolfTest(strata).p,
          homogeneity([one.candidate, one.baseline, two.candidate]).p,
          dispersionOf([one.candidate, two.candidate]) ?? 1,
          ...(difference ? Object.values(normalInterval(difference)) : []),
          ...(ratio ? Object.values(normalInterval(ratio)) : []),
          ...Object.values(differenceInterval(one)),
          ...Object.values(clopperPearson(one.candidate)),
          ...Object.values(wilsonInterval(one.candidate.events, one.candidate.trials)),
        );
        if (one.candidate.trials > 0 && one.baseline.trials > 0)
          numbers.push(yates(one).p, yates(one).interval.low, yates(one).interval.high);
      }
    expect(numbers.filter(Number.isNaN)).toEqual([]);
  });

  test('probabilities of Fisher lie in 0 to 1, and the two sides share the observed table', () =>
    fc.assert(
      fc.property(twoSamples(200), (table) => {
        const { greater, less, twoSided } = fisherExact(table);
        for (const p of [greater, less, twoSided]) {
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThanOrEqual(1);
        }
        expect(greater + less).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(twoSided).toBeGreaterThanOrEqual(Math.min(greater, less) - 1e-9);
      }),
    ));

  test('one stratum pooled is the stratum itself', () =>
    fc.assert(
      fc.property(twoSamples(5000), (table) => {
        fc.pre(table.candidate.trials > 0 && table.baseline.trials > 0);
        const { candidate, baseline } = table;
        expect(pooledDifference([table])!.estimate).toBeCloseTo(
          candidate.events / candidate.trials - baseline.events / baseline.trials,
          12,
        );
      }),
    ));

  test('strata seen on one side only change nothing', () => {
    const strata = [
      TABLES[4],
      { candidate: { events: 3, trials: 40 }, baseline: { events: 2, trials: 90 } },
    ];
    const more = [...strata, TABLES[1]];
    expect(pooledDifference(more)).toEqual(pooledDifference(strata));
    expect(woolfTest(more)).toEqual(woolfTest(strata));
  });

  test('chi-square with one degree is a squared normal', () =>
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20, noNaN: true }), (z) => {
        close(chiSquareSurvival(z * z, 1), 2 * normalSurvival(z), 1e-9);
      }),
    ));

  test('adjusted p-values keep their order, never fall, and never exceed one', () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (ps) => {
        const bh = adjustForDiscovery(ps);
        const by = adjustForDiscovery(ps, 'any');
        ps.forEach((p, i) => {
          expect(bh[i]).toBeGreaterThanOrEqual(p - 1e-15);
          expect(by[i]).toBeGreaterThanOrEqual(bh[i] - 1e-15);
          expect(by[i]).toBeLessThanOrEqual(1);
          ps.forEach((other, j) => {
            if (p < other) expect(bh[i]).toBeLessThanOrEqual(bh[j] + 1e-15);
          });
        });
      }),
    ));

  test('Benjamini and Yekutieli multiply by the harmonic number', () => {
    const [bh] = adjustForDiscovery([0.01, 0.5, 0.9]);
    const [by] = adjustForDiscovery([0.01, 0.5, 0.9], 'any');
    expect(by).toBeCloseTo(bh * (1 + 1 / 2 + 1 / 3), 12);
  });
});

describe('dispersion', () => {
  test('is one for even buckets, and unknown without enough failures', () => {
    expect(dispersionOf(Array(10).fill({ events: 10, trials: 100 }))).toBe(1);
    expect(
      dispersionOf([
        { events: 1, trials: 100 },
        { events: 2, trials: 100 },
      ]),
    ).toBeUndefined();
    expect(dispersionOf([])).toBeUndefined();
  });

  test('is the factor by which failures come together', () => {
    const random = seeded(7);
    const buckets = Array.from({ length: 2000 }, () => {
      let events = 0;
      // Failures that come four at a time.
      for (let i = 0; i < 250; i++) if (random() < 0.05) events += 4;
      return { events, trials: 1000 };
    });
    expect(dispersionOf(buckets)).toBeCloseTo(4, 0);
  });

  test('of counts is one for Poisson, and the variance over the mean', () => {
    expect(countDispersion([5])).toBeUndefined();
    expect(countDispersion([0, 0])).toBe(1);
    expect(countDispersion([0, 20])).toBe(20);
  });
});

describe('frequency', () => {
  test('bounds of a Poisson count are the roots of its score', () => {
    const { low, high } = eventRateEstimate(25, 1, 0.95)!;
    const z = normalQuantile(0.975);
    for (const end of [low, high]) close(((25 - end) / Math.sqrt(end)) ** 2, z * z, 1e-9);
  });

  test('dispersion widens, no time says nothing, no event still bounds', () => {
    const calm = eventRateEstimate(400, 100, 0.9)!;
    const wild = eventRateEstimate(400, 100, 0.9, 9)!;
    expect(wild.high - wild.value).toBeGreaterThan(2.5 * (calm.high - calm.value));
    expect(eventRateEstimate(1, 0)).toBeUndefined();
    expect(eventRateEstimate(0, 10)).toMatchObject({ value: 0, low: 0 });
    expect(eventRateEstimate(0, 10)!.high).toBeGreaterThan(0);
  });
});

describe('quantiles of durations', () => {
  test('ranks cover the quantile as often as they say, and no wider than needed', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99),
        fc.constantFrom(0.8, 0.9, 0.95),
        (n, q, confidence) => {
          const alpha = (1 - confidence) / 2;
          const { low, high } = quantileRanks(n, q, confidence);
          // P(the rank's value lies beyond the quantile) is a binomial tail.
          if (low >= 1) expect(binomialCdf(low - 1, n, q)).toBeLessThanOrEqual(alpha + 1e-12);
          if (low < n) expect(binomialCdf(low, n, q)).toBeGreaterThan(alpha - 1e-12);
          if (high <= n) expect(1 - binomialCdf(high - 1, n, q)).toBeLessThanOrEqual(alpha + 1e-12);
          if (high > 1) expect(1 - binomialCdf(high - 2, n, q)).toBeGreaterThan(alpha - 1e-12);
        },
      ),
    ));

  const durations = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), {
    minLength: 1,
    maxLength: 300,
  });

  const histogramOf = (values: readonly number[]) => {
    const histogram = emptyHistogram();
    for (const value of values) countDuration(histogram, value);
    return histogram;
  };

  test('bounds hold the quantile and the mean', () =>
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99), (values, q) => {
        const histogram = histogramOf(values);
        const quantile = quantileEstimate(histogram, q, 0.9)!;
        expect(quantile.low).toBeLessThanOrEqual(quantile.value);
        expect(quantile.high).toBeGreaterThanOrEqual(quantile.value);
        const mean = meanEstimate(histogram, { confidence: 0.9 })!;
        expect(mean.value).toBe(meanMs(histogram));
        expect(mean.low).toBeLessThanOrEqual(mean.value);
        expect(mean.high).toBeGreaterThanOrEqual(mean.value);
      }),
      { numRuns: runs(40) },
    ));

  test('nothing counted, nothing said', () => {
    expect(quantileEstimate(emptyHistogram(), 0.95)).toBeUndefined();
    expect(meanEstimate(emptyHistogram())).toBeUndefined();
  });

  test('too few durations leave the far quantile open above', () => {
    const { high, value } = quantileEstimate(histogramOf([1, 2, 3, 4, 5]), 0.99, 0.9)!;
    expect(high).toBe(Number.POSITIVE_INFINITY);
    expect(value).toBe(5);
  });

  test('the bootstrap of the mean is seeded, and agrees with normal theory', () => {
    const random = seeded(3);
    const values = Array.from({ length: 5000 }, () => 100 + 50 * random());
    const histogram = histogramOf(values);
    const one = meanEstimate(histogram, { confidence: 0.9, seed: 5 })!;
    expect(meanEstimate(histogram, { confidence: 0.9, seed: 5 })).toEqual(one);
    const spread = (1.645 * 50) / Math.sqrt(12) / Math.sqrt(5000);
    expect((one.high - one.low) / 2 / spread).toBeCloseTo(1, 1);
  });
});

describe('how much more data would decide', () => {
  test('so much that the bounds clear the limit with the power asked for', () => {
    // 3% against a limit of 2.5%: vector 25 by another road, with the spread of the candidate.
    const n = 1000;
    const z = normalQuantile(0.95);
    const spread = z * Math.sqrt((0.035 * 0.965) / n);
    const growth = growthToDecide({
      distance: 0.005,
      candidateSpread: spread,
      baselineSpread: 0,
      confidence: 0.95,
    })!;
    expect(growth.of).toBe('candidate');
    const expected = ((z + normalQuantile(0.8)) ** 2 * 0.035 * 0.965) / 0.005 ** 2;
    close(n * growth.times, expected, 1e-9);
  });

  test('a baseline too small has to grow, too; a figure on its limit never decides', () => {
    const options = { candidateSpread: 1, baselineSpread: 1, confidence: 0.95 };
    expect(growthToDecide({ ...options, distance: 0.5 })?.of).toBe('both');
    expect(growthToDecide({ ...options, distance: 0 })).toBeUndefined();
  });

  test('power needs more trials for smaller changes', () => {
    const plan = (to: number) => trialsPerGroup({ from: 0.03, to, power: 0.8, confidence: 0.95 });
    expect(plan(0.035)).toBeGreaterThan(plan(0.04));
  });
});
