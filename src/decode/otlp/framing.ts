/**
 * How messages follow each other: none around them (the stream is one request), or the length of
 * each before it, as four bytes with the highest first or as a varint.
 */
export type ProtoFraming = 'bare' | 'length32' | 'varint';

/** So many bytes of the beginning tell the framing for sure; fewer are fine at the end of the input. */
const ENOUGH_BYTES = 64;

/**
 * Tells the framing of an OTLP protobuf stream by its first bytes: the one under which they make
 * sense down to the third layer of messages.
 * @param ended the head is the whole stream
 * @returns `no` for what is no OTLP request; undefined when more bytes are needed
 */
export function protoFraming(head: Uint8Array, ended: boolean): ProtoFraming | 'no' | undefined {
  if (head.length < ENOUGH_BYTES && !ended) return undefined;
  // In a stream so short nothing is missing: a few blank lines and a NUL could begin a message.
  const isWhole = head.length < ENOUGH_BYTES;
  if (isRequest(head, 0, isWhole ? head.length : Number.POSITIVE_INFINITY, isWhole)) return 'bare';
  const varint = varintAt(head, 0, head.length);
  if (varint !== undefined && varint.value > 0) {
    if (isRequest(head, varint.end, varint.end + varint.value, isWhole)) return 'varint';
  }
  const length = length32At(head, 0);
  return length > 0 && isRequest(head, 4, 4 + length, isWhole) ? 'length32' : 'no';
}

export function length32At(bytes: Uint8Array, at: number): number {
  return (
    bytes[at]! * 0x100_0000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!)
  );
}

/** A number below 2^35, and where it ends; undefined when it does not end before `end`, or is larger. */
export function varintAt(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let at = start; at < end && at < start + 5; at += 1) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: at + 1 };
    scale *= 0x80;
  }
  return undefined;
}

/** Tag of a length-delimited field: requests, resources and scopes consist of such alone. */
const tagOf = (field: number): number => (field << 3) | 2;
/** Numbers of the fields by layer: a request, its resources, their scopes. */
const LAYERS: readonly (readonly number[])[] = [[1], [1, 2, 3, 1000], [1, 2, 3]].map((fields) =>
  fields.map(tagOf),
);

/** True when a request may stand from `start` up to `end`, as far as the head goes: a whole one to its end. */
function isRequest(head: Uint8Array, start: number, end: number, isWhole: boolean): boolean {
  return start < head.length && isLayer(head, start, end, 0, isWhole);
}

/** Whether the fields are those of the layer and fill it to its end; the first is looked into. */
function isLayer(
  head: Uint8Array,
  start: number,
  end: number,
  layer: number,
  isWhole: boolean,
): boolean {
  let at = start;
  let fields = 0;
  while (at < end && at < head.length) {
    const tag = varintAt(head, at, head.length);
    // Cut off within a tag or a length: what stood before has to convince.
    if (tag === undefined) return !isWhole && head.length - at < 5 && fields > 0;
    if (!LAYERS[layer]!.includes(tag.value)) return false;
    const length = varintAt(head, tag.end, head.length);
    if (length === undefined) return !isWhole && head.length - tag.end < 5 && fields > 0;
    // An empty resource tells of nothing; blank lines around a NUL look like one.
    if (layer === 0 && fields === 0 && length.value === 0) return false;
    const stop = length.end + length.value;
    if (stop > end) return false;
    // The second layer's field 2 holds scopes, all others are not looked into.
    const holdsLayer = layer === 0 || (layer === 1 && tag.value !== tagOf(1));
    const isText = layer === 1 && tag.value === tagOf(3);
    if (holdsLayer && !isText && fields < 8) {
      if (!isLayer(head, length.end, stop, layer + 1, isWhole)) return false;
    }
    fields += 1;
    at = stop;
  }
  if (isWhole) return at === end && end <= head.length;
  if (at === end || end === Number.POSITIVE_INFINITY) return true;
  // The head ends before the layer does: as it should when there is more to come.
  return at >= head.length;
}
