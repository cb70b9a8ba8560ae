import { normalQuantile } from '../../aggregate/index.ts';

/**
 * Trials needed in each of two groups to tell rate `from` from rate `to` by a one-sided test
 * (the usual normal formula; Fleiss 1981, without continuity correction).
 */
export function trialsPerGroup({
  from,
  to,
  power,
  confidence,
}: {
  readonly from: number;
  readonly to: number;
  readonly power: number;
  readonly confidence: number;
}): number {
  const sum = from + to;
  const underEqual = normalQuantile(confidence) * Math.sqrt(sum * (1 - sum / 2));
  const underDifferent = normalQuantile(power) * Math.sqrt(from * (1 - from) + to * (1 - to));
  return ((underEqual + underDifferent) / (to - from)) ** 2;
}

/**
 * Trials a candidate needs to show that its rate lies `rise` above a baseline of this size, by a
 * one-sided bound with `power`.
 * @param dispersion by which counts of either side are divided.
 * @returns undefined when the baseline is too small for any candidate to show it.
 */
export function candidateTrials({
  rate,
  baselineTrials,
  rise,
  power,
  confidence,
  dispersion,
}: {
  readonly rate: number;
  readonly baselineTrials: number;
  readonly rise: number;
  readonly power: number;
  readonly confidence: number;
  readonly dispersion: number;
}): number | undefined {
  const risen = Math.min(1, rate + rise);
  const z = normalQuantile(confidence) + normalQuantile(power);
  const room = (rise / z) ** 2 / dispersion - (rate * (1 - rate)) / baselineTrials;
  return room > 0 ? (risen * (1 - risen)) / room : undefined;
}
