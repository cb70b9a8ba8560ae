import type { Ending } from '../truth/journal.ts';
import { followLogin } from './follow.ts';
import {
  arrives,
  askForCode,
  askForFreshCode,
  note,
  type ShownCode,
  takeTime,
  type Visit,
} from './visit.ts';

/** A login by the official account: the phone decides, the browser takes the session. */
export async function loginByAccount(visit: Visit): Promise<Ending> {
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
    const followed = followLogin(visit, code, { signal, until: ({ claimable }) => claimable });
    switch (plan.intent) {
      case 'never':
        await followed;
        return 'left';
      case 'leave':
        await takeTime(visit, plan.scanMs);
        return 'left';
      case 'cancel':
        await decide(visit, code, 'cancel');
        await followed;
        return 'left';
      case 'dither':
        await decide(visit, code, undefined);
        break;
      default:
        await decide(visit, code, 'confirm');
    }
    const status = await followed;
    if (status?.claimable !== true) {
      visit.record.lastAnswer = status?.state ?? 'the page lost sight of the login';
      return 'shut_out';
    }
    return (await claims(visit, code)) ? 'logged_in' : 'shut_out';
  } finally {
    closed.abort();
  }
}

/** The phone scans, follows the link that the account sends, and presses a button there. */
async function decide(
  visit: Visit,
  code: ShownCode,
  decision: 'confirm' | 'cancel' | undefined,
): Promise<void> {
  const { plan, site, mishap } = visit;
  await takeTime(visit, plan.scanMs);
  const scanned = await site.platform.platform.scanTicket(
    code.qrText as string,
    plan.person,
    mishap.push,
  );
  const link = /https?:\/\/\S+\/confirm\?\S+/.exec(scanned?.reply ?? '')?.[0];
  if (link === undefined) return;
  const phone = visit.otherBrowser();
  await phone.page(link);
  if (decision === undefined) return;
  await takeTime(visit, plan.decideMs);
  const token = new URL(link).searchParams.get('token') ?? '';
  visit.journal.secrets.add(token);
  await phone.send(`${site.url}/confirm`, { token, decision });
}

async function claims(visit: Visit, code: ShownCode): Promise<boolean> {
  const { browser, mishap, site } = visit;
  const { done } = await mishap.beforeFinish(undefined);
  await visit.door.pass();
  visit.record.askedMs = Date.now();
  try {
    const answer = note(visit, await browser.send(`${site.url}/qr/${code.id}/claim`, {}));
    if (answer.status !== 200) return false;
  } finally {
    await done();
  }
  return arrives(visit, { status: 303, location: `${site.url}/profile`, text: '' });
}
