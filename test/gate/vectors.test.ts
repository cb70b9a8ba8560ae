import { describe, expect, test } from 'vitest';
import { wilsonInterval } from '../../src/aggregate/index.ts';
import {
  adjustForDiscovery,
  clopperPearson,
  differenceInterval,
  dispersionOf,
  fisherExact,
  greenlandRobinsVariance,
  homogeneity,
  logNormalInterval,
  mantelHaenszelTest,
  normalInterval,
  pooledDifference,
  pooledOddsRatio,
  type Sample,
  type TwoSamples,
  trialsPerGroup,
  woolfTest,
  yates,
} from '../../src/gate/index.ts';

/** Public figures of other implementations; every number must agree to 1e-7. */
interface Vector {
  readonly number: string;
  readonly of: string;
  readonly source: string;
  readonly actual: () => readonly number[];
  readonly expected: readonly number[];
}

const of = (events: number, trials: number): Sample => ({ events, trials });

const against = (x1: number, n1: number, x2: number, n2: number): TwoSamples => ({
  candidate: of(x1, n1),
  baseline: of(x2, n2),
});

/** Rows `[[a, b], [c, d]]` of a two-by-two table. */
const table = ([a, b]: [number, number], [c, d]: [number, number]): TwoSamples =>
  against(a, a + b, c, c + d);

const wilson = (x: number, n: number, confidence = 0.95) => {
  const { low, high } = wilsonInterval(x, n, confidence);
  return [low, high];
};

const newcombe = (x1: number, n1: number, x2: number, n2: number, confidence = 0.95) => {
  const { low, high } = differenceInterval(against(x1, n1, x2, n2), confidence);
  return [low, high];
};

const bounds = ({ low, high }: { readonly low: number; readonly high: number }) => [low, high];

/** Admissions to Berkeley by department, men then women (R's UCBAdmissions). */
const UCB = [
  table([512, 313], [89, 19]),
  table([353, 207], [17, 8]),
  table([120, 205], [202, 391]),
  table([138, 279], [131, 244]),
  table([53, 138], [94, 299]),
  table([22, 351], [24, 317]),
];

/** Rabbits cured by penicillin, without and with delay, by dose (R's `?mantelhaen.test`). */
const RABBITS = [
  table([0, 6], [0, 5]),
  table([3, 3], [0, 6]),
  table([6, 0], [2, 4]),
  table([5, 1], [6, 0]),
  table([2, 0], [5, 0]),
];

const SMOKERS = [of(83, 86), of(90, 93), of(129, 136), of(70, 82)];

/** Traffic that moves to the healthier stratum: old A 20/1000, B 240/3000. */
const MIX = [against(60, 3000, 20, 1000), against(80, 1000, 240, 3000)];

const VECTORS: readonly Vector[] = [
  {
    number: '1',
    of: 'Wilson 81/263',
    source: 'R 4.2.2 prop.test(correct=FALSE)',
    actual: () => wilson(81, 263),
    expected: [0.25528852, 0.36620958],
  },
  {
    number: '2',
    of: 'Wilson 15/148',
    source: 'R 4.2.2 prop.test(correct=FALSE)',
    actual: () => wilson(15, 148),
    expected: [0.0623864, 0.16048724],
  },
  {
    number: '3',
    of: 'Wilson 0/20 and 29/29',
    source: 'R 4.2.2 prop.test(correct=FALSE)',
    actual: () => [...wilson(0, 20), ...wilson(29, 29)],
    expected: [0, 0.16112516, 0.8830302, 1],
  },
  {
    number: '4',
    of: 'Wilson 3/10 at 95% and 99%',
    source: 'scipy test of binomtest, from R 3.6.2',
    actual: () => [...wilson(3, 10), ...wilson(3, 10, 0.99)],
    expected: [0.1077913, 0.6032219, 0.07956632, 0.6799753],
  },
  {
    number: '5',
    of: 'Wilson 100/200',
    source: 'statsmodels tests, DescTools',
    actual: () => wilson(100, 200),
    expected: [0.4313609, 0.5686391],
  },
  {
    number: '6',
    of: 'Clopper-Pearson 1/29',
    source: 'R 4.2.2 binom.test',
    actual: () => bounds(clopperPearson(of(1, 29))),
    expected: [0.00087264688, 0.1776443],
  },
  {
    number: '7',
    of: 'Newcombe 56/70 − 48/80',
    source: 'R Epi::ci.pd',
    actual: () => newcombe(56, 70, 48, 80),
    expected: [0.05243147, 0.33387265],
  },
  {
    number: '8',
    of: 'Newcombe 7/34 − 1/34',
    source: 'R; Fagerland 2015 prints 0.019, 0.34',
    actual: () => newcombe(7, 34, 1, 34),
    expected: [0.018921444, 0.34036869],
  },
  {
    number: '9',
    of: 'Newcombe (b) 9/10 − 3/10, (c) 6/7 − 2/7',
    source: 'R; (b) also ci.pd',
    actual: () => [...newcombe(9, 10, 3, 10), ...newcombe(6, 7, 2, 7)],
    expected: [0.17052272, 0.80901797, 0.058227927, 0.80624964],
  },
  {
    number: '10',
    of: 'Newcombe (d) 5/56 − 0/29',
    source: 'R Epi::ci.pd; ratesci test3.R',
    actual: () => newcombe(5, 56, 0, 29),
    expected: [-0.038137148, 0.19256001],
  },
  {
    number: '11',
    of: 'Newcombe (e) 0/10 − 0/20, (f) 0/10 − 0/10',
    source: 'R; (e) also ci.pd',
    actual: () => [...newcombe(0, 10, 0, 20), ...newcombe(0, 10, 0, 10)],
    expected: [-0.16112516, 0.2775328, -0.2775328, 0.2775328],
  },
  {
    number: '12',
    of: 'Newcombe (g) 10/10 − 0/20, (h) 10/10 − 0/10',
    source: 'R',
    actual: () => [...newcombe(10, 10, 0, 20), ...newcombe(10, 10, 0, 10)],
    expected: [0.67908604, 1, 0.60750935, 1],
  },
  {
    number: '13',
    of: 'one-sided 95% bounds, 60/2000 − 40/2000',
    source: 'R',
    actual: () => newcombe(60, 2000, 40, 2000, 0.9),
    expected: [0.00186601536, 0.0182894415],
  },
  {
    number: '14',
    of: '490/500 vs 400/500 with Yates',
    source: 'R prop.test; a page of Emory University',
    actual: () => {
      const { statistic, interval } = yates(against(490, 500, 400, 500));
      return [statistic, interval.low, interval.high];
    },
    expected: [80.909091, 0.14085364, 0.21914636],
  },
  {
    number: '15',
    of: 'smokers 83/86 90/93 129/136 70/82, and their dispersion',
    source: 'R ?prop.test',
    actual: () => {
      const { statistic, degrees, p } = homogeneity(SMOKERS);
      return [statistic, degrees, p, dispersionOf(SMOKERS)!];
    },
    expected: [12.600411, 3, 0.0055854767, 4.200137],
  },
  {
    number: '16',
    of: 'Fisher [[2,7],[8,2]] and [[5,15],[20,20]]',
    source: 'scipy test, from R',
    actual: () => [
      fisherExact(table([2, 7], [8, 2])).twoSided,
      fisherExact(table([5, 15], [20, 20])).twoSided,
    ],
    expected: [0.02301413756522, 0.09580440012478],
  },
  {
    number: '17',
    of: 'Fisher, tea [[3,1],[1,3]], greater and two-sided',
    source: 'R ?fisher.test',
    actual: () => {
      const { greater, twoSided } = fisherExact(table([3, 1], [1, 3]));
      return [greater, twoSided];
    },
    expected: [0.24285714, 0.48571429],
  },
  {
    number: '18',
    of: 'Fisher [[6,37],[108,200]]',
    source: 'scipy gh4130',
    actual: () => [fisherExact(table([6, 37], [108, 200])).twoSided],
    expected: [0.005092697748126],
  },
  {
    number: '19',
    of: 'Mantel-Haenszel, UCBAdmissions, no correction',
    source: 'R mantelhaen.test, epiR',
    actual: () => {
      const { statistic, p } = mantelHaenszelTest(UCB);
      const ratio = pooledOddsRatio(UCB);
      return [statistic, p, ratio.estimate, ...bounds(logNormalInterval(ratio))];
    },
    expected: [1.5246067, 0.2169237, 0.90469683, 0.77190736, 1.0603298],
  },
  {
    number: '20',
    of: 'the same with correction; Woolf',
    source: 'R mantelhaen.test; woolf() of ?mantelhaen.test',
    actual: () => {
      const { statistic, p } = mantelHaenszelTest(UCB, 0.5);
      const woolf = woolfTest(UCB);
      return [statistic, p, woolf.statistic, woolf.p];
    },
    expected: [1.4269462, 0.23226346, 17.64408, 0.0034272],
  },
  {
    number: '21',
    of: 'Mantel-Haenszel risk difference, UCBAdmissions: Sato; Greenland and Robins',
    source: 'R epiR::epi.2by2',
    actual: () => {
      const sato = pooledDifference(UCB)!;
      const robins = { estimate: sato.estimate, variance: greenlandRobinsVariance(UCB) };
      return [sato.estimate, ...bounds(normalInterval(sato)), ...bounds(normalInterval(robins))];
    },
    expected: [-0.018425196, -0.047482435, 0.010632043, -0.047078828, 0.010228436],
  },
  {
    number: '22',
    of: 'Mantel-Haenszel, Rabbits, with correction',
    source: 'R ?mantelhaen.test',
    actual: () => {
      const { statistic, p } = mantelHaenszelTest(RABBITS, 0.5);
      const ratio = pooledOddsRatio(RABBITS);
      return [statistic, p, ratio.estimate, ...bounds(logNormalInterval(ratio))];
    },
    expected: [3.9285714, 0.047472255, 7, 1.0267127, 47.725133],
  },
  {
    number: '23',
    of: 'mix shift: the crude rate halves, no stratum moves',
    source: 'R',
    actual: () => {
      const crude = homogeneity([of(260, 4000), of(140, 4000)]);
      const adjusted = pooledDifference(MIX)!;
      const { low, high } = normalInterval(adjusted);
      const ratio = pooledOddsRatio(MIX).estimate;
      return [crude.statistic, crude.p, adjusted.estimate, low, high, ratio];
    },
    expected: [37.8947368, 7.46664e-10, 0, -0.01092434532, 0.01092434532, 1],
  },
  {
    number: '24',
    of: 'Benjamini-Hochberg, 15 tests',
    source: 'scipy false_discovery_control, Benjamini & Hochberg 1995',
    actual: () => adjustForDiscovery(DISCOVERY),
    expected: [
      0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645, 0.0765, 0.486,
      0.58118182, 0.714875, 0.75323077, 0.81321429, 1,
    ],
  },
  {
    number: '25',
    of: 'flows per group, 3% → 3.5%, power 80%, one-sided 5%',
    source: 'R power.prop.test',
    actual: () => [trialsPerGroup({ from: 0.03, to: 0.035, power: 0.8, confidence: 0.95 })],
    expected: [15551.1763],
  },
];

const DISCOVERY = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
  0.6528, 0.759, 1,
];

describe('reference vectors', () => {
  test('there are twenty-five', () => expect(VECTORS).toHaveLength(25));

  test.each(VECTORS)('$number: $of ($source)', ({ actual, expected }) => {
    const values = actual();
    expect(values).toHaveLength(expected.length);
    values.forEach((value, i) => {
      const tolerance = toleranceOf(expected[i]);
      expect(Math.abs(value - expected[i]), `figure ${i + 1}: ${value}`).toBeLessThan(tolerance);
    });
  });

  test('Benjamini-Hochberg rejects four at 5%', () =>
    expect(adjustForDiscovery(DISCOVERY).filter((q) => q <= 0.05)).toHaveLength(4));
});

/**
 * 1e-7 of the figure, or of one where it is smaller; tiny probabilities by their own digits.
 * 17.64408 was printed with seven digits and says no more than 17.644075 to 17.644085.
 */
function toleranceOf(figure: number): number {
  const size = Math.abs(figure);
  if (size > 0 && size < 1e-6) return 1e-6 * size;
  const printed =
    size > 1 && !Number.isInteger(figure) ? 5e-8 * 10 ** Math.ceil(Math.log10(size)) : 0;
  return Math.max(1e-7 * Math.max(1, size), printed);
}
