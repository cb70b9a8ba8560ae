import type { Config } from '../config/index.ts';
import { type Html, html } from './html.ts';
import type { Language } from './language.ts';
import { WORDS } from './words.ts';

/** What every page is made from. */
export interface PageContext {
  readonly lang: Language;
  readonly config: Config;
}

export function page(
  { lang }: PageContext,
  parts: { readonly title: string; readonly body: Html; readonly head?: Html },
): string {
  const other = lang === 'en' ? 'zh' : 'en';
  return html`<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${parts.title}</title>
<link rel="stylesheet" href="/assets/style.css">
<link rel="icon" href="data:,">
${parts.head}
</head>
<body>
<main>
${parts.body}
</main>
<footer><a href="?lang=${other}" lang="${other}">${WORDS[lang].otherLanguage}</a></footer>
</body>
</html>
`.text;
}
