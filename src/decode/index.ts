export { createDecoder, createNdjsonDecoder } from './create-decoder.ts';
export type { Decoder, RecordSink } from './decoder.ts';
export { formOf, type StreamForm } from './form.ts';
export { createKernel, type Kernel } from './kernel/kernel.ts';
export type { EventHome, QueryName, RepeatPlan, RowRepeater } from './kernel/row-repeater.ts';
export { DEFAULT_MAX_LINE_BYTES, type DecoderOptions } from './line-decoder.ts';
export { orderFreeLines } from './order-free.ts';
export { PathTree, type WantsPath } from './path-tree.ts';
