import { randomBytes } from 'node:crypto';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

type Values = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name] extends Setting<infer T>
    ? T
    : never;
};

/** Credentials of a website app on the open platform. */
export interface WebsiteApp {
  readonly appId: string;
  readonly secret: string;
}

/** Credentials of an official account; `token` signs its pushes. */
export interface OfficialAccount extends WebsiteApp {
  readonly token: string;
}

/** All settings, read and checked, under the names of their variables, and what follows from them. */
export interface Config extends Values {
  readonly INSTANCE_ID: string;
  readonly SERVICE_SECRET: string;
  readonly PUBLIC_URL: URL;
  readonly website: WebsiteApp | undefined;
  readonly officialAccount: OfficialAccount | undefined;
}

/** The environment does not add up; `problems` lists everything that is wrong, not the first only. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`wrong configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the service's settings. An empty variable counts as absent.
 * @throws {ConfigError}
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const values = readValues(env, problems);
  const SERVICE_SECRET = values.SERVICE_SECRET ?? randomBytes(32).toString('base64url');
  if (SERVICE_SECRET.length < 32) problems.push('SERVICE_SECRET is shorter than 32 characters');
  for (const [kid, secret] of values.JWT_KEYS) {
    if (secret.length < 32) problems.push(`JWT_KEYS: ${kid} is shorter than 32 characters`);
  }
  const config: Config = {
    ...values,
    SERVICE_SECRET,
    INSTANCE_ID: values.INSTANCE_ID ?? `i-${randomBytes(4).toString('hex')}`,
    PUBLIC_URL: values.PUBLIC_URL ?? new URL(`http://${values.HOST}:${values.PORT}`),
    website: websiteOf(values, problems),
    officialAccount: officialAccountOf(values, problems),
  };
  if (config.PUBLIC_URL.protocol === 'http:' && !isLoopback(config.PUBLIC_URL.hostname)) {
    problems.push(
      'PUBLIC_URL must be https, or http on this machine: cookies would travel in clear',
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** One line a setting, for `--help`. */
export function describeSettings(): string {
  const width = Math.max(...Object.keys(SETTINGS).map((name) => name.length));
  return Object.entries(SETTINGS)
    .map(([name, { help, fallback }]) => {
      const shown = fallback === undefined || String(fallback) === '' ? '' : ` [${fallback}]`;
      return `${name.padEnd(width)}  ${help}${shown}`;
    })
    .join('\n');
}

function readValues(env: Readonly<Record<string, string | undefined>>, problems: string[]): Values {
  const read = ([name, setting]: [string, Setting<unknown>]) => {
    const given = env[name];
    if (given === undefined || given === '') return [name, setting.fallback];
    try {
      return [name, setting.parse(given)];
    } catch (error) {
      problems.push(`${name} ${(error as Error).message}`);
      return [name, setting.fallback];
    }
  };
  return Object.fromEntries(
    Object.entries<Setting<unknown>>(SETTINGS).map(read),
  ) as unknown as Values;
}

function websiteOf(values: Values, problems: string[]): WebsiteApp | undefined {
  const { WECHAT_APP_ID: appId, WECHAT_APP_SECRET: secret } = values;
  if (appId === undefined && secret === undefined) return undefined;
  if (appId !== undefined && secret !== undefined) return { appId, secret };
  problems.push('WECHAT_APP_ID and WECHAT_APP_SECRET go together');
  return undefined;
}

function officialAccountOf(values: Values, problems: string[]): OfficialAccount | undefined {
  const { WECHAT_MP_APP_ID: appId, WECHAT_MP_APP_SECRET: secret, WECHAT_MP_TOKEN: token } = values;
  if (appId === undefined && secret === undefined && token === undefined) return undefined;
  if (appId !== undefined && secret !== undefined && token !== undefined) {
    return { appId, secret, token };
  }
  problems.push('WECHAT_MP_APP_ID, WECHAT_MP_APP_SECRET and WECHAT_MP_TOKEN go together');
  return undefined;
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
