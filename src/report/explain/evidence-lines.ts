import type { Evidence, FlowLine, Place } from '../../model/index.ts';

/**
 * The lines that are evidence, by the rule that they are evidence for. A line of the log may hold many
 * records, as requests of traces do: then those count that the rule matches.
 */
export function evidenceLines(
  evidence: readonly Evidence[],
  lines: readonly FlowLine[],
): ReadonlyMap<string, ReadonlySet<FlowLine>> {
  const found = new Map<string, ReadonlySet<FlowLine>>();
  for (const { rule, place } of evidence) {
    if (place === undefined) continue;
    const there = lines.filter((line) => same(line.place, place));
    const matching = there.filter(({ rules }) => rules.includes(rule));
    found.set(rule, new Set(matching.length > 0 ? matching : there));
  }
  return found;
}

function same(a: Place, b: Place): boolean {
  return a.line === b.line && a.file === b.file;
}
