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
