import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { writeJson } from '../json.ts';

const SEVERITY = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' } as const;

/** Structured logging of Google Cloud: `severity`, and special keys under their long names. */
export const gcp: Logger = (entry, place, atMs) =>
  writeJson({
    severity: SEVERITY[entry.level],
    timestamp: isoTime(atMs, 9),
    message: entry.error ? `${entry.message}: ${entry.error.message}` : entry.message,
    ...entry.fields,
    stack_trace: entry.error?.stack,
    serviceContext: { service: place.service, version: place.version },
    'logging.googleapis.com/labels': { pod: place.pod, region: place.region },
    'logging.googleapis.com/sourceLocation': {
      file: 'store.go',
      line: '88',
      function: 'main.save',
    },
  });
