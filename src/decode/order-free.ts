/**
 * Names that only lines of text in wrappers, or parts of lines, stand under or beside. Where none of
 * them occurs, no line runs on into another.
 */
const MARKERS: readonly string[] = [
  '"log":"',
  '"MESSAGE":',
  '"line":"',
  '"textPayload":"',
  '"content":"',
  '"stream":"',
  '"kubernetes":{',
  '"container_id":"',
  '"container_name":"',
  '"log.offset":',
  '"log.file.path":',
  '"containerName":"',
  '"ingestionTime":',
  '"logStreamName":',
  '"logStream":',
  '"eventId":',
  '"partition":',
  '"_source":{',
];

const [QUOTE, NEWLINE, BRACE, BLANK] = [0x22, 0x0a, 0x7b, 0x20];

/** Markers by their first letter, each without its opening quote. */
const BY_LETTER: (readonly Uint8Array[] | undefined)[] = [];
for (const marker of MARKERS) {
  const bytes = new TextEncoder().encode(marker.slice(1));
  BY_LETTER[bytes[0]!] = [...(BY_LETTER[bytes[0]!] ?? []), bytes];
}

/**
 * True when every line of the bytes is a JSON object that neither goes on with a line before it
 * nor is gone on with: such a part of a stream may be decoded apart from the others. A part that
 * could be is now and then held to be none; the reverse never happens.
 * @param bytes whole lines of a stream whose form is `lines`
 */
export function isOrderFree(bytes: Uint8Array): boolean {
  let lineStart = true;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (lineStart) {
      if (byte === NEWLINE || byte === 0x0d) continue;
      if (byte !== BRACE) return false;
      lineStart = false;
    } else if (byte === NEWLINE) {
      lineStart = true;
    } else if (byte === QUOTE) {
      const markers = BY_LETTER[bytes[at + 1]!];
      if (markers !== undefined && stands(markers, bytes, at + 1)) return false;
    }
  }
  return true;
}

/** Blanks may stand around the colon. */
function stands(markers: readonly Uint8Array[], bytes: Uint8Array, start: number): boolean {
  return markers.some((marker) => {
    let at = start;
    for (const wanted of marker) {
      while (bytes[at] === BLANK && wanted !== BLANK) at += 1;
      if (bytes[at] !== wanted) return false;
      at += 1;
    }
    return true;
  });
}
