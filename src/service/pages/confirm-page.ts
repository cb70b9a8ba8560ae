import type { LoginFlow } from '../login-flow/index.ts';
import { html } from './html.ts';
import { type PageContext, page } from './layout.ts';
import { timeElement } from './time.ts';
import { WORDS } from './words.ts';

export interface ConfirmPage extends PageContext {
  readonly flow: LoginFlow;
  /** The one-time secret of the link; whoever holds it decides. */
  readonly token: string;
}

/**
 * Says what is being confirmed: a code that a stranger sent shows another device, place and time
 * than the person expects.
 */
export function confirmPage(context: ConfirmPage): string {
  const { lang, config, flow, token } = context;
  const words = WORDS[lang];
  return page(context, {
    title: words.confirmTitle,
    body: html`<h1>${words.confirmTitle}</h1>
<p>${words.confirmAsk}</p>
<dl>
<dt>${words.app}</dt><dd>${config.SERVICE_NAME}</dd>
<dt>${words.device}</dt><dd>${flow.device}</dd>
<dt>${words.place}</dt><dd>${flow.address}</dd>
<dt>${words.time}</dt><dd>${timeElement(new Date(flow.createdAtMs))}</dd>
</dl>
<p class="notice">${words.confirmWarning}</p>
<form method="post" action="/confirm?lang=${lang}" class="choices">
<input type="hidden" name="token" value="${token}">
<button name="decision" value="confirm" class="primary">${words.confirm}</button>
<button name="decision" value="cancel">${words.cancel}</button>
</form>`,
  });
}

export function decidedPage(context: PageContext & { readonly cancelled: boolean }): string {
  const words = WORDS[context.lang];
  const text = context.cancelled ? words.cancelled : words.confirmed;
  return page(context, {
    title: words.title,
    body: html`<h1>${words.title}</h1>
<p role="status" id="decided">${text}</p>`,
  });
}
