import { countText } from './figures.ts';
import type { Glyphs } from './glyphs.ts';
import type { Language, Wording } from './wording/index.ts';

const MOST_FORMS = 4;

/** What the parts of a form are called, and how they are put together. */
export interface FormWords {
  readonly forms: Readonly<Record<string, string>>;
  /** A document of traces or logs, and which of them it holds. */
  readonly telemetry: Readonly<Record<string, string>>;
  readonly within: (form: string, wrapper: string) => string;
}

const WRAPPERS = {
  kubectl: 'kubectl logs',
  stern: 'stern',
  compose: 'docker compose logs',
  journald: 'journald',
  syslog: 'syslog',
  fluent: 'Fluent Bit',
  cloudwatch: 'CloudWatch',
  gcp: 'Google Cloud Logging',
  loki: 'Loki',
  elasticsearch: 'Elasticsearch',
  sls: 'Aliyun SLS',
  kafka: 'Kafka',
  logfmt: 'logfmt',
  'otlp-json': 'OTLP/JSON',
  'otlp-proto': 'OTLP protobuf',
  jaeger: 'Jaeger',
  zipkin: 'Zipkin',
  clickhouse: 'ClickHouse',
} as const;

export const FORM_WORDS: Readonly<Record<Language, FormWords>> = {
  en: {
    forms: {
      ...WRAPPERS,
      json: 'JSON lines',
      'json-array': 'JSON array',
      'json-document': 'JSON over several lines',
      docker: 'Docker logs',
      cri: 'CRI logs',
      shipper: 'a log shipper',
      text: 'text',
      'zap-console': 'zap console text',
      access: 'access log',
      'envoy-access': 'Envoy access log',
      trace: 'stack traces',
      innodb: 'InnoDB monitor',
    },
    telemetry: { spans: 'spans', 'span-events': 'span events', logs: 'logs' },
    within: (form, wrapper) => `${form} in ${wrapper}`,
  },
  zh: {
    forms: {
      ...WRAPPERS,
      json: 'JSON 行',
      'json-array': 'JSON 数组',
      'json-document': '跨行 JSON',
      docker: 'Docker 日志',
      cri: 'CRI 日志',
      sls: '阿里云 SLS',
      shipper: '日志采集器',
      text: '文本',
      'zap-console': 'zap 控制台文本',
      access: '访问日志',
      'envoy-access': 'Envoy 访问日志',
      trace: '堆栈',
      innodb: 'InnoDB 监控',
    },
    telemetry: { spans: 'span', 'span-events': 'span 事件', logs: '日志' },
    within: (form, wrapper) => `${wrapper} 中的 ${form}`,
  },
};

/**
 * A form as people call it: `JSON lines in CRI logs` for `cri/json`, `Jaeger spans` for
 * `jaeger/spans`.
 */
function formText(form: string, language: Language): string {
  const { forms, telemetry, within } = FORM_WORDS[language];
  const parts = form.split('/');
  const kind = telemetry[parts.at(-1)!];
  if (kind !== undefined) parts.pop();
  const [innermost, ...wrappers] = parts.map((part) => forms[part] ?? part).reverse();
  return wrappers.reduce(within, kind === undefined ? innermost : `${innermost} ${kind}`);
}

/**
 * In which forms the records stood, most frequent first: `JSON lines`, or with their numbers
 * where there are several, or where they are asked for.
 */
export function formsText(
  forms: Readonly<Record<string, number>>,
  page: { readonly wording: Wording; readonly glyphs: Glyphs; readonly counted?: boolean },
): string {
  const { wording, glyphs, counted = false } = page;
  const found = Object.entries(forms).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (found.length === 0) return wording.noForm;
  const name = (form: string) => formText(form, wording.language);
  if (found.length === 1 && !counted) return name(found[0][0]);
  const rest = found.length - MOST_FORMS;
  return [
    ...found.slice(0, MOST_FORMS).map(([form, count]) => `${name(form)} ${countText(count)}`),
    ...(rest > 0 ? [`+${rest}`] : []),
  ].join(glyphs.dot);
}
