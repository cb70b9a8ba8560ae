import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SiteName } from '../faults/catalogue.ts';
import {
  type Intercept,
  type PlatformServer,
  type SimulatedApps,
  simulatedApps,
  startPlatform,
} from '../platform/index.ts';
import { type Passage, startBalancer } from './balancer.ts';
import { type Instance, type InstanceExit, startInstance } from './instance.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { type SiteShape, shapeOf } from './site-shape.ts';

export interface SiteOptions {
  readonly name: SiteName;
  /** Instances of the main site. */
  readonly instances: number;
  readonly folder: string;
  /** Multiplies the lives of codes. */
  readonly timeScale: number;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly riskAddress: string;
  /** Settings of the scenario, over all others. */
  readonly service: Readonly<Record<string, string>>;
  /** What stands between the service and WeChat. */
  readonly between: (site: Site) => Intercept;
  /** Where exits of instances are told, as a kubelet would. */
  readonly supervisorLog: LogFile;
}

/** Some instances of the service, the balancer in front, and the WeChat they use. */
export interface Site {
  readonly name: SiteName;
  /** Where browsers reach it. */
  readonly url: string;
  readonly platform: PlatformServer;
  readonly apps: SimulatedApps;
  /** The request of a trace, as the balancer passed it on. */
  passageOf(traceId: string): Passage | undefined;
  /** Requests under way that somebody works on; those that wait for news do not count. */
  busy(): number;
  /** How long a login can stay open. */
  readonly longestLifeMs: number;
  /** Ends an instance at once; the supervisor starts another in its place. */
  kill(instance: string): void;
  /** Keeps the event loop of all instances busy for this long. */
  block(durationMs: number): void;
  /** Resolves once all instances run. */
  whole(): Promise<void>;
  /** @returns the text of each instance's `/metrics` */
  metrics(): Promise<readonly string[]>;
  /** Values that must appear in none of the outputs. */
  readonly secrets: readonly string[];
  stop(): Promise<void>;
}

/** A request that takes longer waits for something. */
const WORK_MS = 4000;

/** Requests that are answered when something happens. */
const NEWS = /\/status\/(long|stream|socket)$/;

const LOOP_BLOCKER = fileURLToPath(new URL('../faults/block-loop.ts', import.meta.url));

export async function startSite(options: SiteOptions): Promise<Site> {
  const { name, folder, supervisorLog } = options;
  const shape = shapeOf(name, options);
  const passages = new Map<string, Passage>();
  const proxyLog = openLogFile(join(folder, 'logs', `${name}-proxy.ndjson`));
  const working = new Set<Passage>();
  const balancer = await startBalancer(proxyLog, shape.spread, {
    passed(passage) {
      passages.set(passage.traceId, passage);
      if (!NEWS.test(passage.path)) working.add(passage);
    },
    ended: (passage) => working.delete(passage),
  });
  const apps = simulatedApps(() => balancer.url);
  let intercept: Intercept;
  const platform = await startPlatform({
    platform: { website: apps.website, officialAccount: apps.officialAccount, ...shape.platform },
    intercept: (call, proceed) => intercept(call, proceed),
  });
  const secret = randomBytes(32).toString('base64url');
  const common = {
    ...commonSettings(options),
    ...apps.environment(platform.url),
    SERVICE_SECRET: secret,
    PUBLIC_URL: balancer.url,
    ...shape.service,
    ...options.service,
  };

  const running = new Map<string, Instance>();
  let closing = false;
  let restarts: Promise<void> = Promise.resolve();

  const reroute = () => balancer.route([...running.values()]);
  const launch = async (instance: string) => {
    running.set(
      instance,
      await startInstance({
        name: instance,
        env: environmentOf(shape, instance, { common, folder }),
        preload: shape.blockable ? [LOOP_BLOCKER] : [],
        onExit: (exit) => {
          tell(supervisorLog, exit);
          running.delete(instance);
          reroute();
          if (exit.unexpected && !closing) restarts = restarts.then(() => launch(instance));
        },
      }),
    );
    reroute();
  };
  await Promise.all(shape.names.map(launch));

  const site: Site = {
    name,
    url: balancer.url,
    platform,
    apps,
    passageOf: (traceId) => passages.get(traceId),
    busy: () => {
      const since = Date.now() - WORK_MS;
      return [...working].filter(({ startedMs }) => startedMs > since).length;
    },
    longestLifeMs: Math.max(Number(common.STATE_TTL_MS), Number(common.QR_TTL_MS)),
    kill: (instance) => running.get(instance)?.kill(),
    block: (durationMs) => {
      for (const instance of running.values()) instance.send({ blockMs: durationMs });
    },
    async whole() {
      while (running.size < shape.names.length) {
        await restarts;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    metrics: () =>
      Promise.all(
        [...running.values()].map(async ({ host, port }) =>
          (await fetch(`http://${host}:${port}/metrics`)).text(),
        ),
      ),
    secrets: [
      secret,
      apps.website.secret,
      apps.officialAccount.secret,
      apps.officialAccount.pushToken,
    ],
    async stop() {
      closing = true;
      await restarts;
      await Promise.all([...running.values()].map((instance) => instance.stop()));
      await balancer.close();
      await proxyLog.close();
      await platform.close();
    },
  };
  intercept = options.between(site);
  return site;
}

/** Limits are off, since all clients share one machine; its slowness must not look like a fault. */
function commonSettings({ timeScale, databaseUrl, redisUrl, riskAddress }: SiteOptions) {
  const scaled = (ms: number, leastMs: number) =>
    String(Math.max(Math.round(ms * timeScale), leastMs));
  return {
    TRUST_PROXY: 'true',
    RATE_LIMIT_PER_MINUTE: '0',
    MAX_EVENT_LOOP_DELAY_MS: '0',
    POLL_INTERVAL_MS: '1000',
    STATE_TTL_MS: scaled(180_000, 60_000),
    QR_TTL_MS: scaled(120_000, 45_000),
    CLAIM_TTL_MS: scaled(60_000, 30_000),
    WECHAT_TIMEOUT_MS: '12000',
    RISK_ADDRESS: riskAddress,
    RISK_DEADLINE_MS: '10000',
    DB_LOCK_TIMEOUT_MS: '8000',
    DB_STATEMENT_TIMEOUT_MS: '12000',
    DB_POOL_TIMEOUT_MS: '30000',
    REDIS_TIMEOUT_MS: '30000',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  };
}

function environmentOf(
  shape: SiteShape,
  instance: string,
  { common, folder }: { common: Readonly<Record<string, string>>; folder: string },
): Record<string, string> {
  const { REDIS_URL, ...alone } = common;
  const shared = REDIS_URL === undefined || !shape.sharesState ? alone : { ...alone, REDIS_URL };
  return {
    ...shared,
    ...shape.process?.(instance),
    INSTANCE_ID: instance,
    LOG_FILE: join(folder, 'logs', `${instance}.ndjson`),
    TRACE_FILE: join(folder, 'traces', `${instance}.jsonl`),
  };
}

/** What a supervisor of containers says of one that ended: that it did, and how. */
function tell(log: LogFile, { name, code, signal, unexpected }: InstanceExit): void {
  const status = signal === null ? code : 128 + (signal === 'SIGKILL' ? 9 : 15);
  log.write({
    severity: unexpected ? 'ERROR' : 'INFO',
    'event.name': 'process.exited',
    'k8s.pod.name': name,
    'process.exit.code': status,
    message: `container exited with code ${status}${signal === null ? '' : ` (${signal})`}`,
  });
}
