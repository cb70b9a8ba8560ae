import type { EventBatch, EventTemplate } from '../model/index.ts';
import type { RuleSet } from './rule-set.ts';

const NONE: readonly number[] = Object.freeze([]);

/**
 * Makes the function that finds the event rules which match event `i` of a batch, by number,
 * ascending. Rules read nothing of an event but its values, so that one answer serves all events
 * of a template.
 */
export function createSignalFinder(
  ruleSet: Pick<RuleSet, 'events' | 'eventRules'>,
): (batch: EventBatch, i: number) => readonly number[] {
  const { events, eventRules } = ruleSet;
  const asked: EventTemplate[] = [];
  const answers: (readonly number[])[] = [];
  return (batch, i) => {
    const number = batch.template[i];
    const template = batch.templates[number];
    if (asked[number] !== template) {
      const matches = events.matchKnown(template.values, 0, template.values.length);
      asked[number] = template;
      answers[number] =
        matches.length === 0 ? NONE : matches.map((detection) => eventRules[detection]);
    }
    return answers[number];
  };
}
