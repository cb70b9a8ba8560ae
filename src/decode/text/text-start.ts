import { readAccess } from './access-line.ts';
import { readHeader } from './header.ts';
import { readLogfmt } from './key-values.ts';
import type { TextStart } from './text-field.ts';
import { readTraceStart } from './trace-lines.ts';
import { readZapConsole } from './zap-console.ts';

/**
 * Tells whether a line begins a record of text, and reads what stands before its words.
 * @param text the line, a character for each byte.
 * @param isOpen a record is open that the line might go on with.
 */
export function textStartOf(text: string, isOpen: boolean): TextStart | undefined {
  return (
    readZapConsole(text) ??
    readAccess(text) ??
    readLogfmt(text) ??
    readHeader(text) ??
    readTraceStart(text, isOpen)
  );
}
