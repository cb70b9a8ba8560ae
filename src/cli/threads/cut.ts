const NEWLINE = 0x0a;

/** Behind the last whole line, or -1 when no line ends. */
export function lastCut(bytes: Uint8Array): number {
  const newline = bytes.lastIndexOf(NEWLINE);
  return newline === -1 ? -1 : newline + 1;
}

/** Lines that end in `bytes`. */
export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
