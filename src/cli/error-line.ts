import type { InputError } from '../model/index.ts';
import { visible } from '../report/index.ts';

/** `scanlens: message (place); hint`, one line whatever the user or the file system put in it. */
export function errorLine({ message, at, hint }: InputError): string {
  const place = at === undefined ? '' : ` (${at})`;
  const advice = hint === undefined ? '' : `; ${hint}`;
  return `scanlens: ${oneLine(`${message}${place}${advice}`)}\n`;
}

export function noticeLine(text: string): string {
  return `scanlens: ${oneLine(text)}\n`;
}

/** File names and arguments may hold what would rewrite the terminal. */
function oneLine(text: string): string {
  return visible(text.replace(/\s*\n\s*/g, ' '));
}
