export type Dependence = 'independent' | 'any';

/**
 * The p-values adjusted so that those up to q have a false discovery rate of at most q: after
 * Benjamini and Hochberg (1995) where the tests are independent or lean the same way, after
 * Benjamini and Yekutieli (2001) for any dependence.
 * @returns in the order given.
 */
export function adjustForDiscovery(
  ps: readonly number[],
  dependence: Dependence = 'independent',
): number[] {
  const count = ps.length;
  let factor = count;
  if (dependence === 'any') for (let i = 2; i <= count; i++) factor += count / i;
  const descending = ps.map((_, i) => i).sort((a, b) => ps[b] - ps[a]);
  const adjusted = new Array<number>(count);
  let smallest = 1;
  descending.forEach((index, i) => {
    smallest = Math.min(smallest, (ps[index] * factor) / (count - i));
    adjusted[index] = smallest;
  });
  return adjusted;
}
