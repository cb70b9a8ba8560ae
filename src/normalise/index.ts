export { plainName } from './field-names.ts';
export { aliasesOf, understoodAs } from './field-use.ts';
export {
  MAPPING_SCHEMA,
  type Mapping,
  parseMapping,
  type StageRule,
} from './mapping.ts';
export { createNormaliser, type NormaliseOptions, type Normaliser } from './normaliser.ts';
export { SCHEMAS, type Schema } from './schema.ts';
export { idsNamed, type TextId } from './text-ids.ts';
export { readTime } from './time.ts';
export type { LeafSource } from './value-store.ts';
export { parseZone, UTC, type Zone } from './zone.ts';
