import { visible } from '../visible.ts';

/** Markup that is safe to put on the page as it stands. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | undefined | readonly Part[];

/**
 * Markup with every value made harmless: hidden characters become visible escapes, and signs that
 * mean something in HTML, between tags or in a quoted attribute, become references. `undefined`
 * is nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(
    strings.reduce((text, literal, index) => text + markup(values[index - 1]) + literal),
  );
}

function markup(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(markup).join('');
  return visible(String(part)).replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
