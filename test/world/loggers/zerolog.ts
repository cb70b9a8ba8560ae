import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

/** rs/zerolog with `TimeFieldFormat = zerolog.TimeFormatUnixMs`: level first, message last. */
export const zerolog: Logger = (entry, place, atMs) =>
  writeJson({
    level: entry.level,
    service: place.service,
    version: place.version,
    region: place.region,
    pod: place.pod,
    ...entry.fields,
    error: entry.error?.message,
    time: Math.floor(atMs),
    message: entry.message,
  });
