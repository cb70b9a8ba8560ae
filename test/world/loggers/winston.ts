import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

/** winston 3 with `combine(errors({ stack: true }), timestamp(), json())`. */
export const winston: Logger = (entry, place, atMs) =>
  writeJson({
    ...entry.fields,
    level: entry.level,
    message: entry.message,
    pod: place.pod,
    region: place.region,
    service: place.service,
    stack: entry.error && (entry.error.stack ?? `${entry.error.type}: ${entry.error.message}`),
    timestamp: isoTime(atMs, 3),
    version: place.version,
  });
