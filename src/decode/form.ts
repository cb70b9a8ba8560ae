import { type ProtoFraming, protoFraming } from './otlp/index.ts';

/**
 * What a stream is made of: lines, each read by its own shape; JSON values that spread over
 * lines, such as pretty-printed documents and arrays; or OTLP messages in binary.
 */
export type StreamForm = 'lines' | 'values' | `otlp-${ProtoFraming}`;

/** So much of a stream decides its form at the latest. */
export const HEAD_BYTES: number = 1 << 16;

/**
 * Tells the form of a stream by its head. The answer never changes when more bytes come.
 * @param ended the head is the whole stream.
 * @returns undefined when more bytes are needed.
 */
export function formOf(head: Uint8Array, ended: boolean): StreamForm | undefined {
  const enough = head.subarray(0, HEAD_BYTES);
  if (enough.length < TELLING_BYTES && !ended) return undefined;
  if (isBinary(enough.subarray(0, TELLING_BYTES))) {
    const framing = protoFraming(enough, ended || head.length >= HEAD_BYTES);
    if (framing === undefined) return undefined;
    if (framing !== 'no') return `otlp-${framing}`;
  }
  const told = formOfText(enough);
  return told ?? (ended || head.length >= HEAD_BYTES ? 'lines' : undefined);
}

/** Within so many bytes every protobuf message shows that it is no text. */
const TELLING_BYTES = 64;

function isBinary(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}

const [BRACE, BRACKET, QUOTE, BACKSLASH] = [0x7b, 0x5b, 0x22, 0x5c];
const [NEWLINE, COMMA, COLON] = [0x0a, 0x2c, 0x3a];

function formOfText(head: Uint8Array): StreamForm | undefined {
  const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  const first = afterBlank(head, marked ? 3 : 0);
  if (first === head.length) return undefined;
  if (head[first] === BRACKET) {
    const next = afterBlank(head, first + 1);
    if (next === head.length) return undefined;
    return head[next] === BRACE || head[next] === BRACKET ? 'values' : 'lines';
  }
  if (head[first] !== BRACE) return 'lines';
  return isOpenAtItsEnd(head, first);
}

/**
 * A value is spread over lines when its first line ends behind a bracket or a comma and the next
 * one does not begin a value of its own, as it does where a line of many was cut off.
 */
function isOpenAtItsEnd(head: Uint8Array, first: number): StreamForm | undefined {
  const end = head.indexOf(NEWLINE, first);
  if (end === -1) return undefined;
  let inString = false;
  let last = BRACE;
  for (let at = first; at < end; at += 1) {
    const byte = head[at]!;
    if (inString && byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) inString = !inString;
    if (!isBlank(byte)) last = byte;
  }
  const isOpen = last === BRACE || last === BRACKET || last === COMMA || last === COLON;
  if (inString || !isOpen) return 'lines';
  const next = afterBlank(head, end + 1);
  if (next === head.length) return undefined;
  return head[next] === BRACE ? 'lines' : 'values';
}

function afterBlank(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (isBlank(bytes[at]!) || bytes[at] === NEWLINE)) at += 1;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
