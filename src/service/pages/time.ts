import { type Html, html } from './html.ts';

/** A moment as people read it, to the second, in UTC: the service does not know where they are. */
export function timeElement(moment: Date): Html {
  const iso = moment.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}
