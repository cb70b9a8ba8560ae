import { randomBytes } from 'node:crypto';
import { type Answer, page } from './answer.ts';
import { escapeHtml, qrImage } from './markup.ts';
import type { Person } from './person.ts';
import type { PlatformSettings } from './settings.ts';
import type { Query, SnsHost } from './sns.ts';

/** Values of the page's own poll. They look like HTTP statuses and are none. */
export type WxErrcode = 402 | 403 | 404 | 405 | 408;

interface Uuid {
  readonly redirectUri: string;
  readonly state: string;
  readonly expiresAtMs: number;
  status: 'waiting' | 'scanned' | 'confirmed' | 'denied' | 'cancelled';
  person: Person | undefined;
  code: string;
  readonly listeners: Set<() => void>;
}

/** What WeChat's page learns from one poll. */
export interface PollResult {
  readonly wxErrcode: WxErrcode;
  readonly wxCode: string;
}

/** What a person can do with the code of a website login. */
export type PhoneAction = 'scan' | 'confirm' | 'cancel' | 'deny';

/** `open.weixin.qq.com`: the page with the code, its poll, and the phone on the other side. */
export interface ConnectHost {
  qrconnect(query: Query): Answer;
  /** Holds until something new happens, or as long as the platform holds. */
  poll(uuid: string, last: number | undefined): Promise<PollResult>;
  /** @returns false where the code does not allow it any more. */
  act(uuid: string, action: PhoneAction, person: Person): boolean;
  /** The redirect that ends the login of this code, once there is one. */
  redirectOf(uuid: string): string | undefined;
}

/** @param origin the platform's own address */
export function createConnectHost(
  settings: PlatformSettings,
  sns: SnsHost,
  origin: () => string,
): ConnectHost {
  const { now } = settings;
  const uuids = new Map<string, Uuid>();

  function resultOf(entry: Uuid): PollResult {
    if (entry.status === 'confirmed') return { wxErrcode: 405, wxCode: entry.code };
    // Refusing ends the page's wait like confirming does, only without a code.
    if (entry.status === 'denied') return { wxErrcode: 405, wxCode: '' };
    if (entry.expiresAtMs <= now()) return { wxErrcode: 402, wxCode: '' };
    if (entry.status === 'scanned') return { wxErrcode: 404, wxCode: '' };
    if (entry.status === 'cancelled') return { wxErrcode: 403, wxCode: '' };
    return { wxErrcode: 408, wxCode: '' };
  }

  return {
    qrconnect(query) {
      const { website } = settings;
      if (query.appid !== website.appId) return page('<p>AppID 参数错误</p>', 200);
      if (query.scope !== 'snsapi_login')
        return page('<p>Scope 参数错误或没有 Scope 权限</p>', 200);
      const redirect = query.redirect_uri ?? '';
      if (!URL.canParse(redirect) || !website.redirectHosts.includes(new URL(redirect).host)) {
        return page('<p>redirect_uri 参数错误 (10003)</p>', 200);
      }
      const uuid = randomBytes(12).toString('base64url');
      uuids.set(uuid, {
        redirectUri: redirect,
        state: query.state ?? '',
        expiresAtMs: now() + settings.uuidTtlMs,
        status: 'waiting',
        person: undefined,
        code: '',
        listeners: new Set(),
      });
      return page(codePage(origin(), uuid));
    },
    async poll(uuid, last) {
      const entry = uuids.get(uuid);
      if (entry === undefined) return { wxErrcode: 402, wxCode: '' };
      const first = resultOf(entry);
      // The page already knows of the scan or the cancel: only what comes after is news.
      if (first.wxErrcode !== 408 && first.wxErrcode !== last) return first;
      const holdMs = Math.min(settings.pollHoldMs, Math.max(entry.expiresAtMs - now(), 0));
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          entry.listeners.delete(done);
          resolve();
        };
        const timer = setTimeout(done, holdMs).unref();
        entry.listeners.add(done);
      });
      const then = resultOf(entry);
      return then.wxErrcode === last ? { wxErrcode: 408, wxCode: '' } : then;
    },
    act(uuid, action, person) {
      const entry = uuids.get(uuid);
      if (entry === undefined || entry.expiresAtMs <= now()) return false;
      if (action === 'scan') {
        // A cancelled code may be scanned again.
        if (entry.status !== 'waiting' && entry.status !== 'cancelled') return false;
        Object.assign(entry, { status: 'scanned', person });
      } else {
        if (entry.status !== 'scanned' || entry.person?.id !== person.id) return false;
        if (action === 'confirm') {
          Object.assign(entry, { status: 'confirmed', code: sns.mint(person) });
        } else {
          entry.status = action === 'deny' ? 'denied' : 'cancelled';
        }
      }
      for (const wake of entry.listeners) wake();
      return true;
    },
    redirectOf(uuid) {
      const entry = uuids.get(uuid);
      if (entry?.status !== 'confirmed' && entry?.status !== 'denied') return undefined;
      const url = new URL(entry.redirectUri);
      if (entry.status === 'confirmed') url.searchParams.set('code', entry.code);
      url.searchParams.set('state', entry.state);
      return url.toString();
    },
  };
}

/**
 * The page a browser shows, alone or in a frame. Unlike WeChat's it tells the page around it what
 * its poll says, so that both can show the same.
 */
function codePage(origin: string, uuid: string): string {
  const scan = `${origin}/connect/confirm?uuid=${uuid}`;
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>微信登录（模拟）</title>
<style>body{font-family:system-ui,sans-serif;text-align:center}svg{width:15rem;height:15rem}</style>
<body data-uuid="${escapeHtml(uuid)}">
<!-- /connect/qrcode/${escapeHtml(uuid)} -->
<div>${qrImage(scan)}</div>
<p id="state">使用微信扫一扫登录</p>
<p><a id="phone" href="/phone?scan=${encodeURIComponent(scan)}" target="_blank" rel="noopener">模拟手机扫码</a></p>
<script src="/connect/page.js"></script>
</body>
</html>`;
}
