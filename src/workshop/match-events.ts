import type { Rule } from '../model/index.ts';
import type { Mapping } from '../normalise/index.ts';
import type { LoadedRules } from '../ruleset/index.ts';
import { compileDetections, jsonRecord, type SigmaRecord } from '../sigma/index.ts';
import { createEventReader, recordOf } from './event-reader.ts';
import { strongestFirst } from './strength.ts';

/** The rules that match one event. */
export interface EventMatch {
  /** Names, the strongest first. */
  readonly rules: readonly string[];
  /** Classes of the failures and abandoned logins among them, the strongest first. */
  readonly classes: readonly string[];
}

/**
 * Makes the function behind `rules match`, which takes a JSON object or the text of a message. Rules of other products see the JSON object as it
 * stands. Rules about logins see it as an analysis would, and below that the object itself, so
 * that keywords find what stands in fields of any name. Flow rules do not take part.
 */
export function createEventMatcher(
  { ruleSet, active }: LoadedRules,
  mappings: readonly Mapping[],
): (line: string) => EventMatch {
  const numbers = ruleSet.eventRules;
  const own = numbers.filter((number) => active[number].document.own);
  const foreign = numbers.filter((number) => !active[number].document.own);
  const compiled = (chosen: readonly number[]) =>
    compileDetections(chosen.map((number) => active[number].detection));
  const ownIndex = compiled(own);
  const foreignIndex = compiled(foreign);
  const read = own.length > 0 ? createEventReader(ownIndex, mappings) : undefined;

  return (line) => {
    const event = objectOf(line);
    const raw = jsonRecord(event ?? { message: line });
    const asLine = event === undefined ? JSON.stringify({ message: line }) : line;
    const normalised = read && overlay(recordOf(read(asLine)), raw);
    const matched: Rule[] = [
      ...(normalised === undefined ? [] : ownIndex.match(normalised)).map(
        (detection) => ruleSet.rules[own[detection]],
      ),
      ...foreignIndex.match(raw).map((detection) => ruleSet.rules[foreign[detection]]),
    ];
    const ordered = strongestFirst(matched, ruleSet.explanations);
    const failing = ordered.filter(({ effect }) => effect === 'failure' || effect === 'abandoned');
    return {
      rules: ordered.map(({ name }) => name),
      classes: [...new Set(failing.map((rule) => rule.class))],
    };
  };
}

/** A field that the upper record lacks is read from the lower; keywords read both. */
function overlay(upper: SigmaRecord, lower: SigmaRecord): SigmaRecord {
  return {
    get: (field) => upper.get(field) ?? lower.get(field),
    *values() {
      yield* upper.values();
      yield* lower.values();
    },
  };
}

/** One output line of `rules match`. */
export function matchLine(index: number, match: EventMatch): string {
  return JSON.stringify({ index, rules: match.rules, classes: match.classes });
}

/** A line of input as an event: its JSON object, or its text as a message. */
export function eventOfLine(line: string): object {
  return objectOf(line) ?? { message: line };
}

function objectOf(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
