import type { FastifyError } from 'fastify';
import { LoginFailed, LoginRefused, type RefusedBecause } from '../login/index.ts';
import { RiskDenied, RiskUnknown } from '../risk/risk-client.ts';
import { DatabaseError, PoolTimeout, StateStoreError } from '../store/index.ts';
import { UnansweredCall, UnreadableAnswer, WechatError } from '../wechat/index.ts';

/** What a client is told of an error: a status and a word, never the reason behind it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
}

const REFUSALS: Record<RefusedBecause, number> = {
  denied: 403,
  state: 400,
  unknown_flow: 404,
  not_confirmed: 409,
  not_configured: 404,
  credentials: 401,
  token: 401,
  decided: 410,
};

export function problemOf(error: unknown): Problem {
  if (error instanceof LoginRefused)
    return { status: REFUSALS[error.because], code: error.because };
  if (error instanceof LoginFailed) return { ...problemOf(error.cause), code: 'login_failed' };
  if (error instanceof UnansweredCall) {
    return { status: error.code === 'TimeoutError' ? 504 : 502, code: 'wechat' };
  }
  if (error instanceof WechatError) {
    return { status: error.kind === 'code' ? 400 : 502, code: 'wechat' };
  }
  if (error instanceof UnreadableAnswer) return { status: 502, code: 'wechat' };
  if (
    error instanceof DatabaseError ||
    error instanceof PoolTimeout ||
    error instanceof StateStoreError
  ) {
    return { status: 503, code: 'unavailable' };
  }
  if (error instanceof RiskDenied) return { status: 403, code: 'risk' };
  if (error instanceof RiskUnknown) {
    return { status: error.code === 'DEADLINE_EXCEEDED' ? 504 : 503, code: 'unavailable' };
  }
  const { statusCode = 500, code } = error as FastifyError;
  if (statusCode < 500 || statusCode === 503) {
    return { status: statusCode, code: String(code ?? 'bad_request').toLowerCase() };
  }
  return { status: 500, code: 'internal' };
}
