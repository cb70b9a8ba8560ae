import { STAGES } from '../model/index.ts';

const count = { type: 'integer', minimum: 0 } as const;

const time = {
  anyOf: [
    { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
    { type: 'null' },
  ],
  description: 'an ISO 8601 time in UTC with milliseconds, or null',
} as const;

/** JSON Schema of a baseline file. */
export const BASELINE_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'scanlens.baseline/1',
  description: 'Counts of login flows that scanlens gate compares with. Holds no ids.',
  type: 'object',
  required: ['schema', 'tool', 'strata', 'population', 'windows'],
  additionalProperties: false,
  properties: {
    schema: { const: 'scanlens.baseline/1' },
    tool: {
      type: 'object',
      required: ['version'],
      additionalProperties: false,
      properties: { version: { type: 'string', maxLength: 100 } },
    },
    strata: {
      type: 'array',
      description: 'attributes that flows are grouped by',
      maxItems: 8,
      uniqueItems: true,
      items: { type: 'string', minLength: 1, maxLength: 200 },
    },
    population: {
      type: 'object',
      required: ['flowTimeoutMs', 'retries'],
      additionalProperties: false,
      properties: {
        flowTimeoutMs: { type: 'number', exclusiveMinimum: 0 },
        retries: {
          anyOf: [
            { type: 'null' },
            {
              type: 'object',
              required: ['by', 'withinMs'],
              additionalProperties: false,
              properties: {
                by: { type: 'string', minLength: 1 },
                withinMs: { type: 'number', minimum: 0 },
              },
            },
          ],
          description: 'how attempts of one user become one, or null',
        },
      },
    },
    windows: { type: 'array', items: { $ref: '#/definitions/window' } },
  },
  definitions: {
    window: {
      type: 'object',
      required: ['from', 'to', 'rulesDigest', 'open', 'cut', 'groups', 'minutes', 'latencies'],
      additionalProperties: false,
      properties: {
        from: time,
        to: time,
        rulesDigest: { type: 'string', maxLength: 200 },
        open: { ...count, description: 'flows that could not be judged yet' },
        cut: { ...count, description: 'flows that an end of the data cut off' },
        groups: { type: 'array', items: { $ref: '#/definitions/group' } },
        minutes: {
          type: 'array',
          description: '[minutes since 1970, flows begun, decided, failed], ascending',
          items: {
            type: 'array',
            minItems: 4,
            maxItems: 4,
            items: [{ type: 'integer' }, count, count, count],
          },
        },
        latencies: {
          type: 'object',
          description: 'by "from>to", ">to" from whichever stage came before, and "login"',
          propertyNames: { pattern: `^(login|(${STAGES.join('|')})?>(${STAGES.join('|')}))$` },
          additionalProperties: { $ref: '#/definitions/histogram' },
        },
      },
    },
    group: {
      type: 'object',
      required: ['values', 'succeeded', 'failed', 'abandoned'],
      additionalProperties: false,
      properties: {
        values: {
          type: 'array',
          description: 'one for each of the strata; null where flows never named it',
          items: { type: ['string', 'null'], maxLength: 400 },
        },
        succeeded: count,
        abandoned: count,
        failed: {
          type: 'object',
          description: 'flows by stage, then by the rule that names the cause',
          propertyNames: { enum: STAGES },
          additionalProperties: {
            type: 'object',
            propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
            additionalProperties: count,
          },
        },
      },
    },
    histogram: {
      type: 'object',
      required: ['count', 'minMs', 'maxMs', 'buckets'],
      additionalProperties: false,
      properties: {
        count: { ...count, minimum: 1 },
        minMs: { type: 'number', minimum: 0 },
        maxMs: { type: 'number', minimum: 0 },
        buckets: {
          type: 'array',
          description:
            '[bucket, durations], ascending; bucket b > 0 holds durations from 2^-10 ms on, 64 to each doubling',
          items: {
            type: 'array',
            minItems: 2,
            maxItems: 2,
            items: [count, { type: 'integer', minimum: 1 }],
          },
        },
      },
    },
  },
} as const;
