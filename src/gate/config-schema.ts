import { DURATION_PATTERN } from '../ruleset/index.ts';

const limit = {
  anyOf: [{ type: 'string' }, { type: 'number' }],
  description: 'a value with its unit, such as 5%, 0.5pp, 300ms or 10/s',
} as const;

const share = {
  anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\d{1,3}(\\.\\d{1,9})?\\s*%$' }],
  description: 'a share such as 0.95 or 95%',
} as const;

const duration = {
  type: 'string',
  pattern: DURATION_PATTERN,
  description: 'a duration such as 90s, 5m or 1h',
} as const;

/** JSON Schema of `scanlens.yaml`. */
export const CONFIG_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'scanlens.yaml',
  type: 'object',
  additionalProperties: false,
  properties: {
    gate: {
      type: 'object',
      additionalProperties: false,
      properties: {
        baseline: { type: 'string', minLength: 1, description: 'a path from this file on' },
        confidence: share,
        min_flows: { type: 'integer', minimum: 1 },
        on_inconclusive: { enum: ['warn', 'fail'] },
        flow_timeout: duration,
        strata: {
          type: 'array',
          maxItems: 8,
          uniqueItems: true,
          items: { type: 'string', minLength: 1, maxLength: 200 },
        },
        collapse_retries: {
          type: 'object',
          required: ['by', 'within'],
          additionalProperties: false,
          properties: {
            by: { type: 'string', minLength: 1, description: 'the field that tells users apart' },
            within: duration,
          },
        },
        seed: { type: 'integer', minimum: 0, maximum: 4294967295 },
        checks: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'metric'],
            additionalProperties: false,
            properties: {
              id: { type: 'string', minLength: 1, maxLength: 100 },
              metric: { type: 'string', minLength: 1 },
              per: { enum: ['rule', 'stage'] },
              max: limit,
              min: limit,
              max_increase: limit,
              max_decrease: limit,
              max_relative_increase: limit,
              max_relative_decrease: limit,
              fdr: share,
              dependence: { enum: ['independent', 'any'] },
              level: { enum: ['error', 'warn'] },
            },
          },
        },
      },
    },
  },
} as const;
