import { createDecoder, PathTree } from '../../src/decode/index.ts';
import type { InputFormat, RecordBatch, Rejected } from '../../src/model/index.ts';
import { entriesOf } from './decoder-suite.ts';

/** What a decoder of any form makes of some chunks. */
export interface DecodedForms {
  /** By line; entries by path, the last of equals; those of a record inside bear a caret. */
  readonly rows: readonly { readonly line: number; readonly fields: Record<string, unknown> }[];
  readonly rejected: readonly Rejected[];
  readonly lines: number;
  readonly blank: number;
  readonly joined: number;
  readonly forms: Readonly<Record<string, number>>;
}

export function decodeForms(
  chunks: readonly Uint8Array[],
  options: { readonly format?: InputFormat; readonly maxLineBytes?: number } = {},
): DecodedForms {
  const paths = new PathTree(() => true);
  const decoder = createDecoder(options.format ?? 'auto', paths, {
    maxLineBytes: options.maxLineBytes ?? 1 << 20,
  });
  const rows: { line: number; fields: Record<string, unknown> }[] = [];
  const rejected: Rejected[] = [];
  const sink = {
    records(batch: RecordBatch) {
      for (let row = 0; row < batch.rows; row += 1) {
        const entries = entriesOf(batch, row, paths);
        const named = entries.map(({ path, value, inner }) => [inner ? `^${path}` : path, value]);
        rows.push({ line: batch.line[row]!, fields: Object.fromEntries(named) });
      }
    },
    rejected: (line: Rejected) => rejected.push(line),
  };
  // Chunks are copied into one buffer that is used again, as sources do it.
  const buffer = new Uint8Array(Math.max(1, ...chunks.map((chunk) => chunk.length)));
  for (const chunk of chunks) {
    buffer.fill(0x7e);
    buffer.set(chunk);
    decoder.feed(buffer.subarray(0, chunk.length), sink);
  }
  decoder.end(sink);
  rows.sort((a, b) => a.line - b.line);
  const { lines, blank, joined } = decoder;
  return { rows, rejected, lines, blank, joined, forms: decoder.forms() };
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const decodeText = (text: string, options: Parameters<typeof decodeForms>[1] = {}) =>
  decodeForms([utf8(text)], options);
