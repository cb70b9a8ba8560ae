import { escapeHtml } from './markup.ts';
import type { Person } from './person.ts';

/** The people whose phones a visitor may hold. */
export const PEOPLE: readonly Person[] = [
  { id: 'xiaoming', nickname: '小明' },
  { id: 'xiaohong', nickname: '小红' },
  { id: 'alex', nickname: 'Alex' },
];

/** What stands on the phone's screen. */
export interface PhoneScreen {
  readonly scan: string;
  readonly person: Person;
  /** Shown above the buttons; links in it can be followed. */
  readonly message: string;
  readonly actions: readonly (readonly [action: string, label: string])[];
}

/** The simulated phone. It works without a script, like a page of WeChat's own browser. */
export function phonePage({ scan, person, message, actions }: PhoneScreen): string {
  const people = PEOPLE.map(
    ({ id, nickname }) =>
      `<option value="${escapeHtml(id)}"${id === person.id ? ' selected' : ''}>${escapeHtml(nickname)}</option>`,
  ).join('');
  const buttons = actions
    .map(([action, label]) => `<button name="action" value="${action}">${label}</button>`)
    .join('\n');
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>模拟手机 Simulated phone</title>
<style>:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}h1{font-size:1.5rem}button,select,input{font:inherit;min-height:2.75rem}input{box-sizing:border-box;width:100%}</style>
<body>
<h1>模拟手机 <span lang="en">Simulated phone</span></h1>
<p id="message" role="status">${linked(message)}</p>
<form method="post" action="/phone">
<p><label for="person">用户 <span lang="en">Person</span></label> <select id="person" name="person">${people}</select></p>
<p><label for="scan">二维码内容 <span lang="en">What the code says</span></label> <input id="scan" name="scan" value="${escapeHtml(scan)}"></p>
${buttons}
</form>
</body>
</html>`;
}

function linked(message: string): string {
  return escapeHtml(message)
    .replace(/https?:\/\/[^\s<>]+/g, (url) => `<a id="link" href="${url}">${url}</a>`)
    .replaceAll('\n', '<br>');
}
