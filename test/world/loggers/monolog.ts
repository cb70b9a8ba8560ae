import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { type Fields, type Json, writeJson } from '../json.ts';

const LEVEL = { debug: 100, info: 200, warn: 300, error: 400 } as const;
const LEVEL_NAME = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' } as const;

/** Fields that a monolog processor adds stand in `extra`, the caller's own in `context`. */
const FROM_PROCESSORS = new Set(['trace_id', 'request_id']);

/** Monolog 3 `JsonFormatter`. */
export const monolog: Logger = (entry, place, atMs) => {
  const context: Record<string, Json> = {};
  const extra: Record<string, Json> = {};
  for (const [name, value] of Object.entries((entry.fields ?? {}) as Fields)) {
    if (value !== undefined) (FROM_PROCESSORS.has(name) ? extra : context)[name] = value;
  }
  if (entry.error !== undefined) {
    context.exception = {
      class: entry.error.type,
      message: entry.error.message,
      code: entry.error.code ?? 0,
      file: '/var/www/html/app/Services/WechatLogin.php:118',
      trace: entry.error.stack?.split('\n').slice(1) ?? [],
    };
  }
  extra.hostname = place.pod;
  extra.release = place.version;
  extra.region = place.region;
  return writeJson({
    message: entry.message,
    context,
    level: LEVEL[entry.level],
    level_name: LEVEL_NAME[entry.level],
    channel: entry.logger ?? place.service,
    datetime: isoTime(atMs, 6, '+08:00'),
    extra,
  });
};
