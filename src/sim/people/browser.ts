import { randomBytes } from 'node:crypto';
import { type Agent, request } from 'undici';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

export interface BrowserOptions {
  readonly dispatcher: Agent;
  /** The client's address, as the balancer is told. */
  readonly address: string;
  /** Told of each request's trace before it is sent. */
  readonly onTrace: (traceId: string) => void;
  /** Told of what it is given to keep. */
  readonly onSecret: (value: string) => void;
}

/** A browser without a window: keeps cookies, follows no redirects by itself. */
export interface Browser {
  /** Opens a page. */
  page(url: string, signal?: AbortSignal): Promise<Answer>;
  /** What a script of the page asks. */
  ask(url: string, signal?: AbortSignal): Promise<Answer>;
  /** What a script of the page sends. */
  send(url: string, body: object): Promise<Answer>;
  /** Headers for connections that the browser does not read by itself. */
  headers(): Record<string, string>;
  keepCsrf(token: string): void;
  hasCookie(name: string): boolean;
  /** As if it had never been here. */
  dropCookies(): void;
}

const USER_AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1 Version/17.5 Safari/605.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
];

export function createBrowser(options: BrowserOptions): Browser {
  const { dispatcher, address, onTrace, onSecret } = options;
  const cookies = new Map<string, string>();
  const userAgent = USER_AGENTS[address.length % USER_AGENTS.length] as string;
  let csrf = '';

  function headers(): Record<string, string> {
    const traceId = randomBytes(16).toString('hex');
    onTrace(traceId);
    return {
      // The first hop of a request begins its trace.
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
      'x-forwarded-for': address,
      'user-agent': userAgent,
      'sec-fetch-site': 'same-origin',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    };
  }

  function keep(setCookie: string | string[] | undefined): void {
    for (const line of [setCookie ?? []].flat()) {
      const [pair, ...attributes] = line.split(';');
      const [name, value] = (pair as string).split('=', 2) as [string, string];
      if (attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute)) || value === '') {
        cookies.delete(name);
      } else {
        cookies.set(name, value);
        onSecret(decodeURIComponent(value));
      }
    }
  }

  async function fetch(url: string, more: object, extra: Record<string, string>): Promise<Answer> {
    const response = await request(url, {
      dispatcher,
      headers: { ...headers(), ...extra },
      ...more,
    });
    const { location } = response.headers;
    keep(response.headers['set-cookie']);
    return {
      status: response.statusCode,
      location: location === undefined ? undefined : new URL(String(location), url).toString(),
      text: await response.body.text(),
    };
  }

  return {
    page: (url, signal) => fetch(url, { signal }, { accept: 'text/html' }),
    ask: (url, signal) => fetch(url, { signal }, { accept: 'application/json' }),
    send: (url, body) =>
      fetch(
        url,
        { method: 'POST', body: JSON.stringify(body) },
        {
          accept: 'application/json, text/html',
          'content-type': 'application/json',
          'x-csrf-token': csrf,
        },
      ),
    headers,
    keepCsrf(token) {
      csrf = token;
      onSecret(token);
    },
    hasCookie: (name) => cookies.has(name),
    dropCookies: () => cookies.clear(),
  };
}
