export {
  createDecoder,
  createNdjsonDecoder,
  INPUT_FORMATS,
  type InputFormat,
} from './create-decoder.ts';
export type { Decoder, RecordSink } from './decoder.ts';
export { DEFAULT_MAX_LINE_BYTES, type DecoderOptions } from './line-decoder.ts';
export { PathTree, type WantsPath } from './path-tree.ts';
