import { lowerGamma, upperGamma } from './incomplete-gamma.ts';

/** P(Z > z) for a standard normal Z; keeps its digits in the far tail. */
export function normalSurvival(z: number): number {
  const square = (z * z) / 2;
  return z > 0 ? upperGamma(0.5, square) / 2 : 0.5 + lowerGamma(0.5, square) / 2;
}

/** P(Z ≤ z) for a standard normal Z. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}
