import { EVENT_FIELDS, STAGES } from '../model/index.ts';
import { didYouMean } from '../sigma/index.ts';

const FLOW_FIELDS: readonly string[] = [
  ...['flow.id', 'flow.kind', 'path', 'age_ms.flow', 'cancelled.ts', 'denied.ts', 'expired.ts'],
  ...STAGES.flatMap((stage) => [
    ...['ts', 'count', 'errors', 'failed.ts', 'state', 'pod'].map((part) => `${stage}.${part}`),
    `age_ms.${stage}`,
    ...STAGES.filter((other) => other !== stage).map((other) => `dt_ms.${stage}.${other}`),
  ]),
];

const EVENT_FIELD_SET: ReadonlySet<string> = new Set(EVENT_FIELDS);
const FLOW_FIELD_SET: ReadonlySet<string> = new Set([...FLOW_FIELDS, ...EVENT_FIELDS]);

const SIGNAL = 'signal.';

/** What is wrong with a field name in a rule of ours, and how it was perhaps meant. */
export interface UnknownField {
  readonly message: string;
  readonly hint: string | undefined;
}

/**
 * Checks a field against the normalised event, or against the flow record for rules of category
 * `flow`, which also has the fields an event of the flow brought and `signal.<rule>`.
 *
 * @param ruleNames names that `signal.` may carry.
 * @returns undefined when the field is known.
 */
export function checkField(
  field: string,
  scope: 'event' | 'flow',
  ruleNames: ReadonlySet<string>,
): UnknownField | undefined {
  const known = scope === 'flow' ? FLOW_FIELD_SET : EVENT_FIELD_SET;
  if (known.has(field)) return undefined;
  if (scope === 'flow' && field.startsWith(SIGNAL)) {
    const name = field.slice(SIGNAL.length);
    if (ruleNames.has(name)) return undefined;
    return {
      message: `"${field}" names a rule that does not exist`,
      hint: didYouMean(name, ruleNames),
    };
  }
  const what = scope === 'flow' ? 'the flow record' : 'events';
  return { message: `${what} have no field "${field}"`, hint: hintFor(field, scope, known) };
}

function hintFor(field: string, scope: 'event' | 'flow', known: Iterable<string>) {
  const near = didYouMean(field, known);
  if (near !== undefined) return near;
  return scope === 'event' && FLOW_FIELD_SET.has(field)
    ? 'only rules of category "flow" read the flow record'
    : undefined;
}
