import type { TextField, TextStart } from './text-field.ts';

const TIME_AND_LEVEL =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)|\d\.\d{1,20}e\+09)\t(DEBUG|INFO|WARN|ERROR|DPANIC|PANIC|FATAL|debug|info|warn|error|dpanic|panic|fatal)\t/;
const CALLER = /^[\w./@-]{1,256}\.go:\d{1,7}$/;
const NAME = /^[\w.-]{1,128}$/;

/** Reads zap's console encoding: columns with tabs between them, the fields as JSON in the last. */
export function readZapConsole(text: string): TextStart | undefined {
  const head = TIME_AND_LEVEL.exec(text);
  if (head === null) return undefined;
  const [whole, time, level] = head;
  const fields: TextField[] = [
    { name: 'ts', start: 0, end: time!.length },
    { name: 'level', start: time!.length + 1, end: time!.length + 1 + level!.length },
  ];
  let at = whole.length;
  let column = columnEnd(text, at);
  if (column < text.length && NAME.test(text.slice(at, column)) && isCallerNext(text, column + 1)) {
    fields.push({ name: 'logger', start: at, end: column });
    at = column + 1;
    column = columnEnd(text, at);
  }
  if (CALLER.test(text.slice(at, column))) {
    fields.push({ name: 'caller', start: at, end: column });
    at = Math.min(column + 1, text.length);
  }
  const last = text.lastIndexOf('\t{');
  const hasJson = last >= at && text.trimEnd().endsWith('}');
  return {
    form: 'zap-console',
    fields,
    message: at,
    ...(hasJson ? { messageEnd: last, json: last + 1 } : {}),
    goesOn: 'always',
  };
}

function columnEnd(text: string, from: number): number {
  const tab = text.indexOf('\t', from);
  return tab === -1 ? text.length : tab;
}

function isCallerNext(text: string, from: number): boolean {
  return CALLER.test(text.slice(from, columnEnd(text, from)));
}
