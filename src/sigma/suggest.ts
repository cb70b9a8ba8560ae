import { closestName } from '../model/index.ts';

/** A hint for a misspelt word: `did you mean "x"?`, or undefined when nothing is near enough. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const best = closestName(word, known);
  return best === undefined ? undefined : `did you mean "${best}"?`;
}
