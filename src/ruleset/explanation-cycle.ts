import type { ReadCorrelation } from './correlation.ts';

/**
 * Reports explanations that go in a circle, each circle once, at the document that closes it.
 * @returns the explanations outside of circles.
 */
export function withoutCycles(explaining: readonly ReadCorrelation[]): readonly ReadCorrelation[] {
  const byCause = new Map<string, ReadCorrelation[]>();
  const kept: ReadCorrelation[] = [];
  for (const candidate of explaining) {
    const explanation = candidate.explanation;
    if (explanation === undefined) continue;
    const circle = explanation.symptoms
      .map((symptom) => pathBetween(symptom, explanation.cause, byCause))
      .find((path) => path !== undefined);
    if (circle !== undefined) {
      const { report, node } = candidate.document;
      const chain = [explanation.cause, ...circle].join(' → ');
      const place = node.entries[0]?.keySpan ?? node;
      report.error(place, 'explains-cycle', `explanations go in a circle: ${chain}`);
      continue;
    }
    kept.push(candidate);
    const known = byCause.get(explanation.cause) ?? [];
    byCause.set(explanation.cause, [...known, candidate]);
  }
  return kept;
}

/** Rules from one to another along cause → symptom; both ends included. */
function pathBetween(
  from: string,
  to: string,
  byCause: ReadonlyMap<string, readonly ReadCorrelation[]>,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const open = [from];
  for (let rule = open.shift(); rule !== undefined; rule = open.shift()) {
    if (rule === to) {
      const path: string[] = [];
      for (let at: string | undefined = rule; at !== undefined; at = cameFrom.get(at)) {
        path.unshift(at);
      }
      return path;
    }
    for (const { explanation } of byCause.get(rule) ?? []) {
      for (const symptom of explanation?.symptoms ?? []) {
        if (cameFrom.has(symptom)) continue;
        cameFrom.set(symptom, rule);
        open.push(symptom);
      }
    }
  }
  return undefined;
}
