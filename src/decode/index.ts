export type { Decoder, RecordSink } from './decoder.ts';
export {
  createNdjsonDecoder,
  DEFAULT_MAX_LINE_BYTES,
  type NdjsonOptions,
} from './ndjson-decoder.ts';
export { PathTree, type WantsPath } from './path-tree.ts';
