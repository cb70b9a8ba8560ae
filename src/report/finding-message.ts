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
  shared_carrier: (subject) => ({
    en: `one ${subject} runs through many logins, as of a batch job or a proxy: it was not used to tie lines together`,
    zh: `同一个 ${subject} 贯穿多次登录（如批处理或代理）：未用它关联日志`,
  }),
};

function plain(kind: string, subject: string, count: number): Bilingual {
  const text = `${kind.replaceAll('_', ' ')}: ${subject} (${count})`;
  return { en: text, zh: text };
}
