import type { InputError } from '../model/index.ts';

/** `scanlens: message (place); hint`, one line whatever the user or the file system put in it. */
export function errorLine({ message, at, hint }: InputError): string {
  const place = at === undefined ? '' : ` (${at})`;
  const advice = hint === undefined ? '' : `; ${hint}`;
  return `scanlens: ${oneLine(`${message}${place}${advice}`)}\n`;
}

export function noticeLine(text: string): string {
  return `scanlens: ${oneLine(text)}\n`;
}

/** Control characters and direction marks could rewrite the terminal: file names may hold them. */
function oneLine(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
