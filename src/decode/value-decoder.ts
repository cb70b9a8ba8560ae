import type { Decoder } from './decoder.ts';
import type { LineReader } from './line-reader.ts';
import type { RowWriter } from './row-writer.ts';

/** A larger value is rejected without being held in memory. */
export const MAX_VALUE_BYTES: number = 256 << 20;

const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const [QUOTE, BACKSLASH, NEWLINE, COMMA] = [0x22, 0x5c, 0x0a, 0x2c];

/** Where the walk through the bytes is. */
const Place = {
  /** Between values. */
  between: 0,
  /** In an object that is a value of its own. */
  object: 1,
  inString: 2,
  afterBackslash: 3,
  /** In something that begins no value: it is lost up to the end of its line. */
  junk: 4,
} as const;

/**
 * Cuts a stream into the JSON objects that stand in it, one after the other or in arrays, however
 * they are spread over lines, and has each read by itself. A line that begins with a brace or a
 * bracket while an object is open shows that the object was cut off: the new one is read all the same.
 */
export function createValueDecoder(rows: RowWriter, reader: LineReader): Decoder {
  let place: number = Place.between;
  /** Of braces and brackets within the object. */
  let depth = 0;
  /** The beginning of an object whose end has not been fed yet. */
  let held = new Uint8Array(1 << 16);
  let heldBytes = 0;
  let tooLarge = false;
  /** Line breaks seen, the line that an object or junk began on, and lines of any content. */
  let breaks = 0;
  let startLine = 0;
  let filled = 0;
  let lineIsFilled = false;
  /** Lines on which something began, and the last of them. */
  let starts = 0;
  let lastStart = 0;
  reader.jsonForm = 'json-document';
  let bytesSeen = false;
  let lastByteIsBreak = false;

  function beginHere(): void {
    startLine = breaks + 1;
    if (startLine !== lastStart) starts += 1;
    // Of a line that holds more than one value, those that are lost are parts.
    rows.within = startLine === lastStart;
    lastStart = startLine;
  }

  function hold(part: Uint8Array): void {
    if (tooLarge) return;
    if (heldBytes + part.length > MAX_VALUE_BYTES) {
      tooLarge = true;
      heldBytes = 0;
      return;
    }
    if (heldBytes + part.length > held.length) {
      const grown = new Uint8Array(Math.max(held.length * 2, heldBytes + part.length));
      grown.set(held.subarray(0, heldBytes));
      held = grown;
    }
    held.set(part, heldBytes);
    heldBytes += part.length;
  }

  /** Has the object read that ends the given part of a chunk, or, cut off, before it. */
  function readObject(chunk: Uint8Array, from: number, to: number): void {
    const { lost } = rows;
    if (tooLarge || heldBytes + to - from > MAX_VALUE_BYTES) {
      rows.reject(startLine, 'line-too-long', `the value is larger than ${MAX_VALUE_BYTES} bytes`);
    } else if (heldBytes === 0) {
      rows.columns.bytes = chunk;
      reader.read(chunk, from, to, startLine);
    } else {
      rows.flush();
      hold(chunk.subarray(from, to));
      rows.columns.bytes = held;
      reader.read(held, 0, heldBytes, startLine);
      rows.flush();
    }
    tooLarge = false;
    heldBytes = 0;
    // A line that is lost cannot carry records beside.
    place = rows.lost > lost ? Place.junk : Place.between;
    depth = 0;
  }

  return {
    get lines() {
      return breaks + (bytesSeen && !lastByteIsBreak ? 1 : 0);
    },
    get blank() {
      return this.lines - filled;
    },
    get joined() {
      return rows.joined + filled - starts;
    },
    isOpen: true,
    forms: () => rows.forms(),
    feed(chunk, sink) {
      rows.enter(sink);
      /** Where the open object or its part in this chunk begins. */
      let from = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at]!;
        if (byte === NEWLINE) {
          breaks += 1;
          lineIsFilled = false;
          if (place === Place.junk) place = Place.between;
          else if (place === Place.inString) place = Place.object;
          lastByteIsBreak = true;
          continue;
        }
        const opensLine = lastByteIsBreak;
        lastByteIsBreak = false;
        if (!lineIsFilled && byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) {
          lineIsFilled = true;
          filled += 1;
        }
        switch (place) {
          case Place.inString:
            if (byte === QUOTE) place = Place.object;
            else if (byte === BACKSLASH) place = Place.afterBackslash;
            break;
          case Place.afterBackslash:
            place = Place.inString;
            break;
          case Place.object:
            if (byte === QUOTE) place = Place.inString;
            else if ((byte === OPEN_BRACE || byte === OPEN_BRACKET) && opensLine) {
              readObject(chunk, from, at);
              place = Place.between;
              at -= 1;
              lastByteIsBreak = true;
            } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
            else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
              depth -= 1;
              if (depth === 0) readObject(chunk, from, at + 1);
            }
            break;
          case Place.between:
            if (byte === OPEN_BRACKET) reader.jsonForm = 'json-array';
            if (byte === OPEN_BRACE) {
              beginHere();
              place = Place.object;
              depth = 1;
              from = at;
            } else if (!isBetween(byte)) {
              beginHere();
              place = Place.junk;
              rows.reject(startLine, 'not-json', 'no JSON object begins here');
            }
            break;
        }
      }
      bytesSeen ||= chunk.length > 0;
      if (place !== Place.between && place !== Place.junk) hold(chunk.subarray(from));
      rows.flush();
      rows.paths.clearIfFull();
    },
    end(sink) {
      rows.enter(sink);
      if (place !== Place.between && place !== Place.junk) readObject(new Uint8Array(0), 0, 0);
      reader.end();
      rows.flush();
    },
  };
}

/** Blanks, and what holds and parts the elements of arrays. */
function isBetween(byte: number): boolean {
  return (
    byte === 0x20 ||
    byte === 0x09 ||
    byte === 0x0d ||
    byte === COMMA ||
    byte === OPEN_BRACKET ||
    byte === CLOSE_BRACKET ||
    byte === 0xef ||
    byte === 0xbb ||
    byte === 0xbf
  );
}
