import { MAX_GROUPINGS } from '../model/index.ts';
import { entryOf } from '../sigma/index.ts';
import type { ReadCorrelation } from './correlation.ts';

/**
 * Reports explanations that tie a symptom to its causes in more ways than a flow remembers.
 * @returns the others.
 */
export function withinGroupings(
  explaining: readonly ReadCorrelation[],
): readonly ReadCorrelation[] {
  const waysOf = new Map<string, Set<string>>();
  return explaining.filter(({ document, explanation }) => {
    if (explanation === undefined || explanation.groupBy.length === 0) return true;
    for (const symptom of explanation.symptoms) {
      const fields = explanation.groupBy.map(({ name, fieldOf }) => fieldOf.get(symptom) ?? name);
      const ways = waysOf.get(symptom) ?? new Set();
      waysOf.set(symptom, ways);
      if (!ways.has(fields.join()) && ways.size === MAX_GROUPINGS) {
        const { node, report } = document;
        const message = `rule "${symptom}" is already tied to causes by ${[...ways].join(' and by ')}`;
        const place = entryOf(node, 'correlation')?.keySpan ?? node;
        report.error(place, 'too-many-groupings', message, `${MAX_GROUPINGS} ways are possible`);
        return false;
      }
      ways.add(fields.join());
    }
    return true;
  });
}
