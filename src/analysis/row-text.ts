import type { PathTree } from '../decode/index.ts';
import { EntryKind, type RecordBatch } from '../model/index.ts';

const utf8 = new TextDecoder();

/**
 * The text of a row for people: where its record stands in the input, or, for a record of a binary
 * form, what of it was asked for, written as JSON.
 */
export function rowText(batch: RecordBatch, row: number, paths: PathTree): string {
  const start = batch.rowStart[row]!;
  const end = batch.rowEnd[row]!;
  if (start === end) return renderedRow(batch, row, paths);
  const buffer = batch.rowInScratch[row] === 1 ? batch.scratch : batch.bytes;
  return utf8.decode(buffer.subarray(start, end)).trimEnd();
}

function renderedRow(batch: RecordBatch, row: number, paths: PathTree): string {
  const fields = new Map<string, string>();
  for (let entry = batch.entryStart[row]!; entry < batch.entryStart[row + 1]!; entry += 1) {
    const buffer = batch.inScratch[entry] === 1 ? batch.scratch : batch.bytes;
    const text = utf8.decode(buffer.subarray(batch.start[entry], batch.end[entry]));
    const isText = batch.kind[entry] === EntryKind.string;
    fields.set(paths.segments(batch.path[entry]!).join('.'), isText ? JSON.stringify(text) : text);
  }
  return `{${[...fields].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
