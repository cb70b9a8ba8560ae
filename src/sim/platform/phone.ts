import { type Answer, page } from './answer.ts';
import type { PhoneAction } from './connect.ts';
import { PEOPLE, phonePage } from './phone-page.ts';
import type { Platform } from './platform.ts';

const SCAN = ['scan', '扫码 Scan'] as const;
const DECIDE = [
  ['confirm', '确认 Confirm'],
  ['cancel', '取消 Cancel'],
  ['deny', '拒绝授权 Deny'],
] as const;

const SAID: Readonly<Record<PhoneAction, string>> = {
  scan: '扫描成功，请确认登录。 Scanned: confirm?',
  confirm: '已确认。 Confirmed.',
  cancel: '已取消，可再次扫码。 Cancelled; you may scan again.',
  deny: '已拒绝授权。 Refused.',
};

/** What the phone shows before anything is done with it. */
export function showPhone(scan: string): Answer {
  const message =
    scan === '' ? '请粘贴二维码内容。 Paste what the code says.' : '已对准二维码。 Ready to scan.';
  return page(phonePage({ scan, person: PEOPLE[0], message, actions: [SCAN] }));
}

/** One press of a button on the phone. */
export async function pressPhone(platform: Platform, form: URLSearchParams): Promise<Answer> {
  const scan = form.get('scan') ?? '';
  const person = PEOPLE.find(({ id }) => id === form.get('person')) ?? PEOPLE[0];
  const action = form.get('action') as PhoneAction;
  const show = (message: string, actions: typeof DECIDE | readonly [typeof SCAN]) =>
    page(phonePage({ scan, person, message, actions }));
  const uuid = uuidOf(scan);
  if (uuid === undefined) {
    const result = await platform.scanTicket(scan, person);
    if (result === undefined)
      return show('二维码无效或已过期。 The code is not good any more.', [SCAN]);
    return show(result.reply ?? '已扫码。 Scanned.', [SCAN]);
  }
  if (!platform.act(uuid, action, person)) {
    return show('二维码无效或已过期。 The code is not good any more.', [SCAN]);
  }
  return show(SAID[action], action === 'scan' ? DECIDE : [SCAN]);
}

/** The code of a website login leads to the platform's confirm page. */
function uuidOf(scan: string): string | undefined {
  return URL.canParse(scan) && new URL(scan).pathname === '/connect/confirm'
    ? (new URL(scan).searchParams.get('uuid') ?? undefined)
    : undefined;
}
