import { request } from 'undici';
import type { Ending } from '../truth/journal.ts';
import { type Answer, createBrowser } from './browser.ts';
import { followLogin } from './follow.ts';
import {
  arrives,
  askForCode,
  askForFreshCode,
  note,
  pause,
  type ShownCode,
  takeTime,
  type Visit,
} from './visit.ts';

/** What WeChat's page tells the page around it, which passes it on to the service. */
const REPORTED = [402, 403, 404, 405];

/** WeChat's page with the code, in its frame. */
interface Frame {
  uuid: string;
  /** Where WeChat sends the browser; undefined when the page was closed first. */
  readonly redirect: Promise<string | undefined>;
}

/** A login by the website app, from the page to the profile or to wherever it ends. */
export async function loginByWebsite(visit: Visit): Promise<Ending> {
  const { plan } = visit;
  const closed = new AbortController();
  const { signal } = closed;
  try {
    let code = await askForCode(visit);
    if (plan.intent === 'refresh' && code !== undefined) {
      await takeTime(visit, plan.scanMs / 3);
      code = await askForFreshCode(visit, code);
    }
    if (code === undefined) return 'shut_out';
    const frame = await openFrame(visit, code, signal);
    const over = followLogin(visit, code, { signal, until: () => false });
    switch (plan.intent) {
      case 'never':
        await over;
        return 'left';
      case 'leave':
        await takeTime(visit, plan.scanMs);
        return 'left';
      case 'dither':
        await act(visit, frame, 'scan');
        await over;
        visit.record.lastAnswer = 'expired';
        return 'shut_out';
      case 'cancel':
        await act(visit, frame, 'scan');
        await act(visit, frame, 'cancel');
        await takeTime(visit, plan.decideMs);
        return 'left';
      case 'rescan':
        await act(visit, frame, 'scan');
        await act(visit, frame, 'cancel');
        break;
      default:
    }
    await act(visit, frame, 'scan');
    await act(visit, frame, plan.intent === 'deny' ? 'deny' : 'confirm');
    const redirect = (await frame.redirect) as string;
    if (plan.intent === 'deny') {
      note(visit, await visit.browser.page(redirect));
      return 'left';
    }
    return (await comesBack(visit, redirect)) ? 'logged_in' : 'shut_out';
  } finally {
    closed.abort();
  }
}

/** The phone; WeChat's page may have drawn a fresh code meanwhile, which the person then scans. */
async function act(
  visit: Visit,
  frame: Frame,
  action: 'scan' | 'confirm' | 'cancel' | 'deny',
): Promise<void> {
  const { plan, site } = visit;
  await takeTime(visit, action === 'scan' ? plan.scanMs : plan.decideMs);
  for (let tries = 0; tries < 50; tries++) {
    if (site.platform.platform.act(frame.uuid, action, plan.person)) return;
    await pause(visit, 500);
    if (action !== 'scan') site.platform.platform.act(frame.uuid, 'scan', plan.person);
  }
}

async function openFrame(visit: Visit, code: ShownCode, signal: AbortSignal): Promise<Frame> {
  const show = async () => {
    const { text } = await askWechat(visit, code.authorizeUrl as string);
    return /\/connect\/qrcode\/([\w-]+)/.exec(text)?.[1] as string;
  };
  const frame = { uuid: await show() };

  async function poll(): Promise<string | undefined> {
    let last = 0;
    while (!signal.aborted) {
      const url = new URL('/connect/l/qrconnect', visit.site.platform.url);
      url.search = new URLSearchParams({
        uuid: frame.uuid,
        f: 'json',
        ...(last > 0 && { last: String(last) }),
      }).toString();
      const { text } = await askWechat(visit, url.toString(), signal);
      const said = JSON.parse(text) as { wx_errcode: number; redirect?: string };
      if (signal.aborted) break;
      if (REPORTED.includes(said.wx_errcode)) report(visit, code, said.wx_errcode);
      if (said.wx_errcode === 405) return said.redirect;
      if (said.wx_errcode === 402) frame.uuid = await show();
      else if (said.wx_errcode !== 408) last = said.wx_errcode;
    }
    return undefined;
  }

  return Object.assign(frame, { redirect: poll().catch(() => undefined) });
}

/** The page does not wait for the answer, and does not mind a failure. */
function report(visit: Visit, code: ShownCode, wxErrcode: number): void {
  visit.browser
    .send(`${visit.site.url}/qr/${code.id}/report`, { wx_errcode: wxErrcode })
    .catch(() => undefined);
}

async function askWechat(
  visit: Visit,
  url: string,
  signal?: AbortSignal,
): Promise<{ readonly text: string }> {
  const { body } = await request(url, { dispatcher: visit.dispatcher, signal });
  return { text: await body.text() };
}

/** WeChat leads the browser back; how it comes may itself be what goes wrong. */
async function comesBack(visit: Visit, redirect: string): Promise<boolean> {
  const { browser, mishap, plan } = visit;
  const { url, done } = await mishap.beforeFinish(redirect);
  await visit.door.pass();
  const open = async () => note(visit, await browser.page(url));
  let answers: readonly Answer[];
  try {
    switch (plan.fault?.id) {
      case 'client.double_callback':
        mishap.happened('the callback came twice at once');
        answers = await Promise.all([open(), open()]);
        break;
      case 'client.no_cookie':
        browser.dropCookies();
        mishap.happened('the browser came back without its cookies');
        answers = [await open()];
        break;
      case 'client.forged_state':
        await comesFirst(visit, url);
        mishap.happened('another browser used the state first');
        answers = [await open()];
        break;
      default:
        answers = [await open()];
    }
  } finally {
    await done();
  }
  for (const answer of answers) if (await arrives(visit, answer)) return true;
  return false;
}

/** A stranger's browser, with cookies of its own. */
async function comesFirst(visit: Visit, url: string): Promise<void> {
  const stranger = createBrowser({
    dispatcher: visit.dispatcher,
    address: '192.0.2.66',
    onTrace: (traceId) => visit.journal.trace(visit.record, traceId),
    onSecret: visit.journal.secrets.add,
  });
  await stranger.page(`${visit.site.url}/login`);
  await stranger.page(url);
}
