import type { Rule } from '../model/index.ts';
import type { Mapping } from '../normalise/index.ts';
import type { LoadedRules } from '../ruleset/index.ts';
import { compileDetections, jsonRecord } from '../sigma/index.ts';
import { createEventReader, type EventValue } from './event-reader.ts';
import { strongestFirst } from './strength.ts';

/** The rules that match one event. */
export interface EventMatch {
  /** Names, the strongest first. */
  readonly rules: readonly string[];
  /** Classes of the failures and abandoned logins among them, the strongest first. */
  readonly classes: readonly string[];
}

/**
 * Makes the function behind `rules match`. Rules about logins see the event as an analysis would;
 * rules of other products see the JSON object as it stands. Flow rules do not take part.
 */
export function createEventMatcher(
  { ruleSet, active }: LoadedRules,
  mappings: readonly Mapping[],
): (event: object) => EventMatch {
  const numbers = ruleSet.eventRules;
  const own = numbers.filter((number) => active[number].document.own);
  const foreign = numbers.filter((number) => !active[number].document.own);
  const compiled = (chosen: readonly number[]) =>
    compileDetections(chosen.map((number) => active[number].detection));
  const ownIndex = compiled(own);
  const foreignIndex = compiled(foreign);
  const read = own.length > 0 ? createEventReader(ownIndex, mappings) : undefined;

  const ownMatches = (values: readonly EventValue[]): readonly number[] => {
    const known = values.map(({ field, text }) => ({
      field,
      text,
      leaves: ownIndex.leavesOf(field, text),
    }));
    return ownIndex.matchKnown(known, 0, known.length);
  };

  return (event) => {
    const matched: Rule[] = [
      ...(read === undefined ? [] : ownMatches(read(JSON.stringify(event)))).map(
        (detection) => ruleSet.rules[own[detection]],
      ),
      ...foreignIndex
        .match(jsonRecord(event))
        .map((detection) => ruleSet.rules[foreign[detection]]),
    ];
    const ordered = strongestFirst(matched, ruleSet.explanations);
    const failing = ordered.filter(({ effect }) => effect === 'failure' || effect === 'abandoned');
    return {
      rules: ordered.map(({ name }) => name),
      classes: [...new Set(failing.map((rule) => rule.class))],
    };
  };
}

/** One output line of `rules match`. */
export function matchLine(index: number, match: EventMatch): string {
  return JSON.stringify({ index, rules: match.rules, classes: match.classes });
}

/** A line of input as an event: its JSON object, or its text as a message. */
export function eventOfLine(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { message: line };
}
