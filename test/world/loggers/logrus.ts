import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

/**
 * sirupsen/logrus `JSONFormatter`: keys in alphabetical order, whole seconds, `warning` in full,
 * and `&`, `<`, `>` escaped by `encoding/json`.
 */
export const logrus: Logger = (entry, place, atMs) => {
  const unsorted = {
    ...entry.fields,
    app: place.service,
    error: entry.error?.message,
    level: entry.level === 'warn' ? 'warning' : entry.level,
    msg: entry.message,
    pod_name: place.pod,
    region: place.region,
    time: isoTime(atMs, 0, '+08:00'),
    version: place.version,
  };
  const sorted = Object.entries(unsorted).sort(([a], [b]) => (a < b ? -1 : 1));
  return writeJson(Object.fromEntries(sorted), 'html');
};
