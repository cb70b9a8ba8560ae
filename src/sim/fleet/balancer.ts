import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  Agent,
  request as askUpstream,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Instance } from './instance.ts';
import type { LogFile } from './log-file.ts';

/** One request that a balancer passed on. */
export interface Passage {
  readonly traceId: string;
  readonly instance: string;
  readonly path: string;
  readonly startedMs: number;
  /** Undefined while it is under way; 499 when the client left first. */
  status: number | undefined;
  /** What went wrong between balancer and instance. */
  error: string | undefined;
}

/** Stands in front of a service's instances and gives each request to the next of them. */
export interface Balancer {
  readonly url: string;
  /** Whom requests go to; may change while it runs. */
  route(instances: readonly Instance[]): void;
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 120_000;

/** Hop-by-hop headers (RFC 9110 §7.6.1) belong to one connection. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer'];

/**
 * `turn` is a round robin. `hash` gives each client's requests for one path to one instance: just as
 * many logins change the instance on their way, but which ones does not depend on time.
 */
export type Spread = 'turn' | 'hash';

export interface BalancerListener {
  passed(passage: Passage): void;
  ended(passage: Passage): void;
}

/**
 * A balancer with an access log. Like most, it begins a trace where the client brings none, names
 * each request, tells the instance who asks, and answers 502 for an instance that broke off.
 */
export async function startBalancer(
  log: LogFile,
  spread: Spread,
  listener: BalancerListener,
): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  let instances: readonly Instance[] = [];
  let turn = 0;

  function next(request: IncomingMessage): Instance | undefined {
    turn += 1;
    const place = spread === 'turn' ? turn : hashOf(request);
    return instances[place % Math.max(instances.length, 1)];
  }

  function pass(request: IncomingMessage, upgrade: boolean) {
    const instance = next(request);
    const requestId = randomUUID();
    const traceparent = String(
      request.headers.traceparent ??
        `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
    );
    const passage: Passage = {
      traceId: traceparent.split('-')[1] as string,
      instance: instance?.name ?? '',
      path: (request.url ?? '/').split('?')[0] as string,
      startedMs: Date.now(),
      status: undefined,
      error: undefined,
    };
    listener.passed(passage);
    const headers: OutgoingHttpHeaders = { ...request.headers };
    if (!upgrade) for (const name of OF_THE_CONNECTION) delete headers[name];
    headers.traceparent = traceparent;
    headers['x-request-id'] = requestId;
    headers['x-forwarded-for'] ??= request.socket.remoteAddress;
    const toUpstream =
      instance &&
      askUpstream({
        host: instance.host,
        port: instance.port,
        method: request.method,
        path: request.url,
        headers,
        ...(upgrade ? {} : { agent }),
      });

    function end(status: number, error?: Error): void {
      if (passage.status !== undefined) return;
      passage.status = status;
      listener.ended(passage);
      passage.error = error?.message;
      log.write({
        severity: status >= 500 ? 'ERROR' : 'INFO',
        'event.name': 'http.proxy.request',
        trace_id: passage.traceId,
        request_id: requestId,
        'upstream.pod': passage.instance,
        'http.request.method': request.method,
        'url.path': passage.path,
        'http.response.status_code': status,
        duration_ms: Date.now() - passage.startedMs,
        message: error === undefined ? 'request passed' : wordingOf(error),
      });
    }
    return { toUpstream, end };
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const { toUpstream, end } = pass(request, false);
    function fail(error: Error): void {
      const status = toUpstream === undefined ? 503 : 502;
      end(status, error);
      if (response.headersSent) response.destroy();
      else response.writeHead(status, { 'content-type': 'text/plain' }).end('bad gateway');
    }
    if (toUpstream === undefined) {
      fail(new Error('no live upstreams'));
      return;
    }
    toUpstream.once('response', (answer) => {
      const headers = { ...answer.headers };
      for (const name of OF_THE_CONNECTION) delete headers[name];
      response.writeHead(answer.statusCode as number, headers);
      answer.pipe(response);
      answer.once('error', fail);
      answer.once('end', () => end(answer.statusCode as number));
    });
    toUpstream.once('error', fail);
    response.once('close', () => {
      if (response.writableFinished) return;
      end(499);
      toUpstream.destroy();
    });
    request.pipe(toUpstream);
  }

  // A connection that one side closes while the other begins to use it looks like a fault.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, serve);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const { toUpstream, end } = pass(request, true);
    const leave = (status: number) => (error?: Error) => {
      end(status, error);
      socket.destroy();
    };
    socket.once('error', leave(499));
    if (toUpstream === undefined) return leave(503)(new Error('no live upstreams'));
    toUpstream.once('error', leave(502));
    toUpstream.once('response', ({ statusCode = 502 }) => leave(statusCode)());
    toUpstream.once('upgrade', (answer, upstream) => {
      socket.write(handshakeOf(answer));
      upstream.pipe(socket).pipe(upstream);
      upstream.once('error', leave(502));
      upstream.once('close', () => leave(101)());
      socket.once('close', () => {
        end(101);
        upstream.destroy();
      });
    });
    toUpstream.end(head);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    route(to) {
      instances = to;
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function hashOf({ headers, url = '/' }: IncomingMessage): number {
  const path = (url.split('?')[0] as string).replace(/f-[0-9a-f]+/, '');
  const digest = createHash('sha256').update(`${headers['x-forwarded-for']} ${path}`).digest();
  return digest.readUInt32BE();
}

/** As proxies put it. */
function wordingOf(error: Error & { code?: string }): string {
  if (error.code === 'ECONNREFUSED') return 'connect() failed (111: Connection refused)';
  if (error.code === 'ECONNRESET') return 'upstream prematurely closed connection';
  return error.message;
}

function handshakeOf(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
