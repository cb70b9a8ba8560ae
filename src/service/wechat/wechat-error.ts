import { meaningOf } from './errcode.ts';

const RID = /rid: ([\w-]+)/;

/** WeChat answered, in the body of an HTTP 200, that it will not. */
export class WechatError extends Error {
  readonly errcode: number;
  /** The id under which WeChat's support finds the call. */
  readonly rid: string | undefined;

  constructor(errcode: number, errmsg: string) {
    super(`${errcode} ${errmsg}`);
    this.name = 'WechatError';
    this.errcode = errcode;
    this.rid = RID.exec(errmsg)?.[1];
  }

  get kind() {
    return meaningOf(this.errcode).kind;
  }
}

/** WeChat, or something in its place, answered what cannot be read. */
export class UnreadableAnswer extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = 'UnreadableAnswer';
    this.status = status;
  }
}

/** No whole answer came: the network, or the time. */
export class UnansweredCall extends Error {
  /** Of the system or undici, such as `ECONNRESET` or `UND_ERR_SOCKET`, else `TimeoutError`. */
  readonly code: string;

  /** @param call host and path; never the query, which holds secrets */
  constructor(call: string, cause: Error & { code?: unknown; errors?: readonly Error[] }) {
    // An attempt on several addresses says nothing itself; its parts do.
    const message = cause.message || cause.errors?.map((error) => error.message).join('; ');
    super(`${call}: ${message}`, { cause });
    this.name = 'UnansweredCall';
    this.code = typeof cause.code === 'string' ? cause.code : cause.name;
  }
}

/**
 * True where WeChat cannot have seen the request, so that even a one-time code is still whole.
 */
export function neverArrived(error: unknown): boolean {
  return error instanceof UnansweredCall && NEVER_LEFT.includes(error.code);
}

const NEVER_LEFT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];
