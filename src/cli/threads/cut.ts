import { formOf, type Kernel, orderFreeLines } from '../../decode/index.ts';

const NEWLINE = 0x0a;

export interface Cut {
  readonly at: number;
  /** Lines before it. */
  readonly lines: number;
}

/** True when the chunk that a source begins with shows that it is read line by line. */
export function isOfLines(firstChunk: Uint8Array): boolean {
  return formOf(firstChunk, false) === 'lines';
}

/**
 * Where a chunk that begins a part may be cut: behind its last whole line. Undefined when a line of
 * it may run on into another, or none ends.
 */
export function freeCut(bytes: Uint8Array, kernel: Kernel | undefined): Cut | undefined {
  const at = bytes.lastIndexOf(NEWLINE) + 1;
  const lines = at === 0 ? undefined : orderFreeLines(bytes.subarray(0, at), kernel);
  return lines === undefined ? undefined : { at, lines };
}
