import { randomBytes } from 'node:crypto';
import { type Answer, json } from './answer.ts';
import { refuse } from './errors.ts';
import { openidOf, type Person, unionidOf } from './person.ts';
import type { PlatformSettings } from './settings.ts';

interface Grant {
  readonly person: Person;
  expiresAtMs: number;
}

interface Code extends Grant {
  used: boolean;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** The open platform's web login: codes that are good once and for ten minutes, and their tokens. */
export interface SnsHost {
  /** The person confirmed: here is the code for the redirect. */
  mint(person: Person): string;
  accessToken(query: Query): Answer;
  refreshToken(query: Query): Answer;
  userinfo(query: Query): Answer;
  auth(query: Query): Answer;
  /** The code's time is up from now on. */
  endCode(code: string): void;
  /** The same for an access token. */
  endToken(accessToken: string): void;
}

export function createSnsHost(settings: PlatformSettings): SnsHost {
  const { now } = settings;
  const { appId } = settings.website;
  const codes = new Map<string, Code>();
  const accessTokens = new Map<string, Grant>();
  const refreshTokens = new Map<string, Grant>();
  const calls = new Map<string, { readonly minute: number; count: number }>();

  const fresh = () => randomBytes(32).toString('base64url');
  const no = (errcode: Parameters<typeof refuse>[0]) => refuse(errcode, now());

  function grant(person: Person, refreshToken?: string): Answer {
    const accessToken = fresh();
    const renewal = refreshToken ?? fresh();
    accessTokens.set(accessToken, { person, expiresAtMs: now() + settings.snsTokenTtlMs });
    if (refreshToken === undefined) {
      refreshTokens.set(renewal, { person, expiresAtMs: now() + settings.snsRefreshTtlMs });
    }
    return json({
      access_token: accessToken,
      expires_in: Math.floor(settings.snsTokenTtlMs / 1000),
      refresh_token: renewal,
      openid: openidOf(person, appId),
      scope: 'snsapi_login',
      unionid: unionidOf(person),
    });
  }

  /** The person a token speaks of, or why it does not. */
  function holder({ access_token, openid }: Query): Person | Answer {
    if (!access_token) return no(41001);
    if (!openid) return no(41009);
    const token = accessTokens.get(access_token);
    if (token === undefined) return no(40001);
    if (token.expiresAtMs <= now()) return no(42001);
    return openidOf(token.person, appId) === openid ? token.person : no(40003);
  }

  function end(grant: Grant | undefined): void {
    if (grant !== undefined) grant.expiresAtMs = Math.min(grant.expiresAtMs, now());
  }

  function overMinuteQuota(openid: string): boolean {
    const minute = Math.floor(now() / 60_000);
    const seen = calls.get(openid);
    const entry = seen?.minute === minute ? seen : { minute, count: 0 };
    entry.count++;
    calls.set(openid, entry);
    return entry.count > settings.userinfoPerMinute;
  }

  return {
    mint(person) {
      // Codes look alike: 32 characters that begin with 0.
      const code = `0${randomBytes(24).toString('base64url').slice(0, 31)}`;
      codes.set(code, { person, expiresAtMs: now() + settings.codeTtlMs, used: false });
      return code;
    },
    accessToken(query) {
      if (!query.appid) return no(41002);
      if (!query.secret) return no(41004);
      if (!query.code) return no(41008);
      if (query.appid !== appId) return no(40013);
      if (query.secret !== settings.website.secret) return no(40125);
      const code = codes.get(query.code);
      if (code === undefined) return no(40029);
      if (code.used) return no(40163);
      if (code.expiresAtMs <= now()) return no(42003);
      code.used = true;
      return grant(code.person);
    },
    refreshToken(query) {
      if (query.appid !== appId) return no(40013);
      const token = refreshTokens.get(query.refresh_token ?? '');
      if (token === undefined) return no(40030);
      if (token.expiresAtMs <= now()) return no(42002);
      return grant(token.person, query.refresh_token);
    },
    userinfo(query) {
      const person = holder(query);
      if (!('nickname' in person)) return person;
      if (overMinuteQuota(query.openid as string)) return no(45011);
      return json({
        openid: query.openid,
        nickname: person.nickname,
        sex: 0,
        language: '',
        city: '',
        province: '',
        country: '',
        headimgurl: '',
        privilege: [],
        unionid: unionidOf(person),
      });
    },
    auth(query) {
      const person = holder(query);
      return 'nickname' in person ? json({ errcode: 0, errmsg: 'ok' }) : person;
    },
    endCode: (code) => end(codes.get(code)),
    endToken: (accessToken) => end(accessTokens.get(accessToken)),
  };
}
