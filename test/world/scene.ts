import type { IdNamespace } from '../../src/model/index.ts';
import type { Happening, Ids, Person, Request, RouteName, Upstream } from './happening.ts';
import { uuid, wechatTicket } from './ids.ts';
import type { Rng } from './rng.ts';
import type { Role } from './service.ts';
import type { LoginKind, Stack } from './stack.ts';

/** A happening in its place: when, in which service, with which ids at hand. */
export interface Scheduled {
  readonly what: Happening;
  readonly atMs: number;
  readonly role: Role;
  readonly request: Request;
  readonly ids: Ids;
  /** Ids that this line carries beyond its service's habit. */
  readonly also: readonly IdNamespace[];
}

/** The stage on which one login is played. Plots move its clock and tell what happens. */
export class Scene {
  readonly rng: Rng;
  readonly stack: Stack;
  readonly kind: LoginKind;
  readonly person: Person;
  readonly appId: string;
  readonly scheduled: Scheduled[] = [];
  /** Lines that settle how the login ended; none when only lasting silence does. */
  readonly settledBy: Set<Scheduled> = new Set();
  nowMs: number;
  #ids: Ids;
  #request: Request;
  #openedMs: number;

  constructor(options: {
    rng: Rng;
    stack: Stack;
    kind: LoginKind;
    person: Person;
    appId: string;
    startMs: number;
    constantState: string | undefined;
  }) {
    const { rng, stack, kind } = options;
    this.rng = rng;
    this.stack = stack;
    this.kind = kind;
    this.person = options.person;
    this.appId = options.appId;
    this.nowMs = options.startMs;
    const flowId = stack.mint.flowId?.(rng);
    const own: Ids =
      kind === 'website'
        ? {
            'login.qrcode_id': stack.mint.qrcodeId(rng),
            'login.state': options.constantState ?? stack.mint.state(rng),
          }
        : { 'login.ticket': wechatTicket(rng), 'login.scene': stack.mint.scene(rng) };
    this.#ids = flowId === undefined ? own : { 'login.flow.id': flowId, ...own };
    this.#openedMs = this.nowMs;
    this.#request = this.#newRequest('issue', []);
  }

  get ids(): Ids {
    return this.#ids;
  }

  learn(ids: Ids): void {
    this.#ids = { ...this.#ids, ...ids };
  }

  /** From here on the browser brings no such id along. */
  forget(namespace: IdNamespace): void {
    const { [namespace]: _, ...rest } = this.#ids;
    this.#ids = rest;
  }

  /** Lets about `medianMs` pass. */
  pass(medianMs: number, sigma = 0.5): void {
    this.nowMs += Math.max(0.2, this.rng.logNormal(medianMs, sigma));
  }

  /** A request comes in, under a trace of its own; `query` names the ids in its URL. */
  open(route: RouteName, query: readonly IdNamespace[] = []): void {
    this.#openedMs = this.nowMs;
    this.#request = this.#newRequest(route, query);
    this.nowMs += this.rng.between(0.5, 3);
  }

  get request(): Request {
    return this.#request;
  }

  /** Goes on within a request that another had overlapped. */
  resume(request: Request): void {
    this.#request = request;
  }

  #newRequest(route: RouteName, query: readonly IdNamespace[]): Request {
    return {
      route,
      traceId: this.rng.hex(32),
      spanId: this.rng.hex(16),
      requestId: this.rng.chance(0.5) ? this.rng.hex(32) : uuid(this.rng),
      query: Object.fromEntries(
        query.flatMap((namespace) => {
          const id = this.#ids[namespace];
          return id === undefined ? [] : [[namespace, id]];
        }),
      ),
    };
  }

  tell(what: Happening, also: readonly IdNamespace[] = []): void {
    this.scheduled.push({
      what,
      atMs: this.nowMs,
      role: roleOf(what, this.#request.route),
      request: this.#request,
      ids: this.#ids,
      also,
    });
    this.nowMs += this.rng.between(0.05, 0.6);
  }

  /** The response goes out; the proxy logs it if the stack has one. */
  respond(status: number, upstream: Upstream = 'answered'): void {
    this.nowMs += this.rng.between(0.3, 1.5);
    if (this.stack.services.gateway === undefined) return;
    this.tell({ kind: 'access', status, durationMs: this.nowMs - this.#openedMs, upstream });
  }

  /** The line just told settles how the login ended. */
  settle(): void {
    const last = this.scheduled.at(-1);
    if (last !== undefined) this.settledBy.add(last);
  }
}

/** Which service speaks of a happening. */
export function roleOf(what: Happening, route: RouteName): Role {
  if (what.kind === 'access') return 'gateway';
  if (what.kind === 'persisted') return 'account';
  if ('stage' in what && what.stage === 'persist') return 'account';
  if (what.kind === 'driver' && what.trouble.kind.startsWith('db_')) return 'account';
  return route === 'callback' || route === 'webhook' ? 'callback' : 'login';
}
