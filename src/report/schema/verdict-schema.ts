import { ABANDON_REASONS, FLOW_KINDS, OUTCOME_KINDS, STAGES } from '../../model/index.ts';
import {
  COUNT,
  type JsonSchema,
  list,
  MOMENT,
  object,
  oneOf,
  orNull,
  recordOf,
  TEXT,
} from './schema.ts';

/** One line of `--verdicts`. */
export const VERDICT_SCHEMA: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:scanlens:verdict:1',
  title: 'scanlens verdict',
  description: 'How one login ended, and the lines that say so. One JSON object a line.',
  ...object({
    flowId: { type: 'string', pattern: '^f-' },
    ids: recordOf(
      { anyOf: [TEXT, list(TEXT)] },
      'by kind: keyed hashes, or the ids in clear with --show-ids; a list where there are several',
    ),
    kind: oneOf(FLOW_KINDS),
    outcome: oneOf(OUTCOME_KINDS),
    cause: orNull(TEXT),
    class: orNull(TEXT),
    stage: { ...orNull(oneOf(STAGES)), description: 'null when it succeeded' },
    reason: { ...orNull(oneOf(ABANDON_REASONS)), description: 'why it was abandoned' },
    symptoms: list(TEXT, 'further rules that matched; of a success, all that did'),
    startedAt: orNull(MOMENT),
    endedAt: orNull(MOMENT),
    evidence: list(
      object({ rule: TEXT, file: orNull(TEXT), line: orNull(COUNT), time: orNull(MOMENT) }),
    ),
  }),
};
