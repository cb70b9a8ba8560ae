import { type Decoder, PathTree } from '../../src/decode/index.ts';
import { EntryKind, type RecordBatch, type Rejected } from '../../src/model/index.ts';

export type Scalar = string | number | boolean | null;

export interface Row {
  readonly line: number;
  /** By dotted path, in the order they stood: the last of equal ones counts. */
  readonly entries: readonly (readonly [path: string, value: Scalar])[];
}

export interface Decoded {
  readonly rows: readonly Row[];
  readonly rejected: readonly Rejected[];
  readonly lines: number;
}

const utf8 = new TextDecoder();

function scalarOf(batch: RecordBatch, entry: number): Scalar {
  const buffer = batch.inScratch[entry] ? batch.scratch : batch.bytes;
  const text = utf8.decode(buffer.subarray(batch.start[entry], batch.end[entry]));
  switch (batch.kind[entry]) {
    case EntryKind.string:
      return text;
    case EntryKind.number:
      return Number(text);
    case EntryKind.null:
      return null;
    default:
      return batch.kind[entry] === EntryKind.true;
  }
}

/** Feeds the chunks to a decoder and copies everything out of its batches. */
export function decodeRows(
  make: (paths: PathTree) => Decoder,
  chunks: Iterable<Uint8Array>,
  wants: (path: readonly string[]) => boolean = () => true,
): Decoded {
  const paths = new PathTree(wants);
  const decoder = make(paths);
  const rows: Row[] = [];
  const rejected: Rejected[] = [];
  const sink = {
    records(batch: RecordBatch) {
      for (let row = 0; row < batch.rows; row += 1) {
        const entries: [string, Scalar][] = [];
        for (let e = batch.entryStart[row]!; e < batch.entryStart[row + 1]!; e += 1) {
          entries.push([paths.segments(batch.path[e]!).join('.'), scalarOf(batch, e)]);
        }
        rows.push({ line: batch.line[row]!, entries });
      }
    },
    rejected: (line: Rejected) => rejected.push(line),
  };
  for (const chunk of chunks) decoder.feed(chunk, sink);
  decoder.end(sink);
  return { rows, rejected, lines: decoder.lines };
}

/** The fields of a row; the last of equal names counts, as it does to the normaliser. */
export function fieldsOf(row: Row): Record<string, Scalar> {
  return Object.fromEntries(row.entries);
}
