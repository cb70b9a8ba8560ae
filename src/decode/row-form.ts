/**
 * What a row is, in words parted by slashes: the wrappers around it from the outside in, then the
 * form of the record itself, such as `docker/json`, `cri/text` or `otlp-json/spans`.
 */
export type RowForm = string;

/** Kinds of records within a document of telemetry; those of no kind are requests without records. */
export const Telemetry = { spans: '/spans', spanEvents: '/span-events', logs: '/logs' } as const;

/** Forms whose rows have the names of fields that a logger gave them. */
const OF_LOGGERS = /(?:^|\/)(?:json|json-array|json-document|logs)$/;

/** False for spans and for text: the names of their fields are the decoder's. */
export function hasLogger(form: RowForm): boolean {
  return OF_LOGGERS.test(form);
}
