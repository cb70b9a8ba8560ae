import type { Site } from '../fleet/site.ts';
import { type Draw, drawFor, logNormal } from '../people/random.ts';
import { type Answer, type Intercept, type PlatformSettings, refuse } from '../platform/index.ts';
import type { FlowRecord, Journal } from '../truth/journal.ts';
import type { Secrets } from '../truth/secrets.ts';
import { isWireFault, SPOILS } from './wire.ts';

type Call = Parameters<Intercept>[0];

/** Assumed, since WeChat publishes no figures: milliseconds at time scale 1. */
const LATENCY = { median: 80, sigma: 0.5 };

const EXCHANGE = '/sns/oauth2/access_token';
const USERINFO = '/sns/userinfo';
const FOLLOWER = '/cgi-bin/user/info';
const API = /^\/(sns|cgi-bin)\//;
const TOKEN_FETCH = /^\/cgi-bin\/(token|stable_token)$/;

/**
 * Stands between a site's service and its WeChat: gives answers their time, and lets the faults
 * of each login befall its calls, which their trace tells apart.
 */
export function betweenServiceAndWechat(
  site: Site,
  options: { readonly journal: Journal; readonly seed: number; readonly timeScale: number },
): Intercept {
  const { journal, timeScale } = options;
  const draw = drawFor(options.seed, 'latency', site.name);
  return async (call, proceed) => {
    if (!API.test(call.path)) return proceed();
    await latency(draw, timeScale);
    learnSecrets(journal.secrets, call);
    const record = journal.flowOf(traceIdOf(call));
    const answer = await (record?.plan.fault === undefined
      ? proceed()
      : befall(site, journal, record, call, proceed));
    if (answer === 'handled') return answer;
    learnFrom(journal.secrets, answer.body);
    const errcode = /"errcode":(-?\d+)/.exec(answer.body)?.[1];
    if (record !== undefined && errcode !== undefined) record.errcode = Number(errcode);
    return answer;
  };
}

async function befall(
  site: Site,
  journal: Journal,
  record: FlowRecord,
  call: Call,
  proceed: () => Promise<Answer>,
): Promise<Answer | 'handled'> {
  const { id, spot, once } = record.plan.fault as NonNullable<FlowRecord['plan']['fault']>;
  const { platform } = site.platform;
  const { settings, sns, cgiBin } = platform;
  const here = call.path === spot && !(once && record.hits.length > 0);
  const hit = (says: string) => journal.hit(record, `${call.path}: ${says}`);
  if (isWireFault(id)) {
    if (!here) return proceed();
    hit(SPOILS[id].says);
    return SPOILS[id].spoil(call, proceed);
  }
  switch (id) {
    case 'wx.errcode.-1':
      if (!here) break;
      hit('the platform was busy');
      return refuse(-1, settings.now());
    case 'wx.errcode.40125':
      if (call.path !== EXCHANGE) break;
      hit('the secret had been reset');
      return under(settings.website, { secret: 'reset' }, proceed);
    case 'wx.errcode.42001':
      if (call.path !== USERINFO) break;
      hit('the access token had run out');
      sns.endToken(call.query.access_token ?? '');
      break;
    case 'wx.errcode.45011':
      if (call.path !== USERINFO) break;
      hit('the quota of the minute was used up');
      return under(settings, { userinfoPerMinute: 0 }, proceed);
    case 'wx.errcode.40164':
    case 'wx.errcode.45009':
      if (call.path === '/cgi-bin/qrcode/create' && record.hits.length === 0) {
        // The service has to fetch a token for this login, and others that come just now wait for it.
        cgiBin.endToken(call.query.access_token ?? '');
      } else if (TOKEN_FETCH.test(call.path)) {
        return refuseToken(journal, record, settings, proceed);
      }
      break;
    case 'pods.kill': {
      if (call.path !== EXCHANGE && call.path !== FOLLOWER) break;
      const instance = site.passageOf(traceIdOf(call) as string)?.instance as string;
      hit(`${instance} was killed`);
      site.kill(instance);
      return 'handled';
    }
    case 'cpu.block':
      if (call.path !== EXCHANGE && call.path !== FOLLOWER) break;
      hit('the event loop was blocked');
      site.block(BLOCK_MS);
      return proceed();
    case 'avalanche':
      if (call.path !== EXCHANGE || once) break;
      hit('the call was never answered');
      return 'handled';
    default:
  }
  return proceed();
}

/** Parameters and members whose values open something, or say who somebody is. */
const SECRET_NAME = /^(secret|code|access_token|refresh_token|openid|unionid|ticket|scene_str)$/;

function learnSecrets(secrets: Secrets, call: Call): void {
  for (const [name, value] of Object.entries(call.query)) {
    if (SECRET_NAME.test(name)) secrets.add(value);
  }
  learnFrom(secrets, call.body);
}

function learnFrom(secrets: Secrets, body: string): void {
  for (const [, name, value] of body.matchAll(/"(\w+)":"([^"]+)"/g)) {
    if (SECRET_NAME.test(name as string)) secrets.add(value as string);
  }
}

/** Longer than the service waits for WeChat. */
const BLOCK_MS = 14_000;

/** Logins that wait for the same token are refused with this one. */
function refuseToken(
  journal: Journal,
  record: FlowRecord,
  settings: PlatformSettings,
  proceed: () => Promise<Answer>,
): Promise<Answer> {
  if (record.plan.fault?.id === 'wx.errcode.40164') {
    journal.refuse(record, 'a token was refused: the address was not on the list');
    return under(settings, { ipWhitelist: [] }, proceed);
  }
  journal.refuse(record, 'a token was refused: the quota of the day was used up');
  return under(settings, { tokensPerDay: 0 }, proceed);
}

/**
 * Lets one call find the platform in another state. The platform answers in one step, so no other
 * call sees it.
 */
function under<T extends object>(
  settings: T,
  changes: Partial<T>,
  proceed: () => Promise<Answer>,
): Promise<Answer> {
  const before = Object.fromEntries(
    Object.keys(changes).map((name) => [name, settings[name as keyof T]]),
  );
  Object.assign(settings, changes);
  try {
    return proceed();
  } finally {
    Object.assign(settings, before);
  }
}

function latency(draw: Draw, timeScale: number): Promise<void> {
  const ms = logNormal(draw, LATENCY.median, LATENCY.sigma) * timeScale;
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Services pass on the trace of the request they work for (W3C `traceparent`). */
function traceIdOf({ request }: Call): string | undefined {
  return String(request.headers.traceparent ?? '').split('-')[1];
}
