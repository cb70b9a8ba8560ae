import { FAULT_IDS } from '../faults/catalogue.ts';
import { BEHAVIOURS } from '../people/behaviour.ts';

const SHARE = { type: 'number', minimum: 0, maximum: 1 } as const;

const RATE = {
  type: 'object',
  required: ['rate'],
  additionalProperties: false,
  properties: {
    rate: SHARE,
    window: { type: 'array', items: SHARE, minItems: 2, maxItems: 2, default: [0, 1] },
  },
} as const;

/** A scenario file as people write it. */
export const SCENARIO_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    description: { type: 'string', default: '' },
    arrivalMs: { type: 'number', exclusiveMinimum: 0, default: 250 },
    officialAccount: { ...SHARE, default: 0.4 },
    people: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(BEHAVIOURS.map((behaviour) => [behaviour, SHARE])),
      default: {},
    },
    faults: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(FAULT_IDS.map((id) => [id, RATE])),
      default: {},
    },
    service: {
      type: 'object',
      propertyNames: { pattern: '^[A-Z][A-Z0-9_]*$' },
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      default: {},
    },
  },
} as const;
