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
  '"stream":',
  '"kubernetes',
  '"container_id":',
  '"container_name":',
  '"log.offset":',
  '"log.file',
  // Both of them in an object of their own.
  '"offset":',
  '"file":{',
  '"file.path":',
  '"containerName":',
  '"ingestionTime":',
  '"logStreamName":',
  '"logStream":',
  '"eventId":',
  '"partition":',
  '"_source":{',
];

const encoder = new TextEncoder();

/** Their bytes, without the opening quotes. */
export const RUN_ON_MARKERS: readonly Uint8Array[] = MARKERS.map((marker) =>
  encoder.encode(marker.slice(1)),
);
