import {
  BOUND_OPERATORS,
  CORRELATION_TYPES,
  LEVELS,
  RULE_EFFECTS,
  RULE_STATUSES,
  STAGES,
} from '../model/index.ts';
import { MODIFIERS } from '../sigma/index.ts';
import { DURATION_PATTERN } from './duration.ts';

/** The product of rules about logins; rules of other products are plain Sigma. */
export const PRODUCT = 'wechat_login';

/** Categories of event rules that speak of no stage. */
export const OTHER_CATEGORIES = [
  'app',
  'gateway',
  'database',
  'cache',
  'upstream',
  'platform',
] as const;

export const CATEGORIES = ['flow', ...STAGES, ...OTHER_CATEGORIES] as const;

export const TEST_EXPECTATIONS = ['match', 'no-match', 'todo'] as const;

const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text, minItems: 1 } as const;
const uuid = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'a UUID in lower case',
} as const;
const ruleName = {
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  maxLength: 64,
  description: 'letters, digits and _, not beginning with a digit',
} as const;
const label = {
  type: 'string',
  pattern: '^[a-z][a-z0-9_]*(-?[0-9]+)?$',
  description: 'a label such as code_used_40163 or state_mismatch',
} as const;
const date = {
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  description: 'a date like 2026-11-23',
} as const;
const duration = {
  type: 'string',
  pattern: DURATION_PATTERN,
  description: 'a whole number with s, m, h or d, such as 90s',
} as const;
const bilingual = {
  type: 'object',
  properties: { en: text, zh: text },
  additionalProperties: false,
} as const;
const event = { type: 'object', minProperties: 1 } as const;

const flowTest = {
  type: 'object',
  properties: {
    name: text,
    expect: { enum: TEST_EXPECTATIONS },
    event,
    events: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: { offset: duration, event },
        required: ['offset', 'event'],
        additionalProperties: false,
      },
    },
    until: duration,
    assert: {
      type: 'object',
      minProperties: 1,
      description: 'what becomes of flows, by the flow id their events carry',
      additionalProperties: {
        type: 'object',
        minProperties: 1,
        properties: {
          outcome: { enum: ['succeeded', 'failed', 'abandoned', 'open'] },
          cause: text,
          class: text,
          stage: { enum: STAGES },
          symptom: { anyOf: [text, texts] },
        },
        additionalProperties: false,
      },
    },
  },
  required: ['name', 'expect'],
  additionalProperties: false,
} as const;

const ownAttributes = {
  'flow.class': label,
  'flow.effect': { enum: RULE_EFFECTS },
  'flow.priority': { type: 'integer', minimum: -1000, maximum: 1000 },
  'flow.title.zh': text,
  'flow.description': bilingual,
  'flow.remediation': bilingual,
  'flow.tests': { type: 'array', items: flowTest },
} as const;

const metadata = {
  title: { type: 'string', minLength: 1, maxLength: 256 },
  id: uuid,
  name: ruleName,
  status: { enum: RULE_STATUSES },
  description: text,
  license: text,
  author: text,
  references: texts,
  date,
  modified: date,
  taxonomy: text,
  tags: texts,
  level: { enum: LEVELS },
  falsepositives: texts,
  related: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        id: uuid,
        type: { enum: ['derived', 'obsolete', 'merged', 'renamed', 'similar'] },
      },
      required: ['id', 'type'],
      additionalProperties: false,
    },
  },
} as const;

const detectionItems = {
  type: 'object',
  minProperties: 1,
  propertyNames: {
    pattern: `^[^|]*(\\|(${MODIFIERS.filter((name) => name !== 'expand').join('|')}))*$`,
    description: 'a field name with known modifiers',
  },
} as const;

const detection = {
  type: 'object',
  required: ['condition'],
  minProperties: 2,
  properties: { condition: { anyOf: [text, texts] } },
  additionalProperties: {
    anyOf: [
      detectionItems,
      {
        type: 'array',
        minItems: 1,
        items: { anyOf: [detectionItems, { type: ['string', 'number'] }] },
      },
      { type: ['string', 'number'] },
    ],
  },
} as const;

const logsource = {
  type: 'object',
  properties: { category: text, product: text, service: text, definition: text },
  minProperties: 1,
} as const;

const ownLogsource = {
  type: 'object',
  properties: {
    product: { const: PRODUCT },
    category: { enum: CATEGORIES },
    service: text,
    definition: text,
  },
  required: ['product', 'category'],
  additionalProperties: false,
} as const;

/** A rule about logins. `detection` is checked in depth by the Sigma engine. */
export const ownRuleSchema = {
  type: 'object',
  properties: {
    ...metadata,
    logsource: ownLogsource,
    detection: { type: 'object' },
    fields: texts,
    custom_attributes: {
      type: 'object',
      properties: {
        ...ownAttributes,
        'flow.deadline': {
          type: 'object',
          properties: { from: { enum: STAGES }, within: duration },
          required: ['from', 'within'],
          additionalProperties: false,
        },
      },
      required: ['flow.class'],
      additionalProperties: false,
    },
  },
  required: [
    ...['title', 'id', 'name', 'status', 'logsource', 'detection', 'level', 'custom_attributes'],
  ],
  additionalProperties: false,
} as const;

/** A rule of another product: as lenient as its authors need, as strict as evaluation needs. */
export const foreignRuleSchema = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    id: { type: 'string', minLength: 1 },
    name: { type: 'string', minLength: 1 },
    status: { enum: RULE_STATUSES },
    level: { enum: LEVELS },
    description: { type: ['string', 'null'] },
    logsource,
    detection: { type: 'object' },
    references: { type: ['array', 'null'] },
    falsepositives: { type: ['array', 'string', 'null'] },
    related: { type: ['array', 'null'] },
    custom_attributes: { type: ['object', 'null'] },
  },
  required: ['title', 'logsource', 'detection'],
} as const;

const keyNames = {
  type: 'object',
  minProperties: 1,
  additionalProperties: {
    type: 'object',
    minProperties: 1,
    additionalProperties: text,
  },
} as const;

export const correlationSchema = {
  type: 'object',
  properties: {
    ...metadata,
    correlation: {
      type: 'object',
      properties: {
        type: { enum: CORRELATION_TYPES },
        rules: { anyOf: [text, texts] },
        'group-by': texts,
        timespan: duration,
        aliases: keyNames,
        condition: {
          anyOf: [
            text,
            {
              type: 'object',
              properties: {
                ...Object.fromEntries(BOUND_OPERATORS.map((op) => [op, { type: 'number' }])),
                field: text,
                percentile: { type: 'number', minimum: 0, maximum: 100 },
              },
              additionalProperties: false,
            },
          ],
        },
        generate: { type: 'boolean' },
      },
      required: ['type', 'rules', 'timespan'],
      additionalProperties: false,
    },
    generate: { type: 'boolean' },
    custom_attributes: {
      type: 'object',
      properties: {
        ...ownAttributes,
        'flow.explains': {
          type: 'object',
          properties: { cause: text, symptoms: texts },
          required: ['cause', 'symptoms'],
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
  },
  required: ['title', 'id', 'name', 'correlation'],
  additionalProperties: false,
} as const;

export const filterSchema = {
  type: 'object',
  properties: {
    ...metadata,
    logsource,
    filter: {
      type: 'object',
      properties: { rules: { anyOf: [text, texts] } },
      required: ['rules', 'condition'],
      minProperties: 3,
    },
  },
  required: ['title', 'filter'],
  additionalProperties: false,
} as const;

/**
 * JSON Schema for editors: one rule, correlation or filter document. Stricter than Sigma's own in
 * that unknown modifiers, keys, categories and durations are wrong.
 */
export function editorSchema(): object {
  const inDepth = { ...ownRuleSchema.properties, detection };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'scanlens rule',
    if: { required: ['correlation'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: correlationSchema,
    else: {
      if: { required: ['filter'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: filterSchema,
      else: { ...ownRuleSchema, properties: inDepth },
    },
  };
}
