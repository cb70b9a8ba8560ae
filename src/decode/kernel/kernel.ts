import { type PathTree, Payload } from '../path-tree.ts';
import { RecordColumns, ROWS_PER_BATCH } from '../record-columns.ts';
import { RUN_ON_MARKERS } from '../run-on-markers.ts';
import type { KernelExports } from './exports.ts';
import { RowRepeater } from './row-repeater.ts';
import { instantiate } from './web-assembly.ts';

/** Bytes of input that the kernel has room for, as in `assembly/memory.ts`. */
export const KERNEL_INPUT_BYTES: number = 1 << 20;

const ENTRIES = 1 << 16;
/** No line is begun when there is room for fewer; as in `assembly/scan.ts`, and one more. */
const SPARE_ENTRIES = (1 << 13) + 1;
const SCRATCH_BYTES = 1 << 18;
/** Paths beyond these, and longer keys, are unknown to the kernel: their lines are the host's. */
const NODES = 1 << 12;
const MAX_KEY_BYTES = 255;

/** As in `assembly/paths.ts`. */
const Flag = { wanted: 1, holdsObject: 2, opensDocument: 4, tellsWrapper: 8 } as const;

/**
 * The WebAssembly half of the decoder: scans lines of JSON objects and repeats rows, in memory that
 * both sides share. One serves any number of decoders, one after the other.
 */
export class Kernel {
  /** Bytes to be scanned go here. */
  readonly input: Uint8Array;
  /** They lie in the kernel's memory, as long as they do not grow beyond it. */
  readonly columns: RecordColumns;
  readonly rows: RowRepeater;
  readonly #exports: KernelExports;
  readonly #key: Uint8Array;
  #paths: PathTree | undefined;
  #generation = -1;
  #knownPaths = 1;

  constructor(exports: KernelExports) {
    const { buffer } = exports.memory;
    const words = (place: { readonly value: number }, length: number) =>
      new Uint32Array(buffer, place.value, length);
    const bytes = (place: { readonly value: number }, length: number) =>
      new Uint8Array(buffer, place.value, length);
    this.#exports = exports;
    this.#key = bytes(exports.key, MAX_KEY_BYTES);
    this.input = bytes(exports.input, KERNEL_INPUT_BYTES);
    this.columns = new RecordColumns({
      scratch: bytes(exports.scratch, SCRATCH_BYTES),
      line: words(exports.line, ROWS_PER_BATCH),
      rowStart: words(exports.rowStart, ROWS_PER_BATCH),
      rowEnd: words(exports.rowEnd, ROWS_PER_BATCH),
      rowInScratch: bytes(exports.rowInScratch, ROWS_PER_BATCH),
      // The kernel closes rows of logs only.
      rowKind: bytes(exports.rowKind, ROWS_PER_BATCH),
      entryStart: words(exports.entryStart, ROWS_PER_BATCH + 1),
      path: words(exports.path, ENTRIES),
      kind: bytes(exports.kind, ENTRIES),
      inScratch: bytes(exports.inScratch, ENTRIES),
      inner: bytes(exports.inner, ENTRIES),
      start: words(exports.start, ENTRIES),
      end: words(exports.end, ENTRIES),
    });
    for (const marker of RUN_ON_MARKERS) {
      this.#key.set(marker);
      exports.learnMarker(marker.length);
    }
    this.rows = new RowRepeater(exports, this);
  }

  /** True while all that the columns hold stands in the kernel's memory. */
  get holdsBatch(): boolean {
    return this.columns.isAtHome && this.columns.bytes === this.input;
  }

  /** True when the rows have to be handed on before more lines can be read. */
  get isFull(): boolean {
    return this.columns.full || this.columns.entries > ENTRIES - SPARE_ENTRIES;
  }

  /** Learns the paths that were met since. */
  learnPaths(paths: PathTree): void {
    if (this.#paths !== paths || this.#generation !== paths.generation) {
      this.#paths = paths;
      this.#generation = paths.generation;
      this.#knownPaths = 1;
      this.#exports.clearPaths();
    }
    const until = Math.min(paths.size, NODES);
    for (; this.#knownPaths < until; this.#knownPaths += 1)
      this.#learnPath(paths, this.#knownPaths);
  }

  #learnPath(paths: PathTree, node: number): void {
    const length = paths.plainLength(node);
    if (length < 0 || length > MAX_KEY_BYTES) return;
    this.#key.set(paths.key(node));
    const payload = paths.payload(node);
    const flags =
      (paths.wanted(node) ? Flag.wanted : 0) |
      (payload === Payload.ifObject ? Flag.holdsObject : 0) |
      (payload === Payload.always ? Flag.tellsWrapper : 0) |
      (paths.opensDocument(node) ? Flag.opensDocument : 0);
    this.#exports.addPath(node, paths.parent(node), length, flags);
  }

  /**
   * Adds rows of the lines in the input between two places, the latter behind a newline, until one
   * is doubtful or the columns are full.
   * @param lines the lines of the source so far
   */
  scan(from: number, to: number, lines: number, maxLineBytes: number): Scanned {
    const { columns } = this;
    const { enter, scan } = this.#exports;
    const rowsBefore = columns.rows;
    enter(lines, columns.rows, columns.entries, columns.scratchUsed);
    const at = scan(from, to, maxLineBytes);
    columns.rows = this.#exports.rows.value;
    columns.entries = this.#exports.entries.value;
    columns.scratchUsed = this.#exports.scratchUsed.value;
    return {
      at,
      lines: this.#exports.lines.value,
      blanks: this.#exports.blanks.value,
      rows: columns.rows - rowsBefore,
      isOpen: this.#exports.isOpen.value === 1,
    };
  }

  /**
   * Adds the entries of an object that stands in the columns' bytes, or in their scratch, to the
   * open row.
   * @returns false when it is doubtful or not in the kernel's memory: nothing was added.
   */
  scanObject(
    paths: PathTree,
    start: number,
    end: number,
    { inScratch, inner }: { readonly inScratch: 0 | 1; readonly inner: 0 | 1 },
  ): boolean {
    const { columns } = this;
    if (!this.holdsBatch) return false;
    this.learnPaths(paths);
    this.#exports.enter(0, columns.rows, columns.entries, columns.scratchUsed);
    if (this.#exports.scanObject(start, end, inScratch, inner) === 0) return false;
    columns.entries = this.#exports.entries.value;
    columns.scratchUsed = this.#exports.scratchUsed.value;
    return true;
  }

  /** The object read last has an entry that may show that it is a wrapper. */
  get tellsWrapper(): boolean {
    return this.#exports.isTold.value === 1;
  }

  /** What `orderFreeLines` says of whole lines that fit into the input. */
  orderFreeLines(bytes: Uint8Array): number | undefined {
    this.input.set(bytes);
    const lines = this.#exports.orderFreeLines(bytes.length);
    return lines < 0 ? undefined : lines;
  }

  /** Learns that rows like the one that was left open are closed as they are. */
  learnPlainShape(): void {
    this.#exports.learnPlainShape();
  }
}

/** How far a scan came. */
export interface Scanned {
  /** Beginning of the first line that was not read. */
  readonly at: number;
  /** The lines of the source so far. */
  readonly lines: number;
  /** Blank lines of this scan. */
  readonly blanks: number;
  /** Closed rows of this scan. */
  readonly rows: number;
  /**
   * The line at `at` was read and its entries stand in the open row: it may be a wrapper around
   * another line.
   */
  readonly isOpen: boolean;
}

/** @returns undefined where the engine cannot run it: then lines are scanned by the host alone. */
export function createKernel(bytes: Uint8Array): Kernel | undefined {
  const exports = instantiate<KernelExports>(bytes);
  return exports === undefined ? undefined : new Kernel(exports);
}
