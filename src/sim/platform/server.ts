import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, json, page } from './answer.ts';
import { qrImage } from './markup.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { pressPhone, showPhone } from './phone.ts';
import { createPlatform, type Platform, type PlatformOptions } from './platform.ts';

/** One request, read and understood. */
export interface PlatformCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly address: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Stands between a request and its answer, where faults belong: it may answer itself, break the
 * connection, or let the platform act and spoil what it answers.
 */
export type Intercept = (
  call: PlatformCall,
  proceed: () => Promise<Answer>,
) => Promise<Answer | 'handled'>;

export interface PlatformServer {
  readonly platform: Platform;
  readonly url: string;
  close(): Promise<void>;
}

export interface PlatformServerOptions {
  readonly platform: PlatformOptions;
  readonly host?: string;
  readonly port?: number;
  readonly intercept?: Intercept;
}

const MAX_BODY_BYTES = 64 * 1024;
/** Clients let go first. */
const KEEP_ALIVE_MS = 120_000;

/** All of WeChat's hosts at one address; their paths do not overlap. */
export async function startPlatform(options: PlatformServerOptions): Promise<PlatformServer> {
  const { host = '127.0.0.1', port = 0, intercept = (_call, proceed) => proceed() } = options;
  let url = '';
  const platform = createPlatform(options.platform, () => url);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, async (request, response) => {
    try {
      const call = await read(request, response);
      const answer = await intercept(call, () => answerOf(platform, call));
      if (answer !== 'handled') send(response, answer);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    platform,
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Writes an answer out. Faults that spoil one use it too. */
export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-type': answer.type });
  response.end(answer.body);
}

async function answerOf(platform: Platform, call: PlatformCall): Promise<Answer> {
  const { query, address } = call;
  const { sns, cgiBin, connect } = platform;
  switch (`${call.method} ${call.path}`) {
    case 'GET /connect/qrconnect':
      return connect.qrconnect(query);
    case 'GET /connect/l/qrconnect':
      return poll(platform, query);
    case 'GET /connect/page.js':
      return { status: 200, type: 'text/javascript', body: PAGE_SCRIPT };
    case 'GET /sns/oauth2/access_token':
      return sns.accessToken(query);
    case 'GET /sns/oauth2/refresh_token':
      return sns.refreshToken(query);
    case 'GET /sns/userinfo':
      return sns.userinfo(query);
    case 'GET /sns/auth':
      return sns.auth(query);
    case 'GET /cgi-bin/token':
      return cgiBin.token(query, address);
    case 'POST /cgi-bin/stable_token':
      return cgiBin.stableToken(bodyOf(call), address);
    case 'POST /cgi-bin/qrcode/create':
      return cgiBin.createQr(query, bodyOf(call));
    case 'GET /cgi-bin/user/info':
      return cgiBin.userInfo(query);
    case 'GET /cgi-bin/showqrcode':
      return image(cgiBin.ticket(query.ticket)?.url);
    case 'GET /phone':
      return showPhone(query.scan ?? '');
    case 'POST /phone':
      return pressPhone(platform, new URLSearchParams(call.body));
    default:
      return page('<p>404</p>', 404);
  }
}

/** `f=json` is a variant the vendor does not document; the redirect in it is the simulator's. */
async function poll(platform: Platform, query: PlatformCall['query']): Promise<Answer> {
  const last = query.last === undefined ? undefined : Number(query.last);
  const { wxErrcode, wxCode } = await platform.connect.poll(query.uuid, last);
  if (query.f === 'json') {
    const redirect = platform.connect.redirectOf(query.uuid);
    return json({ wx_errcode: wxErrcode, wx_code: wxCode, ...(redirect && { redirect }) });
  }
  return {
    status: 200,
    type: 'text/javascript',
    body: `window.wx_errcode=${wxErrcode};window.wx_code='${wxCode}';`,
  };
}

function image(text: string | undefined): Answer {
  if (text === undefined) return page('<p>404</p>', 404);
  return { status: 200, type: 'image/svg+xml', body: qrImage(text) };
}

function bodyOf({ body }: PlatformCall): unknown {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

async function read(request: IncomingMessage, response: ServerResponse): Promise<PlatformCall> {
  const url = new URL(request.url ?? '/', 'http://platform');
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new Error('body too large');
    chunks.push(chunk);
  }
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body: Buffer.concat(chunks).toString('utf8'),
    address: request.socket.remoteAddress ?? '',
    request,
    response,
  };
}
