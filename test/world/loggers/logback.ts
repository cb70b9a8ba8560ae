import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

const LEVEL_VALUE = { debug: 10000, info: 20000, warn: 30000, error: 40000 } as const;

/** logstash-logback-encoder: `@version`, `level_value`, the MDC at the top level. */
export const logback: Logger = (entry, place, atMs) =>
  writeJson({
    '@timestamp': isoTime(atMs, 3, '+08:00'),
    '@version': '1',
    message: entry.message,
    logger_name: entry.logger ?? 'com.example.auth.wx.WxLoginService',
    thread_name: `http-nio-8080-exec-${1 + (Math.floor(atMs) % 32)}`,
    level: entry.level.toUpperCase(),
    level_value: LEVEL_VALUE[entry.level],
    stack_trace:
      entry.error && (entry.error.stack ?? `${entry.error.type}: ${entry.error.message}`),
    ...entry.fields,
    appName: place.service,
    appVersion: place.version,
    region: place.region,
    podName: place.pod,
  });
