import type { Logger } from '../entry.ts';
import { Digits, type Json, writeJson } from '../json.ts';

const SYSLOG = { debug: 7, info: 6, warn: 4, error: 3 } as const;

/** Spring Boot `gelf`: syslog severities, own fields behind an underscore. */
export const gelf: Logger = (entry, place, atMs) => {
  const own: Record<string, Json | undefined> = {};
  for (const [name, value] of Object.entries(entry.fields ?? {})) own[`_${name}`] = value;
  const { error } = entry;
  const full = error && `${entry.message}\n\n${error.stack ?? `${error.type}: ${error.message}`}`;
  return writeJson({
    version: '1.1',
    short_message: entry.message,
    timestamp: new Digits((atMs / 1000).toFixed(3)),
    level: SYSLOG[entry.level],
    _level_name: entry.level.toUpperCase(),
    _process_pid: place.processId,
    _process_thread_name: 'XNIO-1 task-4',
    host: place.pod,
    _service_version: place.version,
    _region: place.region,
    _log_logger: entry.logger ?? 'com.example.account.AccountService',
    ...own,
    full_message: full,
    _error_type: error?.type,
    _error_message: error?.message,
    _error_stack_trace: error?.stack,
  });
};
