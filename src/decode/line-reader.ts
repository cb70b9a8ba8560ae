import { EntryKind } from '../model/index.ts';
import { JsonScanner, type ScanFailure } from './json-scanner.ts';
import { Payload } from './path-tree.ts';
import type { RowWriter } from './row-writer.ts';

/** Reads one line after the other, each by its own shape. */
export interface LineReader {
  /**
   * A record that goes on over several lines, or a line that comes in parts, is waiting for more.
   * Whoever closes rows beside this reader must not do so while it is open.
   */
  readonly isOpen: boolean;
  /**
   * Reads any line that is not blank.
   * @param bytes the same as `columns.bytes`
   */
  read(bytes: Uint8Array, start: number, end: number, line: number): void;
  /**
   * As {@link read}, for a line that is a JSON object whose entries stand in the open row already.
   */
  unwrap(bytes: Uint8Array, start: number, end: number, line: number): void;
  /** Gives up what is waiting. */
  end(): void;
}

export const SCAN_REASONS: Readonly<Record<ScanFailure, string>> = {
  'not-json': 'the line is not valid JSON',
  'not-object': 'the line is JSON, but no object',
  'too-deep': 'objects or arrays are nested deeper than 64 levels',
};

/** Reads lines that are JSON objects and rejects all others. */
export function createJsonLineReader(rows: RowWriter): LineReader {
  const { columns, paths } = rows;
  const scanner = new JsonScanner(paths, columns);

  /** Reads records that stand as JSON text inside a top-level string, one level down. */
  function readInside(bytes: Uint8Array): void {
    const from = columns.entryStart[columns.rows]!;
    const until = columns.entries;
    for (let entry = from; entry < until; entry += 1) {
      if (columns.kind[entry] !== EntryKind.string) continue;
      if (paths.payload(columns.path[entry]!) === Payload.none) continue;
      const start = columns.start[entry]!;
      const end = columns.end[entry]!;
      const inScratch = columns.inScratch[entry] === 1 ? 1 : 0;
      // Scratch must not move while it is read from.
      columns.reserveScratch(end - start);
      const text = inScratch === 1 ? columns.scratch : bytes;
      scanner.scan(text, start, end, { inScratch, inner: 1, stopAtDocument: false });
    }
  }

  function unwrap(bytes: Uint8Array, start: number, end: number, line: number): void {
    readInside(bytes);
    rows.endRow('json', line, start, end);
  }

  return {
    isOpen: false,
    read(bytes, start, end, line) {
      const failure = scanner.scan(bytes, start, end);
      if (failure === undefined) {
        if (scanner.hasPayload) unwrap(bytes, start, end, line);
        else rows.endRow('json', line, start, end);
      } else if (failure !== 'document') {
        rows.reject(line, failure, SCAN_REASONS[failure]);
      }
    },
    unwrap,
    end() {},
  };
}
