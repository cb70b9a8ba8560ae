import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '../../src/normalise/words.ts';
import { runs } from '../fuzz.ts';

test.each([
  ['Login success', ' login success '],
  ['loginSuccess', ' login success '],
  ['LOGIN_SUCCESS', ' login success '],
  ['login-success!', ' login success '],
  ['wechat.login.qr.scanned', ' wechat login qr scanned '],
  ['getQRCode', ' get qrcode '],
  ['QRCode created', ' qrcode created '],
  ['  two   words ', ' two words '],
  ['换取access_token成功', ' 换取 access token 成功 '],
  ['二维码（已过期），请刷新', ' 二维码 已过期 请刷新 '],
  ['用户OAuth回调', ' 用户 oauth 回调 '],
  ['café déjà vu', ' café déjà vu '],
  ['user 17 saved in 3ms', ' user 17 saved in 3ms '],
  ['login failed: EOF\n\tat com.example.QrPoller.poll', ' login failed eof '],
  ['', ' '],
  ['。。。', ' '],
])('%j → %j', (text, words) => {
  expect(wordsOf(text)).toBe(words);
});

test('words have blanks around them and between them, and no others', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
      const words = wordsOf(text);
      expect(words).toMatch(/^ (?:[^ ]+ )*$/);
      expect(words).not.toMatch(/[A-Z]/);
    }),
    { numRuns: runs(500) },
  );
});
