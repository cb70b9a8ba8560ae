import { type Html, html, jsonElement } from './html.ts';
import { type PageContext, page } from './layout.ts';
import { WORDS, type Words } from './words.ts';

export interface LoginPage extends PageContext {
  readonly csrf: string;
  /** The user came back from refusing the login. */
  readonly denied: boolean;
}

export function loginPage(context: LoginPage): string {
  const { lang, config, csrf, denied } = context;
  const words = WORDS[lang];
  const kinds = [
    ...(config.officialAccount ? [kindButton('official_account', words.officialAccount)] : []),
    ...(config.website ? [kindButton('website', words.website)] : []),
  ];
  return page(context, {
    title: words.title,
    head: html`<meta name="csrf-token" content="${csrf}">
<script type="module" src="/assets/login.js"></script>
${jsonElement('settings', {
  words,
  wechatOrigin: config.WECHAT_OPEN_URL.origin,
  phone: config.SIMULATED_PHONE_URL?.toString(),
})}`,
    body: html`<h1>${words.logIn}</h1>
${denied ? html`<p class="notice" role="status">${words.denied}</p>` : undefined}
<p>${words.scanWithWechat}</p>
<noscript><p class="notice">${words.needsScript}</p></noscript>
<div class="kinds" role="group" aria-label="${words.scanWithWechat}">${kinds}</div>
<div class="place">
<button type="button" id="refresh" class="primary" hidden>${words.newCode}</button>
<div id="code"></div>
</div>
<p id="state" class="state" role="status" aria-live="polite"></p>
<p id="left" class="left" aria-hidden="true"></p>
<p><a id="phone" hidden target="_blank" rel="noopener">${words.openPhone}</a></p>
<p class="aside"><label for="transport">${words.transport}</label> <select id="transport">${transports(words)}</select></p>`,
  });
}

function kindButton(kind: string, label: string): Html {
  return html`<button type="button" data-kind="${kind}" aria-pressed="false">${label}</button>`;
}

function transports(words: Words): readonly Html[] {
  return Object.entries(words.transports).map(
    ([name, label]) => html`<option value="${name}">${label}</option>`,
  );
}
