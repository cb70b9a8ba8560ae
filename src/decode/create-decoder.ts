import type { Decoder } from './decoder.ts';
import { createLineDecoder, type DecoderOptions } from './line-decoder.ts';
import { createJsonLineReader } from './line-reader.ts';
import type { PathTree } from './path-tree.ts';
import { RowWriter } from './row-writer.ts';

/** What `--input-format` takes. */
export const INPUT_FORMATS = ['auto', 'ndjson'] as const;

export type InputFormat = (typeof INPUT_FORMATS)[number];

/** A decoder for one source, whose form is told by its content unless it is named. */
export function createDecoder(
  _format: InputFormat,
  paths: PathTree,
  options: DecoderOptions,
): Decoder {
  return createNdjsonDecoder(paths, options);
}

/** One JSON object a line, and nothing else. */
export function createNdjsonDecoder(paths: PathTree, options: DecoderOptions): Decoder {
  const rows = new RowWriter(paths);
  return createLineDecoder(rows, createJsonLineReader(rows), options);
}
