import { request, WebSocket } from 'undici';
import type { ShownCode, Visit } from './visit.ts';
import { pause } from './visit.ts';

/** What the page learns of its login. */
export interface Status {
  readonly state: string;
  readonly version: number;
  readonly over: boolean;
  readonly claimable: boolean;
}

type Follow = (visit: Visit, code: ShownCode, signal: AbortSignal) => AsyncGenerator<Status>;

/** After so many failures in a row the page gives up. */
const PATIENCE = 5;

/**
 * Follows a login as the page does, over the transport of the plan, and begins anew when a
 * connection breaks. @returns the last status, undefined when the page lost sight of its login
 */
export async function followLogin(
  visit: Visit,
  code: ShownCode,
  options: { readonly signal: AbortSignal; readonly until: (status: Status) => boolean },
): Promise<Status | undefined> {
  const { signal, until } = options;
  let failures = 0;
  while (!signal.aborted && failures < PATIENCE) {
    try {
      for await (const status of FOLLOW[visit.plan.transport](visit, code, signal)) {
        failures = 0;
        if (status.over || until(status)) return status;
      }
    } catch {
      // Broken off: the same as ended.
    }
    failures++;
    await pause(visit, 1000, signal);
  }
  return undefined;
}

const FOLLOW: Record<Visit['plan']['transport'], Follow> = {
  async *short(visit, code, signal) {
    for (;;) {
      const answer = await visit.browser.ask(statusUrl(visit, code), signal);
      if (answer.status === 200) yield JSON.parse(answer.text) as Status;
      else if (answer.status !== 429) throw new Error(`status: ${answer.status}`);
      await new Promise((resolve) => setTimeout(resolve, code.pollIntervalMs));
      if (signal.aborted) return;
    }
  },

  async *long(visit, code, signal) {
    for (let version = 0; ; ) {
      const url = `${statusUrl(visit, code)}/long?version=${version}`;
      const answer = await visit.browser.ask(url, signal);
      if (answer.status !== 200) throw new Error(`status: ${answer.status}`);
      const status = JSON.parse(answer.text) as Status;
      version = status.version;
      yield status;
    }
  },

  async *stream(visit, code, signal) {
    const { statusCode, body } = await request(`${statusUrl(visit, code)}/stream`, {
      dispatcher: visit.dispatcher,
      headers: { ...visit.browser.headers(), accept: 'text/event-stream' },
      signal,
    });
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(`status: ${statusCode}`);
    }
    let text = '';
    for await (const chunk of body) {
      text += chunk;
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (data !== undefined) yield JSON.parse(data) as Status;
      }
    }
  },

  async *socket(visit, code, signal) {
    const socket = new WebSocket(`${statusUrl(visit, code).replace(/^http/, 'ws')}/socket`, {
      headers: visit.browser.headers(),
    });
    const waiting: Status[] = [];
    let closed = false;
    let wake = () => {};
    socket.addEventListener('message', ({ data }) => {
      waiting.push(JSON.parse(String(data)) as Status);
      wake();
    });
    const end = () => {
      closed = true;
      wake();
    };
    socket.addEventListener('close', end);
    socket.addEventListener('error', end);
    signal.addEventListener('abort', end, { once: true });
    try {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift() as Status;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      socket.close();
    }
  },
};

function statusUrl(visit: Visit, code: ShownCode): string {
  return `${visit.site.url}/qr/${code.id}/status`;
}
