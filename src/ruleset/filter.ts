import { type Detection, detectionOf, didYouMean, entryOf } from '../sigma/index.ts';
import type { RuleNames } from './correlation.ts';
import type { RuleDocument } from './rule-document.ts';

/**
 * Which rules a filter narrows. `rules: any` means every rule whose logsource has all that the
 * filter's own names.
 */
export function filteredRules(
  filter: RuleDocument,
  rules: readonly RuleDocument[],
  names: RuleNames,
): readonly RuleDocument[] {
  const section = entryOf(filter.node, 'filter')?.value;
  const list = section && entryOf(section, 'rules')?.value;
  if (list === undefined || list.kind === 'map') return [];
  const scalars = list.kind === 'list' ? list.items : [list];
  const chosen: RuleDocument[] = [];
  for (const scalar of scalars) {
    const name = scalar.kind === 'scalar' ? String(scalar.value) : '';
    if (name === 'any') {
      chosen.push(...rules.filter((rule) => isWithin(rule, filter)));
      continue;
    }
    const rule = names.get(name);
    if (rule === undefined) {
      const hint = didYouMean(name, names.names);
      filter.report.error(scalar, 'unknown-rule', `there is no rule "${name}"`, hint);
    } else if (rule.kind === 'correlation') {
      filter.report.error(scalar, 'wrong-value', `"${name}" is a correlation; filter its rules`);
    } else {
      chosen.push(rule);
    }
  }
  return chosen;
}

function isWithin(rule: RuleDocument, filter: RuleDocument): boolean {
  return (['product', 'category', 'service'] as const).every(
    (key) => filter.logsource[key] === undefined || filter.logsource[key] === rule.logsource[key],
  );
}

/** The rule's detection, narrowed by the condition of each filter. */
export function narrowed(detection: Detection, filters: readonly RuleDocument[]): Detection {
  const parts = filters.flatMap((filter) =>
    filter.detection === undefined
      ? []
      : [
          {
            kind: 'named' as const,
            name: `filter ${filter.facts.name}`,
            part: filter.detection.expression,
          },
        ],
  );
  if (parts.length === 0) return detection;
  return detectionOf({ kind: 'and', parts: [detection.expression, ...parts] });
}
