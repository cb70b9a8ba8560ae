import type { LightMyRequestResponse } from 'fastify';
import type { Person } from '../../src/sim/platform/index.ts';
import { BrowserDouble, type ShownCode } from './browser-double.ts';
import type { World } from './world.ts';

export const ANN: Person = { id: 'ann', nickname: '安 <b>Ann</b>' };
export const BEN: Person = { id: 'ben', nickname: 'Ben' };

export const browse = (world: World): Promise<BrowserDouble> =>
  new BrowserDouble(world.service.app).open();

/** The browser opens WeChat's page. @returns the uuid of its code */
export async function openWechat(code: ShownCode): Promise<string> {
  const text = await (await fetch(code.authorizeUrl as string)).text();
  return /\/connect\/qrcode\/([\w-]+)/.exec(text)?.[1] as string;
}

/** The person scans and confirms. @returns where WeChat sends the browser, as a path */
export async function confirmAtWechat(
  world: World,
  code: ShownCode,
  person: Person,
): Promise<string> {
  return actAtWechat(world, code, person, 'confirm');
}

export async function actAtWechat(
  world: World,
  code: ShownCode,
  person: Person,
  action: 'confirm' | 'deny',
): Promise<string> {
  const { platform } = world.platform;
  const uuid = await openWechat(code);
  platform.act(uuid, 'scan', person);
  platform.act(uuid, action, person);
  const { pathname, search } = new URL(platform.connect.redirectOf(uuid) as string);
  return pathname + search;
}

/** A website login from beginning to end. */
export async function websiteLogin(
  world: World,
  person: Person,
  browser?: BrowserDouble,
): Promise<{
  browser: BrowserDouble;
  code: ShownCode;
  callback: string;
  answer: LightMyRequestResponse;
}> {
  const used = browser ?? (await browse(world));
  const code = await used.show('website');
  const callback = await confirmAtWechat(world, code, person);
  const answer = await used.get(callback, { accept: 'text/html' });
  return { browser: used, code, callback, answer };
}

/** The person scans the account's code. @returns the confirm link the account sent */
export async function scanAccount(
  world: World,
  code: ShownCode,
  person: Person,
): Promise<string | undefined> {
  const result = await world.platform.platform.scanTicket(code.qrText as string, person);
  const link = /https?:\/\/\S+\/confirm\?\S+/.exec(result?.reply ?? '')?.[0];
  return link && new URL(link).pathname + new URL(link).search;
}

export async function decideOnPhone(
  world: World,
  link: string,
  decision: 'confirm' | 'cancel',
): Promise<LightMyRequestResponse> {
  const phone = new BrowserDouble(world.service.app);
  await phone.get(link, { accept: 'text/html' });
  const token = new URL(link, world.url).searchParams.get('token');
  return phone.post('/confirm', { token, decision }, { accept: 'text/html' });
}

/** An official-account login from beginning to end. */
export async function accountLogin(
  world: World,
  person: Person,
): Promise<{
  browser: BrowserDouble;
  code: ShownCode;
  link: string;
  answer: LightMyRequestResponse;
}> {
  const browser = await browse(world);
  const code = await browser.show('official_account');
  const link = (await scanAccount(world, code, person)) as string;
  await decideOnPhone(world, link, 'confirm');
  const answer = await browser.post(`/qr/${code.id}/claim`);
  return { browser, code, link, answer };
}
