import type { Site } from '../fleet/site.ts';
import type { FlowPlan } from '../people/plan.ts';
import { openidOf, type PushMeans, unionidOf } from '../platform/index.ts';
import type { FlowRecord, Journal } from '../truth/journal.ts';
import type { Saboteur, Trouble, Victim } from './saboteur.ts';

/** What befalls one login around the service: what stands between it and WeChat is elsewhere. */
export interface Mishap {
  /** Just before the browser asks for a code. */
  beforeBegin(): Promise<void>;
  /** How WeChat's push of the scan travels. */
  readonly push: PushMeans;
  /**
   * Just before the browser returns from WeChat, or claims its session.
   * @returns the address it returns with, and what to call once it has its answer
   */
  beforeFinish(
    redirect: string | undefined,
  ): Promise<{ readonly url: string; readonly done: () => Promise<void> }>;
  /** The person's side did what the plan says. */
  happened(what: string): void;
}

export interface MishapOptions {
  readonly site: Site;
  readonly journal: Journal;
  readonly saboteur: Saboteur | undefined;
  readonly record: FlowRecord;
  /** Waits until no other login is in the way of such a fault. @returns what lets the next one in */
  readonly enterAlone: (site: Site) => Promise<() => void>;
}

/** A webhook slower than this is one that failed, to WeChat. */
const LATE_MS = 6000;

/** Faults of a whole process: one login at a time meets them. */
const BEFALLS_ALL: ReadonlySet<string | undefined> = new Set(['pods.kill', 'cpu.block', 'db.pool']);

const NOTHING = async (): Promise<void> => {};

export function createMishap(options: MishapOptions): Mishap {
  const { record, site, journal, saboteur } = options;
  const { plan } = record;
  const id = plan.fault?.id;
  const happened = (what: string) => journal.hit(record, what);

  /** @returns the address, changed where the browser or the simulator's clock changes it */
  async function spoilReturn(redirect: string): Promise<string> {
    const url = new URL(redirect);
    const code = url.searchParams.get('code') ?? '';
    const { sns } = site.platform.platform;
    switch (id) {
      case 'wx.errcode.40029':
        // A proxy or an app that shortens long addresses.
        url.searchParams.set('code', code.slice(0, -6));
        happened('the code came back shortened');
        break;
      case 'wx.errcode.42003':
        sns.endCode(code);
        happened('the code had run out');
        break;
      case 'wx.errcode.40163': {
        const { appId, secret } = site.apps.website;
        sns.accessToken({ appid: appId, secret, code });
        happened('another server of the same app had used the code');
        break;
      }
      default:
    }
    return url.toString();
  }

  async function trouble(): Promise<() => Promise<void>> {
    if (saboteur === undefined) return NOTHING;
    const make = troubleOf(saboteur, id);
    if (make === undefined) return NOTHING;
    const ongoing = await make(victimOf(plan, site));
    const hostages = id === 'db.pool' ? await takeConnections(site, ongoing) : NOTHING;
    return async () => {
      const seen = await ongoing.end();
      await hostages();
      if (seen === undefined) return;
      record.database = seen;
      happened('the database was in the way');
    };
  }

  return {
    async beforeBegin() {
      if (id !== 'pods.token') return;
      const { appId, secret } = site.apps.officialAccount;
      // The other holder of the account: its token kills the one before.
      site.platform.platform.cgiBin.token({ appid: appId, secret }, '');
      happened('another server fetched the account’s token');
    },
    push: pushMeansOf(id, happened),
    async beforeFinish(redirect) {
      const url = redirect === undefined ? '' : await spoilReturn(redirect);
      const leave = BEFALLS_ALL.has(id) ? await options.enterAlone(site) : () => {};
      await site.whole();
      const end = await trouble();
      return {
        url,
        async done() {
          await end();
          leave();
        },
      };
    },
    happened,
  };
}

function troubleOf(
  saboteur: Saboteur,
  id: string | undefined,
): ((victim: Victim) => Promise<Trouble>) | undefined {
  switch (id) {
    case 'db.deadlock':
      return saboteur.deadlock;
    case 'db.lock_wait':
      return saboteur.lockWait;
    case 'db.slow':
      return saboteur.slow;
    case 'db.pool':
      return saboteur.lockPasswords;
    default:
      return undefined;
  }
}

function victimOf(plan: FlowPlan, { apps }: Site): Victim {
  const { appId } = plan.kind === 'website' ? apps.website : apps.officialAccount;
  return { appId, openid: openidOf(plan.person, appId), unionid: unionidOf(plan.person) };
}

/** Password logins that wait for the locked table, each with a connection in hand. */
async function takeConnections(site: Site, lock: Trouble): Promise<() => Promise<void>> {
  const logins = [1, 2].map((n) =>
    fetch(`${site.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: `nobody-${n}`, password: 'none' }),
    }).then((answer) => answer.text()),
  );
  await lock.met(logins.length);
  return async () => {
    await Promise.allSettled(logins);
  };
}

function pushMeansOf(id: string | undefined, happened: (what: string) => void): PushMeans {
  switch (id) {
    case 'push.late': {
      let first = true;
      return {
        async deliver(url, push) {
          if (!first) return fetch(url, push);
          first = false;
          happened('the first push was held up');
          const { signal, ...rest } = push;
          setTimeout(() => void fetch(url, rest).catch(() => undefined), LATE_MS);
          return new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
          });
        },
      };
    }
    case 'push.dup':
      return {
        async deliver(url, push) {
          happened('the push came twice');
          const answers = await Promise.all([fetch(url, push), fetch(url, push)]);
          const texts = await Promise.all(answers.map((answer) => answer.clone().text()));
          // WeChat shows whatever it is answered first that says something.
          const telling = texts.findIndex((text) => text.includes('<Content>'));
          return answers[Math.max(telling, 0)] as Response;
        },
      };
    case 'push.badsig': {
      return {
        token: 'another-account',
        async deliver(url, push) {
          happened('the push was signed with another token');
          return fetch(url, push);
        },
      };
    }
    default:
      return {};
  }
}
