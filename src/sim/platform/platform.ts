import { type CgiBinHost, createCgiBinHost } from './cgi-bin.ts';
import { type ConnectHost, createConnectHost } from './connect.ts';
import type { Person } from './person.ts';
import { type PushMeans, type PushResult, pushScan } from './push.ts';
import { DEFAULTS, type PlatformSettings } from './settings.ts';
import { createSnsHost, type SnsHost } from './sns.ts';

export type PlatformOptions = Partial<PlatformSettings> &
  Pick<PlatformSettings, 'website' | 'officialAccount'>;

/** The simulated WeChat with its own state: codes really expire and are really good once. */
export interface Platform {
  readonly settings: PlatformSettings;
  readonly sns: SnsHost;
  readonly cgiBin: CgiBinHost;
  readonly connect: ConnectHost;
  /** What a phone does with a website login's code. */
  act: ConnectHost['act'];
  /**
   * A phone scans an official account's code: the platform tells the service.
   * @returns undefined for a code that is unknown or has run out
   */
  scanTicket(url: string, person: Person, means?: PushMeans): Promise<PushResult | undefined>;
}

/** @param origin where the platform is reached, known once it listens */
export function createPlatform(options: PlatformOptions, origin: () => string): Platform {
  const settings: PlatformSettings = { ...DEFAULTS, ...options };
  const sns = createSnsHost(settings);
  const cgiBin = createCgiBinHost(settings, origin);
  const connect = createConnectHost(settings, sns, origin);
  return {
    settings,
    sns,
    cgiBin,
    connect,
    act: connect.act,
    async scanTicket(url, person, means) {
      const found = cgiBin.ticketByUrl(url);
      if (found === undefined || found.expiresAtMs <= settings.now()) return undefined;
      const { scene, ticket } = found;
      return pushScan(settings, { person, scene, ticket, follower: cgiBin.follow(person) }, means);
    },
  };
}
