/**
 * How the normaliser reads the entries of a path. Some names mean different things in different
 * logs (`code`, `state`, `status`); for them the value decides.
 */
export const FieldRole = {
  /** Its mere presence helps to tell the logger schema. */
  marker: 0,
  time: 1,
  /** Nanoseconds to be added to a time in seconds. */
  timeNanos: 2,
  /** Zone of a time that stands beside it. */
  timeZone: 3,
  severity: 4,
  /** OpenTelemetry severity number, 1 to 24. */
  severityNumber: 5,
  /** An id under a name that leaves no doubt. */
  id: 6,
  traceId: 7,
  requestId: 8,
  /** A name that is an id in some logs and something else in others. */
  weakId: 9,
  /** OAuth state, or the state of something. */
  state: 10,
  /** OAuth code, an error's code, or the code of an answer. */
  code: 11,
  /** WeChat's request id, or ours. */
  rid: 12,
  /** A value under its canonical name. */
  value: 13,
  /** Prose: errcodes, ids and access lines are looked for inside. */
  text: 14,
  /** The URL or path of a request. */
  url: 15,
  /** A URL handed to somebody, such as the authorize URL: only its ids matter. */
  link: 16,
  /** A query string. */
  query: 17,
  /** HTTP status, or the state of a QR code in words. */
  status: 18,
  /** The name of an event, or prose. */
  event: 19,
  errcode: 20,
  /** An error's code, which may be WeChat's. */
  errorCode: 21,
  /** Long-poll value of WeChat's QR page. */
  qrErrcode: 22,
  stage: 23,
  outcome: 24,
  kind: 25,
  /** Names a process: short request ids are unique within it only. */
  host: 26,
} as const;

export type FieldRole = (typeof FieldRole)[keyof typeof FieldRole];
