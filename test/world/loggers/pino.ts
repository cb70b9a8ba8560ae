import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

const LEVEL = { debug: 20, info: 30, warn: 40, error: 50 } as const;

/** pino 10 with its `err` serializer: numeric levels, epoch milliseconds. */
export const pino: Logger = (entry, place, atMs) =>
  writeJson({
    level: LEVEL[entry.level],
    time: Math.floor(atMs),
    pid: place.processId,
    hostname: place.pod,
    'service.name': place.service,
    'service.version': place.version,
    'service.instance.id': place.pod,
    'cloud.region': place.region,
    ...entry.fields,
    err: entry.error && {
      type: entry.error.type,
      message: entry.error.message,
      stack: entry.error.stack ?? `${entry.error.type}: ${entry.error.message}`,
      code: entry.error.code,
    },
    msg: entry.message,
  });
