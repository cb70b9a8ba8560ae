/**
 * The stages of a scan login, in the order a login walks through them.
 * A flow that reaches `session` has succeeded.
 */
export const STAGES = [
  'issued',
  'polled',
  'scanned',
  'confirmed',
  'callback',
  'exchange',
  'userinfo',
  'persist',
  'session',
] as const;

export type Stage = (typeof STAGES)[number];

/** What one event says about its stage. */
export const STEP_OUTCOMES = [
  /** The stage was touched; the event tells neither success nor failure. */
  'seen',
  'ok',
  'failed',
  /** The user pressed cancel on the phone. */
  'cancelled',
  /** The user refused the scope: a callback with a state and no code. */
  'denied',
  /** The QR code ran out. */
  'expired',
] as const;

export type StepOutcome = (typeof STEP_OUTCOMES)[number];

/** Only `qr` flows enter the failure rate. */
export const FLOW_KINDS = ['qr', 'password', 'refresh', 'profile'] as const;

export type FlowKind = (typeof FLOW_KINDS)[number];

export const SEVERITIES = ['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export type Severity = (typeof SEVERITIES)[number];
