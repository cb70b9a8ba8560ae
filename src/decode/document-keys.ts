/**
 * First keys of the documents of many records that exporters write and trace stores answer. Only
 * a line that begins with one of them is looked at as such a document.
 */
export const DOCUMENT_KEYS: ReadonlySet<string> = new Set([
  'resourceSpans',
  'resource_spans',
  'resourceLogs',
  'resource_logs',
  'resourceMetrics',
  'resource_metrics',
  'batches',
  'trace',
  'result',
  'data',
  'spans',
  'traceID',
  'traceId',
  'parentId',
  'Timestamp',
  // Answers of log stores.
  'status',
  'events',
  'searchedLogStreams',
  'messageType',
  'owner',
  'took',
  '_scroll_id',
  'hits',
]);
