import type { TextField, TextStart } from './text-field.ts';

const PAIR = /([A-Za-z_@][\w.@/-]{0,63})=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=[\s,;]|$)/y;

/** Pairs that many loggers put first on a line of nothing but pairs. */
const FIRST_PAIR = /^(?:time|ts|t|at|timestamp|level|lvl|severity|msg)=/;

/** A line with more pairs is a dump, of which the first are kept. */
const MAX_PAIRS = 128;

/** Reads a line of nothing but `name=value` pairs, as logrus and slog write them. */
export function readLogfmt(text: string): TextStart | undefined {
  if (!FIRST_PAIR.test(text)) return undefined;
  const pairs = pairsFrom(text, 0);
  if (pairs === undefined || pairs.length < 2) return undefined;
  return { form: 'logfmt', fields: pairs, message: text.length, goesOn: 'never' };
}

/** The pairs behind the words of a message, when they go on to the end of the line. */
export function keyValueTail(
  text: string,
  from: number,
): { readonly start: number; readonly fields: readonly TextField[] } | undefined {
  if (!text.includes('=', from)) return undefined;
  for (let tries = 0, at = from; tries < MAX_TRIES; tries += 1) {
    const pair = PAIR_BEGINS.exec(text.slice(at));
    if (pair === null) return undefined;
    const start = at + pair.index + pair[1]!.length;
    const fields = pairsFrom(text, start);
    if (fields !== undefined) return { start: at + pair.index, fields };
    at = start + 1;
  }
  return undefined;
}

/** Words like `state=3` may stand in a sentence; so many are looked past. */
const MAX_TRIES = 4;
const PAIR_BEGINS = /(^|[\s])(?=[A-Za-z_@][\w.@/-]{0,63}=)/;

/** The pairs from a place to the end of the text; undefined when something else stands there. */
function pairsFrom(text: string, from: number): TextField[] | undefined {
  const fields: TextField[] = [];
  let at = from;
  while (at < text.length && fields.length < MAX_PAIRS) {
    PAIR.lastIndex = at;
    const pair = PAIR.exec(text);
    if (pair === null) return undefined;
    const [whole, name, value] = pair;
    const start = at + whole.length - value!.length;
    fields.push(
      value!.startsWith('"')
        ? quoted(name!, value!, start)
        : { name: name!, start, end: start + value!.length },
    );
    at += whole.length;
    while (at < text.length && /[\s,;]/.test(text[at]!)) at += 1;
  }
  return fields;
}

function quoted(name: string, value: string, start: number): TextField {
  const isEscaped = value.includes('\\');
  return { name, start: start + 1, end: start + value.length - 1, isEscaped };
}
