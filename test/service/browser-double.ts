import type { FastifyInstance, LightMyRequestResponse } from 'fastify';

/** What `POST /qr` answers, as far as tests look. */
export interface ShownCode {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly authorizeUrl?: string;
  readonly qrText?: string;
  readonly qrSvg?: string;
}

/** A browser without a window: keeps cookies, knows its CSRF token, follows no redirects. */
export class BrowserDouble {
  readonly cookies = new Map<string, string>();
  readonly #app: FastifyInstance;
  csrf = '';

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.#keep(await this.#app.inject({ url, headers: this.#headers(headers) }));
  }

  async post(
    url: string,
    payload: object = {},
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> {
    return this.#keep(
      await this.#app.inject({
        method: 'POST',
        url,
        payload,
        headers: this.#headers({
          'sec-fetch-site': 'same-origin',
          'x-csrf-token': this.csrf,
          ...headers,
        }),
      }),
    );
  }

  /** Opens the login page, as every login begins. */
  async open(): Promise<this> {
    const page = await this.get('/login', { accept: 'text/html' });
    this.csrf = /name="csrf-token" content="([^"]+)"/.exec(page.body)?.[1] ?? '';
    return this;
  }

  async show(kind: 'website' | 'official_account'): Promise<ShownCode> {
    const response = await this.post('/qr', { kind });
    if (response.statusCode !== 201) throw new Error(`${response.statusCode} ${response.body}`);
    return response.json<ShownCode>();
  }

  async status(id: string): Promise<Record<string, unknown>> {
    return (await this.get(`/qr/${id}/status`)).json<Record<string, unknown>>();
  }

  /** For requests made elsewhere, such as a WebSocket. */
  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #headers(headers: Record<string, string>): Record<string, string> {
    const all = { cookie: this.cookieHeader(), ...headers };
    // An empty header is one not sent.
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  }

  #keep(response: LightMyRequestResponse): LightMyRequestResponse {
    for (const { name, value, maxAge, expires } of response.cookies) {
      const gone = maxAge === 0 || (expires !== undefined && expires.getTime() <= Date.now());
      if (gone) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}
