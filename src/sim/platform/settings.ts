/** The apps the platform knows, and how long its things live. Durations are milliseconds. */
export interface PlatformSettings {
  readonly now: () => number;
  readonly website: {
    readonly appId: string;
    readonly secret: string;
    /** Hosts (with port) a login may lead back to. */
    readonly redirectHosts: readonly string[];
  };
  readonly officialAccount: {
    readonly appId: string;
    readonly secret: string;
    readonly pushToken: string;
    /** Where pushes go; known only once the service stands. */
    readonly pushUrl: string | undefined;
  };
  /** Addresses that may ask for tokens; undefined allows all. */
  readonly ipWhitelist: readonly string[] | undefined;
  readonly codeTtlMs: number;
  readonly snsTokenTtlMs: number;
  /** The vendor's pages say 30 or 180 days. */
  readonly snsRefreshTtlMs: number;
  readonly cgiTokenTtlMs: number;
  /** How long a token outlives the fetching of the next. */
  readonly cgiTokenGraceMs: number;
  readonly uuidTtlMs: number;
  /** How long a poll of the code's page hangs. */
  readonly pollHoldMs: number;
  readonly ticketTtlMs: number;
  readonly pushTimeoutMs: number;
  readonly pushRetries: number;
  /** Calls of userinfo per openid and minute. */
  readonly userinfoPerMinute: number;
  /** Calls of cgi-bin/token a day. */
  readonly tokensPerDay: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

export const DEFAULTS: Omit<PlatformSettings, 'website' | 'officialAccount'> = {
  now: Date.now,
  ipWhitelist: undefined,
  codeTtlMs: 10 * MINUTE,
  snsTokenTtlMs: 7200 * SECOND,
  snsRefreshTtlMs: 30 * DAY,
  cgiTokenTtlMs: 7200 * SECOND,
  cgiTokenGraceMs: 5 * MINUTE,
  uuidTtlMs: 5 * MINUTE,
  pollHoldMs: 25 * SECOND,
  ticketTtlMs: 60 * SECOND,
  pushTimeoutMs: 5 * SECOND,
  pushRetries: 3,
  userinfoPerMinute: 180,
  tokensPerDay: 2000,
};
