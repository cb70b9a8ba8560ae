import { RiskUnknown } from '../risk/risk-client.ts';
import { DatabaseError, PoolTimeout, StateStoreError } from '../store/index.ts';
import { UnansweredCall, UnreadableAnswer, WechatError } from '../wechat/index.ts';
import { redactText } from './redaction.ts';

/** What logs and spans say of an error, under OpenTelemetry's names. */
export type ErrorFacts = Readonly<Record<string, string | number>>;

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** The facts and never the cause: to name that is for whoever reads all the lines. */
export function factsOf(error: unknown): ErrorFacts {
  const message = error instanceof Error ? error.message : String(error);
  const common = { 'error.type': typeOf(error), 'error.message': redactText(message) };
  if (error instanceof WechatError) {
    return {
      ...common,
      'service.peer.name': 'wechat',
      'wechat.errcode': error.errcode,
      ...(error.rid !== undefined && { 'wechat.rid': error.rid }),
    };
  }
  if (error instanceof UnreadableAnswer) {
    return {
      ...common,
      'service.peer.name': 'wechat',
      'http.response.status_code': error.status,
    };
  }
  if (error instanceof UnansweredCall) return { ...common, 'service.peer.name': 'wechat' };
  if (error instanceof DatabaseError || error instanceof PoolTimeout) {
    const code = error instanceof DatabaseError ? error.code : undefined;
    return {
      ...common,
      'service.peer.name': 'postgresql',
      ...(code !== undefined && SQLSTATE.test(code) && { 'db.response.status_code': code }),
    };
  }
  if (error instanceof StateStoreError) return { ...common, 'service.peer.name': 'redis' };
  if (error instanceof RiskUnknown) return { ...common, 'service.peer.name': 'risk' };
  return common;
}

/** A low-cardinality name: the error's code where it has one, else its class. */
export function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof UnansweredCall) return error.code;
  if (error instanceof StateStoreError || error instanceof RiskUnknown) return error.code;
  return error.name;
}
