import type { ReportFinding } from '../model/index.ts';
import type { Zone } from '../normalise/index.ts';
import { countText } from './figures.ts';
import { minuteText } from './moments.ts';
import type { Wording } from './wording/index.ts';

/** Groups that are named; a program finds more in the JSON report. */
const NAMED = 3;

/**
 * How often a finding was so, since when and for whom: `12×, first 2026-11-20 03:37; pod=a 9×`.
 * Values come from the logs: the result is still to be escaped.
 */
export function findingDetail(
  { count, firstAt, groups, groupCount }: ReportFinding,
  { wording, zone }: { readonly wording: Wording; readonly zone: Zone },
): string {
  const since = firstAt === null ? [] : [wording.first(minuteText(Date.parse(firstAt), zone))];
  const named = groups.slice(0, NAMED).map(({ values, count }) => {
    const shown = Object.entries(values).map(([name, value]) => `${name}=${value}`);
    return `${shown.join(' ')} ${wording.times(countText(count))}`;
  });
  const rest = groupCount - named.length;
  const more = rest > 0 ? [wording.moreValues(countText(rest))] : [];
  const parts = [
    [wording.times(countText(count)), ...since].join(wording.comma),
    ...(named.length === 0 ? [] : [[...named, ...more].join(wording.comma)]),
  ];
  return parts.join(wording.semicolon);
}
