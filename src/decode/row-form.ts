import { RecordKind } from '../model/index.ts';

/**
 * What a row is, in words parted by slashes: the wrappers around it from the outside in, then the
 * form of the record itself, such as `docker/json`, `cri/text` or `otlp-json/spans`.
 */
export type RowForm = string;

/** Kinds of records within a document of telemetry; those of no kind are requests without records. */
export const Telemetry = { spans: '/spans', spanEvents: '/span-events', logs: '/logs' } as const;

const LOGS = /(?:^|\/)(?:json|json-array|json-document|logs)$/;

/** What the records of a form are. */
export function kindOf(form: RowForm): RecordKind {
  if (form.endsWith(Telemetry.spans)) return RecordKind.span;
  if (form.endsWith(Telemetry.spanEvents)) return RecordKind.spanEvent;
  return LOGS.test(form) ? RecordKind.log : RecordKind.text;
}
