import type { Profile } from '../store/index.ts';
import { type Html, html } from './html.ts';
import { type PageContext, page } from './layout.ts';
import { timeElement } from './time.ts';
import { WORDS } from './words.ts';

export interface ProfilePage extends PageContext {
  readonly profile: Profile;
  readonly csrf: string;
}

export function profilePage(context: ProfilePage): string {
  const { lang, config, profile, csrf } = context;
  const words = WORDS[lang];
  const post = (action: string, label: string): Html =>
    html`<form method="post" action="${action}"><input type="hidden" name="_csrf" value="${csrf}"><button>${label}</button></form>`;
  return page(context, {
    title: words.profile,
    body: html`<h1>${words.profile}</h1>
<dl>
<dt>${words.user}</dt><dd id="user">${profile.userId}</dd>
<dt>${words.name}</dt><dd id="name">${profile.nickname ?? profile.username ?? words.unnamed}</dd>
<dt>${words.lastLogin}</dt><dd>${timeElement(new Date(profile.lastLogin))}</dd>
</dl>
${config.KEEP_WECHAT_TOKENS ? post('/profile/renew', words.renew) : undefined}
${post('/logout', words.logOut)}`,
  });
}
