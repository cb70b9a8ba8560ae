import { html } from './html.ts';
import { type PageContext, page } from './layout.ts';
import { WORDS } from './words.ts';

export interface NoticePage extends PageContext {
  readonly status: number;
  readonly code: string;
}

/** What a person sees of an error: what to do, not what broke. */
export function noticePage(context: NoticePage): string {
  const words = WORDS[context.lang];
  return page(context, {
    title: words.noticeTitle,
    body: html`<h1>${words.noticeTitle}</h1>
<p class="notice" role="alert" data-code="${context.code}">${words.notices[context.code] ?? words.otherNotice}</p>
<p><a href="/login?lang=${context.lang}">${words.tryAgain}</a></p>`,
  });
}
