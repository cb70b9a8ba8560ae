/** A request as access logs and proxies write it. */
export interface AccessLine {
  readonly method: string;
  /** Path without query; of an absolute URL, its path. */
  readonly path: string;
  /** Three digits, where the line gives them. */
  readonly status: string | undefined;
  /** Where method and URL stand in the text. */
  readonly start: number;
  readonly end: number;
}

const REQUEST =
  /\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b["'\s:]{1,3}(?:https?:\/\/[^\s/"'?#]{1,255})?(\/[^\s"'?#<>\\]{0,1024})([^\s"'<>]{0,4096})/;
const STATUS_AFTER =
  /^(?:\s+HTTP\/[\d.]{1,3})?["']?(?:\s*(?:-+>?|=>|→|\|)\s*|\s+)(?:(?:returned|responded|status(?:\s?code)?|with|code)[\s:=]*)*([1-5]\d\d)(?![\d.\w])/;
const STATUS_NAMED =
  /\b(?:status(?:[_ ]?code)?|response[_ ]code|http[_ ]?status|responded(?: with)?|returned|completed(?: with)?)["']?[\s:=：]{1,3}["']?([1-5]\d\d)(?![\d.\w])/i;
/** `| 200 |` before the request, as Gin prints it. */
const STATUS_BEFORE = /\|\s{0,3}([1-5]\d\d)\s{0,3}\|/;

/** Finds the first request in a text; undefined when the text tells of none. */
export function readAccessLine(text: string): AccessLine | undefined {
  const request = REQUEST.exec(text);
  if (request === null) return undefined;
  const start = request.index;
  const end = start + request[0].length;
  const after = text.slice(end, end + 400);
  const status =
    STATUS_AFTER.exec(after)?.[1] ??
    STATUS_NAMED.exec(after)?.[1] ??
    STATUS_BEFORE.exec(text.slice(0, start))?.[1];
  return { method: request[1], path: request[2], status, start, end };
}
