import { REPORT_SCHEMA } from './report-schema.ts';
import type { JsonSchema } from './schema.ts';
import { VERDICT_SCHEMA } from './verdict-schema.ts';

/** Formats that have a schema here. */
export const SCHEMA_NAMES = ['report', 'verdict'] as const;

export type SchemaName = (typeof SCHEMA_NAMES)[number];

const SCHEMAS: Readonly<Record<SchemaName, JsonSchema>> = {
  report: REPORT_SCHEMA,
  verdict: VERDICT_SCHEMA,
};

/** The JSON Schema of an output, for `scanlens schema NAME`. */
export function schemaOf(name: SchemaName): JsonSchema {
  return SCHEMAS[name];
}
