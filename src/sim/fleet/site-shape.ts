import type { SiteName } from '../faults/catalogue.ts';
import type { PlatformSettings } from '../platform/index.ts';
import type { Spread } from './balancer.ts';

/** How a site differs from others. */
export interface SiteShape {
  readonly names: readonly string[];
  /** How the balancer in front spreads requests. */
  readonly spread: Spread;
  /** All instances use one Redis, where there is one. */
  readonly sharesState: boolean;
  readonly platform: Partial<PlatformSettings>;
  /** Settings of its service. */
  readonly service: Readonly<Record<string, string>>;
  /** Environment of one of its processes. */
  readonly process?: (instance: string) => Readonly<Record<string, string>>;
  /** Its processes block their event loop when told to. */
  readonly blockable: boolean;
}

/** The lives of WeChat's things at time scale 1; its limits are those of the vendor. */
function platformOf(timeScale: number): Partial<PlatformSettings> {
  return {
    uuidTtlMs: Math.max(90_000 * timeScale, 4000),
    pollHoldMs: Math.max(25_000 * timeScale, 1000),
  };
}

/** Ahead of its siblings by this much. */
const SKEW_SECONDS = 600;

export const FAKETIME_LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** @param options.instances of the main site */
export function shapeOf(
  name: SiteName,
  { instances, timeScale }: { readonly instances: number; readonly timeScale: number },
): SiteShape {
  const plain = (count: number): SiteShape => ({
    names: Array.from({ length: count }, (_, i) => `${name}-${'abcdefghij'[i] ?? i}`),
    spread: 'turn',
    sharesState: true,
    platform: platformOf(timeScale),
    service: {},
    blockable: false,
  });
  switch (name) {
    case 'main':
      return plain(instances);
    case 'islands':
      return { ...plain(2), spread: 'hash', sharesState: false };
    case 'nowhere':
      return { ...plain(1), service: { WECHAT_API_URL: 'http://api.weixin.invalid' } };
    case 'rivals':
      return {
        ...plain(1),
        platform: { ...platformOf(timeScale), cgiTokenGraceMs: 0 },
        service: { WECHAT_CGI_TOKEN: 'legacy', WECHAT_RETRIES: '0' },
      };
    case 'mortal':
      return plain(2);
    case 'skewed':
      return {
        ...plain(2),
        spread: 'hash',
        process: (instance) =>
          instance.endsWith('-b')
            ? { LD_PRELOAD: FAKETIME_LIBRARY, FAKETIME: `+${SKEW_SECONDS}` }
            : {},
      };
    case 'narrow':
      return { ...plain(1), service: { DB_POOL_MAX: '2', DB_POOL_TIMEOUT_MS: '2000' } };
    case 'blocked':
      return { ...plain(1), service: { MAX_EVENT_LOOP_DELAY_MS: '1000' }, blockable: true };
    case 'flooded':
      return {
        ...plain(1),
        service: { WECHAT_CONNECTIONS: '4', WECHAT_RETRIES: '2', WECHAT_EXCHANGE_RETRY: 'always' },
      };
  }
}
