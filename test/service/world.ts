import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createService, loadConfig, type Service } from '../../src/service/index.ts';
import type { UserStore } from '../../src/service/store/index.ts';
import {
  type Intercept,
  type PlatformServer,
  type PlatformSettings,
  type SimulatedApps,
  simulatedApps,
  startPlatform,
} from '../../src/sim/platform/index.ts';
import { createMemoryUsers } from './memory-users.ts';

export interface LogLine {
  readonly 'event.name'?: string;
  readonly [name: string]: unknown;
}

/** A service and a simulated WeChat that know each other, over real HTTP. */
export interface World {
  readonly service: Service;
  readonly platform: PlatformServer;
  readonly apps: SimulatedApps;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** Everything logged so far. */
  log(): Promise<readonly LogLine[]>;
  /** The login events so far, without their prefix. */
  events(): Promise<readonly string[]>;
  /** Log and spans as text; closes the service first. */
  output(): Promise<{ readonly log: string; readonly traces: string }>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly now?: () => number;
  readonly users?: UserStore | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: Partial<PlatformSettings>;
  readonly intercept?: Intercept;
}

export const DEMO_PASSWORD = 'correct horse battery';

/** No limits that a busy test machine could trip over. Tests of a limit set their own. */
const CALM = {
  RATE_LIMIT_PER_MINUTE: '0',
  MAX_EVENT_LOOP_DELAY_MS: '0',
  POLL_INTERVAL_MS: '0',
  LONG_POLL_MS: '60000',
  WECHAT_TIMEOUT_MS: '30000',
  RISK_DEADLINE_MS: '30000',
  DB_POOL_TIMEOUT_MS: '30000',
  DB_STATEMENT_TIMEOUT_MS: '30000',
  DB_LOCK_TIMEOUT_MS: '30000',
  REDIS_TIMEOUT_MS: '30000',
  LOG_LEVEL: 'debug',
};

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'scan-login-'));
  let url = '';
  const apps = simulatedApps(() => url);
  const { website, officialAccount } = apps;
  const platform = await startPlatform({
    platform: { website, officialAccount, ...options.platform },
    ...(options.intercept && { intercept: options.intercept }),
  });
  const env = {
    ...CALM,
    PORT: '0',
    LOG_FILE: join(folder, 'log.ndjson'),
    TRACE_FILE: join(folder, 'traces.jsonl'),
    ...apps.environment(platform.url),
    ...options.env,
  };
  // `users: undefined` on purpose means the database that the environment names.
  const users = 'users' in options ? options.users : createMemoryUsers();
  const service = await createService(loadConfig(env), {
    ...(users && { users }),
    ...(options.now && { now: options.now }),
  });
  url = await service.listen();
  let closed = false;

  async function close() {
    if (closed) return;
    closed = true;
    await service.close();
    await platform.close();
  }
  const log = async () => {
    // The last lines of a request are written after its answer, and all behind its back.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise<void>((resolve) => {
      service.ctx.logger.flush(() => resolve());
    });
    return readFileSync(env.LOG_FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  };

  return {
    service,
    platform,
    apps,
    url,
    env,
    log,
    async events() {
      return (await log())
        .map((line) => line['event.name'] ?? '')
        .filter((name) => name.startsWith('wechat.login.'))
        .map((name) => name.slice('wechat.login.'.length));
    },
    async output() {
      await close();
      return {
        log: readFileSync(env.LOG_FILE, 'utf8'),
        traces: readFileSync(env.TRACE_FILE, 'utf8'),
      };
    },
    async close() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
