import type { RowWriter } from '../row-writer.ts';

/** An entry that outlives its batch: what a wrapper says of a record that is not whole yet. */
export interface CarriedEntry {
  readonly name: string;
  readonly kind: number;
  readonly bytes: Uint8Array;
}

/** Takes the entries of the open row away. */
export function takeOpenRow({ columns, paths }: RowWriter): CarriedEntry[] {
  const taken: CarriedEntry[] = [];
  for (let entry = columns.entryStart[columns.rows]!; entry < columns.entries; entry += 1) {
    const bytes = columns.inScratch[entry] === 1 ? columns.scratch : columns.bytes;
    taken.push({
      name: paths.segments(columns.path[entry]!).join('.'),
      kind: columns.kind[entry]!,
      bytes: bytes.slice(columns.start[entry], columns.end[entry]),
    });
  }
  columns.dropOpenRow();
  return taken;
}

/** Adds entries that were taken to the open row. */
export function putBack(carried: readonly CarriedEntry[], { columns, paths }: RowWriter): void {
  for (const { name, kind, bytes } of carried) {
    columns.reserveScratch(bytes.length);
    const start = columns.scratchUsed;
    columns.scratch.set(bytes, start);
    columns.scratchUsed = start + bytes.length;
    columns.add(paths.named(name), kind, 1, 0, start, columns.scratchUsed);
  }
}
