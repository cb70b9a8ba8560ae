import { type Attributes, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { LoginKind } from '../login-flow/index.ts';
import { factsOf } from './error-facts.ts';
import { EVENTS, type EventName, PREFIX, type Stage } from './event-table.ts';

export interface EventDetails {
  /** Absent where nobody can know it, as on a push that leads nowhere. */
  readonly flow?: { readonly id: string; readonly kind: LoginKind } | undefined;
  readonly stage?: Stage;
  readonly durationMs?: number;
  readonly error?: unknown;
  /** Further facts under their full names; never a code, state, ticket, token or secret. */
  readonly facts?: Attributes;
}

/** Says what happened, once for the log and once for the trace it happened in. */
export type Recorder = (name: EventName, details?: EventDetails) => void;

/** The end of a login says where, never why; and a code that ran out may have done so by a wrong clock. */
const tellsOfTrouble = (name: EventName): boolean =>
  name === 'qr.expired' || (name !== 'flow.failed' && isLevelOfTrouble(EVENTS[name].level));

const isLevelOfTrouble = (level: string): boolean => level === 'warn' || level === 'error';

/** @param vitals what was wrong with the process itself */
export function createRecorder(logger: Logger, vitals: () => Attributes): Recorder {
  return (name, details = {}) => {
    const kind = EVENTS[name];
    // Polls are by far the most frequent: where nobody listens they cost nothing.
    if (kind.level === 'debug' && !logger.isLevelEnabled('debug')) return;
    const stage = details.stage ?? kind.stage;
    const facts: Attributes = {
      ...(details.flow && { 'login.flow.id': details.flow.id, 'login.kind': details.flow.kind }),
      ...(stage !== undefined && { 'login.stage': stage }),
      ...(details.durationMs !== undefined && { duration_ms: Math.round(details.durationMs) }),
      ...(details.error !== undefined && factsOf(details.error)),
      ...details.facts,
      ...(tellsOfTrouble(name) && vitals()),
    };
    logger[kind.level]({ 'event.name': PREFIX + name, ...facts }, kind.message);
    if (kind.level !== 'debug') trace.getActiveSpan()?.addEvent(PREFIX + name, facts);
  };
}
