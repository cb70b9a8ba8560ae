import { base62, base64url, snowflake, uuid, wechatUuid } from './ids.ts';
import { campusCallback, campusLogin } from './services/campus.ts';
import { clinicAuth } from './services/clinic.ts';
import { forumLogin } from './services/forum.ts';
import { cloudLoadBalancer, envoy, nginx } from './services/gateways.ts';
import { kioskLogin } from './services/kiosk.ts';
import { mallAuth, mallUser } from './services/mall.ts';
import { mediaAccount, mediaAuth } from './services/media.ts';
import { metroCallback, metroQr, metroStore } from './services/metro.ts';
import { portalAccount, portalLogin } from './services/portal.ts';
import { referenceLogin } from './services/reference.ts';
import type { Stack } from './stack.ts';

type Routes = Stack['routes'];

const PORTAL_ROUTES: Routes = {
  issue: { method: 'POST', path: '/login/qrcode' },
  poll: { method: 'GET', path: '/login/qrcode/status' },
  callback: { method: 'GET', path: '/wechat/callback' },
  webhook: { method: 'POST', path: '/wechat/events' },
};

const MALL_ROUTES: Routes = {
  issue: { method: 'GET', path: '/api/auth/wx/qrcode' },
  poll: { method: 'GET', path: '/api/auth/wx/qrcode/status' },
  callback: { method: 'GET', path: '/api/auth/wx/callback' },
  webhook: { method: 'POST', path: '/api/wx/portal/events' },
};

const FORUM_ROUTES: Routes = {
  issue: { method: 'GET', path: '/oauth/wechat/qrcode' },
  poll: { method: 'GET', path: '/oauth/wechat/check' },
  callback: { method: 'GET', path: '/oauth/wechat/callback' },
  webhook: { method: 'POST', path: '/oauth/wechat/serve' },
};

const METRO_ROUTES: Routes = {
  issue: { method: 'POST', path: '/v1/login/qrcode' },
  poll: { method: 'GET', path: '/v1/login/qrcode/status' },
  callback: { method: 'GET', path: '/v1/login/wechat/callback' },
  webhook: { method: 'POST', path: '/v1/wechat/events' },
};

const hexScene: Stack['mint']['scene'] = (rng) => `login_${rng.hex(16)}`;

export const STACKS: readonly Stack[] = [
  {
    name: 'portal',
    weight: 22,
    kinds: ['website', 'website', 'website', 'official_account'],
    services: {
      gateway: nginx('ingress-nginx', PORTAL_ROUTES, { logsQuery: true, traceName: undefined }),
      login: portalLogin,
      callback: portalLogin,
      account: portalAccount,
    },
    proxy: 'query',
    brokenStatus: 502,
    routes: PORTAL_ROUTES,
    mint: { qrcodeId: (rng) => `qr_${rng.hex(24)}`, state: (rng) => rng.hex(32), scene: hexScene },
    versions: ['v2.3.1', 'v2.4.0'],
  },
  {
    name: 'mall',
    weight: 20,
    kinds: ['website', 'website', 'official_account'],
    services: {
      gateway: envoy('mall-gateway', MALL_ROUTES),
      login: mallAuth,
      callback: mallAuth,
      account: mallUser,
    },
    proxy: 'query',
    brokenStatus: 503,
    routes: MALL_ROUTES,
    mint: { qrcodeId: snowflake, state: uuid, scene: (rng) => `mall_${base62(rng, 20)}` },
    versions: ['5.12.0', '5.12.1'],
  },
  {
    name: 'reference',
    weight: 12,
    kinds: ['website', 'website', 'official_account'],
    services: {
      gateway: referenceLogin,
      login: referenceLogin,
      callback: referenceLogin,
      account: referenceLogin,
    },
    proxy: 'none',
    brokenStatus: 502,
    routes: PORTAL_ROUTES,
    mint: {
      qrcodeId: wechatUuid,
      state: (rng) => base64url(rng, 43),
      scene: hexScene,
      flowId: uuid,
    },
    versions: ['1.8.3', '1.9.0'],
  },
  {
    name: 'forum',
    weight: 9,
    kinds: ['website', 'website', 'official_account'],
    services: {
      gateway: nginx('forum-nginx', FORUM_ROUTES, { logsQuery: false, traceName: undefined }),
      login: forumLogin,
      callback: forumLogin,
      account: forumLogin,
    },
    proxy: 'path',
    brokenStatus: 502,
    routes: FORUM_ROUTES,
    mint: { qrcodeId: wechatUuid, state: (rng) => rng.hex(40), scene: (rng) => `f${rng.hex(18)}` },
    versions: ['2026.11.1', '2026.11.2'],
  },
  {
    name: 'campus',
    weight: 9,
    kinds: ['website'],
    services: { login: campusLogin, callback: campusCallback, account: campusCallback },
    proxy: 'none',
    brokenStatus: 502,
    routes: PORTAL_ROUTES,
    mint: { qrcodeId: uuid, state: (rng) => base64url(rng, 22), scene: hexScene },
    versions: ['0.9.4', '0.9.5'],
  },
  {
    name: 'clinic',
    weight: 8,
    kinds: ['website'],
    services: { gateway: clinicAuth, login: clinicAuth, callback: clinicAuth, account: clinicAuth },
    proxy: 'none',
    brokenStatus: 502,
    routes: PORTAL_ROUTES,
    mint: { qrcodeId: uuid, state: (rng) => base64url(rng, 32), scene: hexScene },
    versions: ['3.0.0', '3.1.0'],
  },
  {
    name: 'media',
    weight: 9,
    kinds: ['website'],
    services: { login: mediaAuth, callback: mediaAuth, account: mediaAccount },
    proxy: 'none',
    brokenStatus: 502,
    routes: PORTAL_ROUTES,
    mint: { qrcodeId: (rng) => base62(rng, 21), state: (rng) => rng.hex(16), scene: hexScene },
    versions: ['4.4.9', '4.5.0'],
  },
  {
    name: 'metro',
    weight: 8,
    kinds: ['website', 'website', 'official_account'],
    services: {
      gateway: cloudLoadBalancer('metro-lb', METRO_ROUTES),
      login: metroQr,
      callback: metroCallback,
      account: metroStore,
    },
    proxy: 'query',
    brokenStatus: 502,
    routes: METRO_ROUTES,
    mint: { qrcodeId: (rng) => rng.hex(32), state: (rng) => base62(rng, 24), scene: hexScene },
    versions: ['1.20.0', '1.21.0'],
  },
  {
    name: 'kiosk',
    weight: 6,
    kinds: ['official_account'],
    services: { login: kioskLogin, callback: kioskLogin, account: kioskLogin },
    proxy: 'none',
    brokenStatus: 502,
    routes: MALL_ROUTES,
    mint: { qrcodeId: uuid, state: uuid, scene: (rng) => `kiosk-${rng.hex(12)}` },
    versions: ['6.1.0', '6.2.0'],
  },
];
