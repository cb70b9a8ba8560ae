import { unixSeconds } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { Digits, writeJson } from '../json.ts';

/** Uber zap, `zap.NewProduction()`: epoch seconds as a float, stack traces on errors. */
export const zap: Logger = (entry, place, atMs) =>
  writeJson({
    level: entry.level,
    ts: new Digits(unixSeconds(atMs)),
    caller: `${entry.logger ?? 'login'}/handler.go:${40 + (entry.message.length % 160)}`,
    msg: entry.message,
    service: place.service,
    version: place.version,
    region: place.region,
    pod: place.pod,
    ...entry.fields,
    error: entry.error?.message,
    stacktrace: entry.level === 'error' ? entry.error?.stack : undefined,
  });
