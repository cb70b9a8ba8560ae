/** A JSON Schema, draft 7. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** An object with exactly these properties, save the optional ones. */
export function object(
  properties: Readonly<Record<string, JsonSchema>>,
  more: Readonly<Record<string, unknown>> = {},
): JsonSchema {
  return {
    type: 'object',
    ...more,
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

/** An object whose keys are values of the logs, rules or codes. */
export function recordOf(values: JsonSchema, description?: string): JsonSchema {
  const about = description === undefined ? {} : { description };
  return { type: 'object', ...about, additionalProperties: values };
}

export function list(items: JsonSchema, description?: string): JsonSchema {
  return { type: 'array', ...(description === undefined ? {} : { description }), items };
}

export function oneOf(values: readonly string[]): JsonSchema {
  return { enum: values };
}

export function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

export const TEXT: JsonSchema = { type: 'string' };

export const COUNT: JsonSchema = { type: 'integer', minimum: 0 };

export const FLAG: JsonSchema = { type: 'boolean' };

export const SHARE: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };

export const MILLISECONDS: JsonSchema = orNull({ type: 'number', minimum: 0 });

/** ISO 8601 in UTC. Years beyond 9999 have six digits and a sign. */
export const MOMENT: JsonSchema = {
  type: 'string',
  pattern: '^([+-]\\d{2})?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
};
