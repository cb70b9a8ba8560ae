import { readAccess } from './access-line.ts';
import { readHeader } from './header.ts';
import { readLogfmt } from './key-values.ts';
import { isBlank } from './letters.ts';
import type { Head, TextStart } from './text-field.ts';
import { readTraceStart } from './trace-lines.ts';
import { readZapConsole } from './zap-console.ts';

/**
 * Tells whether a line begins a record of text, and reads what stands before its words.
 * @param isOpen a record is open that the line might go on with.
 */
export function textStartOf(head: Head, isOpen: boolean): TextStart | undefined {
  // No record begins with a blank.
  if (head.start === head.end || isBlank(head.bytes[head.start]!)) return undefined;
  return (
    readZapConsole(head) ??
    readAccess(head) ??
    readLogfmt(head) ??
    readHeader(head) ??
    readTraceStart(head, isOpen)
  );
}
