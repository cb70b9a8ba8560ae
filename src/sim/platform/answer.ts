/** What a host answers, before anything puts it on a wire. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** The API answers JSON and calls it plain text. */
export function json(value: unknown): Answer {
  return { status: 200, type: 'text/plain', body: JSON.stringify(value) };
}

export function page(body: string, status = 200): Answer {
  return { status, type: 'text/html; charset=utf-8', body };
}
