import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ConfigError, describeSettings, loadConfig } from '../../src/service/config/index.ts';
import { SETTINGS } from '../../src/service/config/settings.ts';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

test('an empty environment is enough', () => {
  const config = loadConfig({});
  expect(config.PUBLIC_URL.origin).toBe('http://127.0.0.1:3000');
  expect(config.SERVICE_SECRET.length).toBeGreaterThanOrEqual(32);
  expect([config.website, config.officialAccount]).toEqual([undefined, undefined]);
});

test('two services without a secret do not share one', () => {
  expect(loadConfig({}).SERVICE_SECRET).not.toBe(loadConfig({}).SERVICE_SECRET);
});

describe('wrong settings', () => {
  test.each([
    [{ PORT: 'http' }, 'PORT is no whole number from 0 to 65535'],
    [{ PORT: '1.5' }, 'PORT is no whole number from 0 to 65535'],
    [{ TRUST_PROXY: 'maybe' }, 'TRUST_PROXY is neither on nor off'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is none of debug, info, warn, error'],
    [{ WECHAT_API_URL: 'ftp://x' }, 'WECHAT_API_URL is no http or https address'],
    [{ TRACE_SAMPLE_RATIO: '2' }, 'TRACE_SAMPLE_RATIO is no number from 0 to 1'],
    [{ JWT_KEYS: 'short' }, 'JWT_KEYS is no list of name:value'],
    [{ JWT_KEYS: 'a:short' }, 'JWT_KEYS: a is shorter than 32 characters'],
    [{ SERVICE_SECRET: 'short' }, 'SERVICE_SECRET is shorter than 32 characters'],
    [{ WECHAT_APP_ID: 'wx1' }, 'WECHAT_APP_ID and WECHAT_APP_SECRET go together'],
    [
      { WECHAT_MP_TOKEN: 't' },
      'WECHAT_MP_APP_ID, WECHAT_MP_APP_SECRET and WECHAT_MP_TOKEN go together',
    ],
    [
      { PUBLIC_URL: 'http://login.example.com' },
      'PUBLIC_URL must be https, or http on this machine: cookies would travel in clear',
    ],
  ])('%j', (env, problem) => {
    expect(problemsOf(env)).toEqual([problem]);
  });

  test('are told all at once', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'y', SERVICE_SECRET: 'z' })).toHaveLength(3);
  });
});

test('the help names every setting and shows no secret', () => {
  const help = describeSettings();
  for (const name of Object.keys(SETTINGS)) expect(help).toContain(`${name} `);
});

test('no setting is read past the table', () => {
  const main = readFileSync(new URL('../../src/service/main.ts', import.meta.url), 'utf8');
  expect(main.match(/process\.env/g)).toHaveLength(1);
});
