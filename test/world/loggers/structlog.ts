import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

/** structlog `JSONRenderer` with `TimeStamper(fmt="iso")`: the message is called `event`. */
export const structlog: Logger = (entry, place, atMs) =>
  writeJson(
    {
      ...entry.fields,
      service: place.service,
      version: place.version,
      region: place.region,
      pod: place.pod,
      exception:
        entry.error && (entry.error.stack ?? `${entry.error.type}: ${entry.error.message}`),
      event: entry.message,
      logger: entry.logger ?? 'campus.login',
      level: entry.level === 'warn' ? 'warning' : entry.level,
      timestamp: isoTime(atMs, 6),
    },
    'ascii',
  );
