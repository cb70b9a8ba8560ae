import { formOf, isOrderFree, type Kernel } from '../../decode/index.ts';

const NEWLINE = 0x0a;

/** Behind the last whole line, or -1 when no line ends. */
export function lastCut(bytes: Uint8Array): number {
  const newline = bytes.lastIndexOf(NEWLINE);
  return newline === -1 ? -1 : newline + 1;
}

/** Lines that end in `bytes`; a kernel counts faster. */
export function countLines(bytes: Uint8Array, kernel: Kernel | undefined): number {
  let lines = 0;
  if (kernel !== undefined) {
    const step = kernel.input.length;
    for (let from = 0; from < bytes.length; from += step) {
      lines += kernel.countLines(bytes.subarray(from, from + step));
    }
    return lines;
  }
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** True when the chunk that a source begins with shows that it is read line by line. */
export function isOfLines(firstChunk: Uint8Array): boolean {
  return formOf(firstChunk, false) === 'lines';
}

/**
 * Where a chunk that begins a part may be cut: behind its last whole line, if no line of it runs
 * on into another; else -1.
 */
export function freeCut(bytes: Uint8Array, kernel: Kernel | undefined): number {
  const cut = lastCut(bytes);
  return cut !== -1 && isOrderFree(bytes.subarray(0, cut), kernel) ? cut : -1;
}
