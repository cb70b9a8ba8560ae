import { pythonTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

/** python-json-logger with the usual format string: `asctime` without a zone, ASCII only. */
export const pythonJsonLogger: Logger = (entry, place, atMs) =>
  writeJson(
    {
      asctime: pythonTime(atMs),
      levelname: entry.level === 'warn' ? 'WARNING' : entry.level.toUpperCase(),
      name: entry.logger ?? 'campus.callback',
      message: entry.message,
      ...entry.fields,
      service: place.service,
      version: place.version,
      region: place.region,
      pod: place.pod,
      exc_info: entry.error && (entry.error.stack ?? `${entry.error.type}: ${entry.error.message}`),
    },
    'ascii',
  );
