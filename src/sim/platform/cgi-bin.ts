import { randomBytes } from 'node:crypto';
import { type Answer, json } from './answer.ts';
import { refuse } from './errors.ts';
import { openidOf, type Person, unionidOf } from './person.ts';
import type { PlatformSettings } from './settings.ts';
import type { Query } from './sns.ts';

/** A code of the official account. */
export interface Ticket {
  readonly ticket: string;
  readonly scene: string;
  /** What the code says. */
  readonly url: string;
  readonly expiresAtMs: number;
}

/** The official account's API: one token at a time, codes with a scene. */
export interface CgiBinHost {
  token(query: Query, address: string): Answer;
  stableToken(body: unknown, address: string): Answer;
  createQr(query: Query, body: unknown): Answer;
  userInfo(query: Query): Answer;
  ticket(ticket: string): Ticket | undefined;
  /** @param url as a camera reads it */
  ticketByUrl(url: string): Ticket | undefined;
  /** The person follows the account from now on. @returns whether they did before */
  follow(person: Person): boolean;
  /** The token's regular time is up from now on. */
  endToken(token: string): void;
}

const MAX_QR_SECONDS = 2_592_000;
const SCENE = /^.{1,64}$/s;

/** @param origin where codes lead a camera: the platform itself */
export function createCgiBinHost(settings: PlatformSettings, origin: () => string): CgiBinHost {
  const { now } = settings;
  const { appId } = settings.officialAccount;
  const tokens = new Map<string, { expiresAtMs: number; endsAtMs: number }>();
  const tickets = new Map<string, Ticket>();
  const byUrl = new Map<string, Ticket>();
  const followers = new Map<string, Person>();
  const fetched = { day: -1, count: 0 };
  let stable: string | undefined;

  const no = (errcode: Parameters<typeof refuse>[0]) => refuse(errcode, now());

  function badCredentials(query: Query, address: string): Answer | undefined {
    if (!query.appid) return no(41002);
    if (!query.secret) return no(41004);
    if (query.appid !== appId) return no(40013);
    if (query.secret !== settings.officialAccount.secret) return no(40125);
    const { ipWhitelist } = settings;
    return ipWhitelist === undefined || ipWhitelist.includes(address) ? undefined : no(40164);
  }

  function mint(): string {
    const token = `${randomBytes(2).readUInt16BE()}_${randomBytes(48).toString('base64url')}`;
    const endsAtMs = now() + settings.cgiTokenTtlMs;
    tokens.set(token, { expiresAtMs: endsAtMs, endsAtMs });
    return token;
  }

  /** @param endsAtMs the token's regular end, which says whether a dead one is expired or replaced */
  function badToken({ access_token }: Query): Answer | undefined {
    if (!access_token) return no(41001);
    const token = tokens.get(access_token);
    if (token === undefined) return no(40001);
    if (token.endsAtMs <= now()) return no(42001);
    return token.expiresAtMs <= now() ? no(40001) : undefined;
  }

  function tokenAnswer(token: string): Answer {
    const leftMs = (tokens.get(token)?.endsAtMs ?? now()) - now();
    return json({ access_token: token, expires_in: Math.floor(leftMs / 1000) });
  }

  function overDayQuota(): boolean {
    const day = Math.floor(now() / 86_400_000);
    if (fetched.day !== day) Object.assign(fetched, { day, count: 0 });
    fetched.count++;
    return fetched.count > settings.tokensPerDay;
  }

  return {
    token(query, address) {
      const bad = badCredentials(query, address);
      if (bad !== undefined) return bad;
      if (overDayQuota()) return no(45009);
      const graceMs = now() + settings.cgiTokenGraceMs;
      for (const [token, life] of tokens) {
        // Tokens of the stable API live apart from these.
        if (token !== stable) life.expiresAtMs = Math.min(life.expiresAtMs, graceMs);
      }
      return tokenAnswer(mint());
    },
    stableToken(body, address) {
      const bad = badCredentials(body as Query, address);
      if (bad !== undefined) return bad;
      if (overDayQuota()) return no(45009);
      const alive = stable !== undefined && (tokens.get(stable)?.expiresAtMs ?? 0) > now();
      if (!alive || (body as { force_refresh?: boolean }).force_refresh === true) stable = mint();
      return tokenAnswer(stable as string);
    },
    createQr(query, body) {
      const bad = badToken(query);
      if (bad !== undefined) return bad;
      const { action_name, action_info, expire_seconds } = body as {
        action_name?: string;
        action_info?: { scene?: { scene_str?: unknown } };
        expire_seconds?: number;
      };
      if (action_name !== 'QR_STR_SCENE') return no(40052);
      const scene = action_info?.scene?.scene_str;
      if (typeof scene !== 'string' || !SCENE.test(scene)) return no(40053);
      const seconds = Math.min(expire_seconds ?? settings.ticketTtlMs / 1000, MAX_QR_SECONDS);
      const created: Ticket = {
        ticket: `g${randomBytes(45).toString('base64')}==`,
        scene,
        url: `${origin()}/q/${randomBytes(16).toString('base64url')}`,
        expiresAtMs: now() + seconds * 1000,
      };
      tickets.set(created.ticket, created);
      byUrl.set(created.url, created);
      return json({ ticket: created.ticket, expire_seconds: seconds, url: created.url });
    },
    userInfo(query) {
      const bad = badToken(query);
      if (bad !== undefined) return bad;
      const person = followers.get(query.openid ?? '');
      if (person === undefined) return no(40003);
      return json({ subscribe: 1, openid: query.openid, unionid: unionidOf(person) });
    },
    endToken(token) {
      const life = tokens.get(token);
      if (life !== undefined) Object.assign(life, { expiresAtMs: now(), endsAtMs: now() });
    },
    ticket: (ticket) => tickets.get(ticket),
    ticketByUrl: (url) => byUrl.get(url),
    follow(person) {
      const openid = openidOf(person, appId);
      const before = followers.has(openid);
      followers.set(openid, person);
      return before;
    },
  };
}
