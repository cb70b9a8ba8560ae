import { facetValues, fieldsNamed, OUTCOME_FACETS, redactValue } from '../aggregate/index.ts';
import { ID_NAMESPACES, type Judged } from '../model/index.ts';

/** `version_major` is the number that `version` begins with. */
const MAJOR = /_major$/;

/** Fields of flows that must be kept for an attribute. */
export function fieldsOfAttribute(attribute: string): readonly string[] {
  return fieldsNamed(attribute.replace(MAJOR, ''));
}

/** Why flows may not be grouped by an attribute; undefined when they may. */
export function unfitAttribute(attribute: string): string | undefined {
  const field = attribute.replace(MAJOR, '');
  if ((OUTCOME_FACETS as readonly string[]).includes(field))
    return 'speaks of the outcome, which is what the gate compares';
  const isId = fieldsNamed(field).some((name) =>
    (ID_NAMESPACES as readonly string[]).includes(name),
  );
  return isId ? 'is an id: every flow would be a group of its own' : undefined;
}

const VALUE_LENGTH = 80;

/**
 * What a flow says under an attribute; undefined when its lines never name it. Ids and secrets
 * give way to a word in brackets.
 */
export function attributeValue(judged: Judged, attribute: string): string | undefined {
  const field = attribute.replace(MAJOR, '');
  const value = facetValues(judged, field)[0];
  if (value === undefined) return undefined;
  if (field !== attribute) return /\d+/.exec(value)?.[0].slice(0, 9);
  return redactValue(field, value, { showIds: false }).slice(0, VALUE_LENGTH);
}
