/** What `--input-format` takes. */
export const INPUT_FORMATS = [
  'auto',
  'ndjson',
  'otlp',
  'jaeger',
  'zipkin',
  'clickhouse',
  'text',
  'docker',
  'cri',
  'kubectl',
  'stern',
  'journald',
  'syslog',
  'compose',
  'fluent',
  'cloudwatch',
  'gcp',
  'loki',
  'elasticsearch',
  'sls',
  'kafka',
] as const;

export type InputFormat = (typeof INPUT_FORMATS)[number];
