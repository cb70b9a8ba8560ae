import type { Bilingual, Finding, Rule } from '../model/index.ts';

/** What a finding means, for people. */
export function findingMessage(
  { kind, subject, count }: Finding,
  rules: ReadonlyMap<string, Rule>,
): Bilingual {
  const known = Object.hasOwn(MESSAGES, kind) ? MESSAGES[kind] : undefined;
  if (known !== undefined) return known(subject);
  return rules.get(subject)?.title ?? rules.get(kind)?.title ?? plain(kind, subject, count);
}

const MESSAGES: Readonly<Record<string, (subject: string) => Bilingual>> = {
  constant_id: (subject) =>
    subject === 'login.state'
      ? {
          en: 'one login.state serves many logins: it protects none of them against forged callbacks, and ties no lines together',
          zh: '多次登录共用同一个 login.state：无法防范伪造回调，也不能用来关联日志',
        }
      : {
          en: `one ${subject} serves many logins: it was not used to tie lines together`,
          zh: `多次登录共用同一个 ${subject}：未用它关联日志`,
        },
  no_return: () => ({
    en: 'no login got beyond its QR code: either these logs leave out scans and callbacks, or WeChat shows an error in place of the code, as 10003 where the domain of redirect_uri is not the one set on its platform',
    zh: '没有一次登录走过二维码这一步：可能是日志缺少扫码与回调，也可能是微信页面报错而不显示二维码，如 redirect_uri 域名与后台配置不符时的 10003',
  }),
  shared_carrier: (subject) => ({
    en: `one ${subject} runs through many logins, as of a batch job or a proxy: it was not used to tie lines together`,
    zh: `同一个 ${subject} 贯穿多次登录（如批处理或代理）：未用它关联日志`,
  }),
};

function plain(kind: string, subject: string, count: number): Bilingual {
  const text = `${kind.replaceAll('_', ' ')}: ${subject} (${count})`;
  return { en: text, zh: text };
}
