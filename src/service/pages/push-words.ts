import type { PushWords } from '../login/index.ts';

/** The account does not know the person's language before they answer, so it speaks both. */
export const pushWords: PushWords = {
  confirm: (url) => `登录确认 / Confirm your login:\n${url}`,
  over: '二维码已过期，请刷新后重试。 / The code has run out. Please get a new one.',
  taken: '该二维码已被他人扫描。 / Somebody else scanned this code first.',
};
