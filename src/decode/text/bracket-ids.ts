import { isHexDigit } from './letters.ts';
import type { TextField } from './text-field.ts';

/** `[service,trace,span]`, `[trace-span]`. */
const TRACE_PAIR =
  /^(?:[\w.-]{0,60},)?\s?([0-9a-f]{32}|[0-9a-f]{16})[,-]\s?([0-9a-f]{16})(?:,\w{0,5})?\s?$/d;
const NAMED_IDS = /(?:^|[,;\s])([A-Za-z][\w.-]{0,40}?)\s?[=:]\s?([\w./+=-]{1,128})(?=[,;\s]|$)/dg;

const [EQUALS, COLON] = [0x3d, 0x3a];
/** Those of a trace and of its span. */
const LEAST_HEX_DIGITS = 32;

const latin1 = new TextDecoder('latin1');

/**
 * Keeps a trace and its span, or `traceId=…, spanId=…` and the like, that stand in brackets.
 * @param lineStart from where places count
 * @returns false where the content is something else.
 */
export function keepBracketIds(
  bytes: Uint8Array,
  from: number,
  to: number,
  lineStart: number,
  fields: TextField[],
): boolean {
  let hexDigits = 0;
  let isNamed = false;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!;
    if (isHexDigit(byte)) hexDigits += 1;
    else if (byte === EQUALS || byte === COLON) isNamed = true;
  }
  if (!isNamed && hexDigits < LEAST_HEX_DIGITS) return false;
  const content = latin1.decode(bytes.subarray(from, to));
  const offset = from - lineStart;
  const pair = TRACE_PAIR.exec(content);
  if (pair !== null) {
    const [, [traceStart, traceEnd], [spanStart, spanEnd]] = pair.indices as [
      unknown,
      [number, number],
      [number, number],
    ];
    fields.push({ name: 'trace_id', start: offset + traceStart, end: offset + traceEnd });
    fields.push({ name: 'span_id', start: offset + spanStart, end: offset + spanEnd });
    return true;
  }
  return isNamed && keepNamedIds(content, offset, fields);
}

function keepNamedIds(content: string, offset: number, fields: TextField[]): boolean {
  if (!/^[,;\s]*$/.test(content.replaceAll(NAMED_IDS, ''))) return false;
  for (const match of content.matchAll(NAMED_IDS)) {
    const [start, end] = match.indices![2]!;
    fields.push({ name: match[1]!, start: offset + start, end: offset + end });
  }
  return true;
}
