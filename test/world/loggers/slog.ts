import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

/** Go's `log/slog` JSON handler with `AddSource`: nanoseconds and the process's own zone. */
export const slog: Logger = (entry, place, atMs) =>
  writeJson({
    time: isoTime(atMs, 9, '+08:00'),
    level: entry.level.toUpperCase(),
    source: {
      function: `main.(*Server).${entry.logger ?? 'handle'}`,
      file: '/app/server.go',
      line: 30 + (entry.message.length % 210),
    },
    msg: entry.message,
    service: { name: place.service, version: place.version },
    region: place.region,
    pod: place.pod,
    ...entry.fields,
    err: entry.error?.message,
  });
