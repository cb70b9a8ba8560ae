/** The memory that kernel and host share. Columns are laid out as `RecordColumns` has them. */

export const ROWS: i32 = 1 << 12;
export const ENTRIES: i32 = 1 << 16;
/** One chunk and what was left of the one before. */
export const INPUT_BYTES: i32 = 1 << 20;
export const SCRATCH_BYTES: i32 = 1 << 18;
/** SIMD loads may read beyond the end. */
const PADDING: i32 = 64;

export const input: usize = heap.alloc(INPUT_BYTES + PADDING);
export const scratch: usize = heap.alloc(SCRATCH_BYTES + PADDING);

export const line: usize = heap.alloc(ROWS << 2);
export const rowStart: usize = heap.alloc(ROWS << 2);
export const rowEnd: usize = heap.alloc(ROWS << 2);
export const rowInScratch: usize = heap.alloc(ROWS);
/** 0 for a row of a log; the host says otherwise. */
export const rowKind: usize = heap.alloc(ROWS);
export const entryStart: usize = heap.alloc((ROWS + 1) << 2);

export const path: usize = heap.alloc(ENTRIES << 2);
export const kind: usize = heap.alloc(ENTRIES);
export const inScratch: usize = heap.alloc(ENTRIES);
export const inner: usize = heap.alloc(ENTRIES);
export const start: usize = heap.alloc(ENTRIES << 2);
export const end: usize = heap.alloc(ENTRIES << 2);

/** As `EntryKind`. */
export const STRING: u8 = 0;
export const NUMBER: u8 = 1;
export const TRUE: u8 = 2;
export const FALSE: u8 = 3;
export const NULL: u8 = 4;
