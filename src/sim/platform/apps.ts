import { randomBytes } from 'node:crypto';
import type { PlatformOptions } from './platform.ts';

export interface SimulatedApps extends Pick<PlatformOptions, 'website' | 'officialAccount'> {
  /** The environment of a service that uses these apps of the platform at `platformUrl`. */
  environment(platformUrl: string): Record<string, string>;
}

/**
 * A website app and an official account, with fresh secrets.
 * @param serviceOrigin where their service is reached; asked when needed, for it may not listen yet
 */
export function simulatedApps(serviceOrigin: () => string): SimulatedApps {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  const website = {
    appId: `wx${hex(8)}`,
    secret: hex(16),
    get redirectHosts() {
      return [new URL(serviceOrigin()).host];
    },
  };
  const officialAccount = {
    appId: `wx${hex(8)}`,
    secret: hex(16),
    pushToken: hex(16),
    get pushUrl() {
      return new URL('/wechat/events', serviceOrigin()).toString();
    },
  };
  return {
    website,
    officialAccount,
    environment: (platformUrl) => ({
      WECHAT_OPEN_URL: platformUrl,
      WECHAT_API_URL: platformUrl,
      WECHAT_APP_ID: website.appId,
      WECHAT_APP_SECRET: website.secret,
      WECHAT_MP_APP_ID: officialAccount.appId,
      WECHAT_MP_APP_SECRET: officialAccount.secret,
      WECHAT_MP_TOKEN: officialAccount.pushToken,
      SIMULATED_PHONE_URL: `${platformUrl}/phone`,
    }),
  };
}
