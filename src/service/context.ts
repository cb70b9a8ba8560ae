import type { Logger } from 'pino';
import type { Config } from './config/index.ts';
import type { Expiry } from './login/expiry-timers.ts';
import type { RiskClient } from './risk/risk-client.ts';
import type {
  AccessTokens,
  Cookies,
  Pseudonymise,
  RefreshTokens,
  Sessions,
  States,
} from './security/index.ts';
import type { FlowStore, FlowWatch, StateStore, UserStore } from './store/index.ts';
import type { Metrics, Recorder, Tracing, Vitals } from './telemetry/index.ts';
import type { CgiBin, Sns } from './wechat/index.ts';

/** Everything a login needs, made once at the start and handed to each route. */
export interface ServiceContext {
  readonly config: Config;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly logger: Logger;
  readonly record: Recorder;
  readonly vitals: Vitals;
  readonly metrics: Metrics;
  readonly inSpan: Tracing['inSpan'];
  readonly pseudonym: Pseudonymise;
  readonly cookies: Cookies;
  readonly store: StateStore;
  readonly flows: FlowStore;
  readonly watch: FlowWatch;
  readonly expiry: Expiry;
  readonly states: States;
  readonly sessions: Sessions;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly users: UserStore;
  readonly risk: RiskClient;
  /** The website app, where one is configured. */
  readonly website: { readonly appId: string; readonly sns: Sns } | undefined;
  /** The official account, where one is configured. */
  readonly officialAccount:
    | { readonly appId: string; readonly pushToken: string; readonly cgiBin: CgiBin }
    | undefined;
  readonly tokenKey: Buffer;
  /** Where browsers reach the service, without a slash at the end. */
  readonly origin: () => string;
  /** Fires at SIGTERM: the balancer should look elsewhere. */
  readonly draining: AbortSignal;
  /** Fires when the service closes: whoever waits should stop. */
  readonly closing: AbortSignal;
}
