import { flowRecord } from '../../classify/index.ts';
import { type Flow, LEVELS } from '../../model/index.ts';
import type { RuleSet } from '../../ruleset/index.ts';
import type { ItemTrace, Trace } from '../../sigma/index.ts';

/** A rule that almost matched. */
export interface NearMiss {
  readonly rule: string;
  /** The one part of its condition that failed, as the rule has it. */
  readonly wanted: string;
  /** What the flow has there, full of log text; undefined when it has no such field. */
  readonly actual: string | undefined;
}

/**
 * Failure rules on flows that one changed answer would make match, the gravest first. A rule of
 * which nothing holds is not near: some part of it must be true of the flow.
 */
export function nearMisses(
  flow: Flow,
  ruleSet: RuleSet,
  watermarkMs: number | undefined,
): readonly NearMiss[] {
  const record = flowRecord(flow, ruleSet.rules, watermarkMs);
  return ruleSet.flowRules
    .flatMap((number, detection) => {
      const rule = ruleSet.rules[number];
      if (rule.effect !== 'failure') return [];
      const trace = ruleSet.flows.trace(detection, record);
      if (trace.matched) return [];
      const { changes, first } = changesFor(trace, true);
      if (changes !== 1 || first === undefined || !holdsInPart(trace)) return [];
      return [{ rule, wanted: wantedText(first), actual: actualText(first) }];
    })
    .sort(
      (a, b) =>
        LEVELS.indexOf(b.rule.level) - LEVELS.indexOf(a.rule.level) ||
        (a.rule.name < b.rule.name ? -1 : 1),
    )
    .map(({ rule, wanted, actual }) => ({ rule: rule.name, wanted, actual }));
}

interface Changes {
  /** Items that would have to answer otherwise, at least. */
  readonly changes: number;
  readonly first: ItemTrace | undefined;
}

function changesFor(trace: Trace, wanted: boolean): Changes {
  if (trace.matched === wanted) return { changes: 0, first: undefined };
  switch (trace.kind) {
    case 'item':
      return { changes: 1, first: trace };
    case 'not':
      return changesFor(trace.part, !wanted);
    case 'named':
      return changesFor(trace.part, wanted);
    case 'and':
    case 'or': {
      const parts = trace.parts.map((part) => changesFor(part, wanted));
      // To make an "and" true, or an "or" false, every part has to give way.
      if ((trace.kind === 'and') === wanted)
        return {
          changes: parts.reduce((sum, { changes }) => sum + changes, 0),
          first: parts.find(({ first }) => first !== undefined)?.first,
        };
      return parts.reduce((a, b) => (b.changes < a.changes ? b : a));
    }
  }
}

/** Whether an item outside of negations is true. */
function holdsInPart(trace: Trace): boolean {
  switch (trace.kind) {
    case 'item':
      return trace.matched && trace.actual !== undefined;
    case 'not':
      return false;
    case 'named':
      return holdsInPart(trace.part);
    case 'and':
    case 'or':
      return trace.parts.some(holdsInPart);
  }
}

function wantedText({ item }: ItemTrace): string {
  const field = [item.field ?? 'keywords', item.modifiers].filter((part) => part !== '').join('|');
  const values = item.values.slice(0, 3).map(({ shown }) => shown);
  const more = item.values.length > 3 ? ' ...' : '';
  return `${field}: ${values.join(', ')}${more}`;
}

function actualText({ actual }: ItemTrace): string | undefined {
  if (actual === undefined) return undefined;
  return actual.map((value) => value ?? 'null').join(', ');
}
