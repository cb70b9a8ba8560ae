import { isoTime } from '../clock.ts';
import type { Logger } from '../entry.ts';
import { type Fields, type Json, writeJson } from '../json.ts';

/** log4j2 `EcsLayout` and Spring Boot 3.4 `ecs`: dots inside flat keys. */
export const ecsFlat: Logger = (entry, place, atMs) =>
  writeJson({
    '@timestamp': isoTime(atMs, 3),
    'ecs.version': '1.2.0',
    'log.level': entry.level.toUpperCase(),
    message: entry.message,
    'process.thread.name': `http-nio-9000-exec-${1 + (Math.floor(atMs) % 16)}`,
    'log.logger': entry.logger ?? 'com.example.kiosk.LoginController',
    'service.name': place.service,
    'service.version': place.version,
    'service.node.name': place.pod,
    'cloud.region': place.region,
    ...entry.fields,
    'error.type': entry.error?.type,
    'error.message': entry.error?.message,
    'error.stack_trace': entry.error?.stack,
  });

/** Spring Boot 3.5 `ecs`: the same names, nested. */
export const ecsNested: Logger = (entry, place, atMs) =>
  writeJson({
    '@timestamp': isoTime(atMs, 9),
    log: {
      level: entry.level.toUpperCase(),
      logger: entry.logger ?? 'com.example.user.UserService',
    },
    process: { pid: place.processId, thread: { name: 'http-nio-8081-exec-7' } },
    service: { name: place.service, version: place.version, node: { name: place.pod } },
    cloud: { region: place.region },
    message: entry.message,
    ...nest(entry.fields ?? {}),
    error: entry.error && {
      type: entry.error.type,
      message: entry.error.message,
      stack_trace: entry.error.stack,
    },
    ecs: { version: '8.11' },
  });

function nest(flat: Fields): Fields {
  const root: Record<string, Json> = {};
  for (const [dotted, value] of Object.entries(flat)) {
    if (value === undefined) continue;
    const path = dotted.split('.');
    const leaf = path.pop() as string;
    let at = root;
    for (const segment of path) {
      at[segment] ??= {};
      at = at[segment] as Record<string, Json>;
    }
    at[leaf] = value;
  }
  return root;
}
