/** Stages of a login that events belong to. */
export type Stage =
  | 'issued'
  | 'scanned'
  | 'confirmed'
  | 'callback'
  | 'exchange'
  | 'userinfo'
  | 'persist'
  | 'session';

export interface EventKind {
  /** Absent where the event itself says at which stage it happened. */
  readonly stage: Stage | undefined;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

const event = (
  stage: Stage | undefined,
  level: EventKind['level'],
  message: string,
): EventKind => ({ stage, level, message });

/** Every event of the service under its name without {@link PREFIX}; nothing else is logged of a login. */
export const EVENTS = {
  'flow.started': event('issued', 'info', 'a login begins'),
  'qr.issued': event('issued', 'info', 'the code is shown'),
  'qr.refreshed': event('issued', 'info', 'a fresh code takes the place of an old one'),
  'qr.failed': event('issued', 'error', 'no code could be had'),

  'push.received': event(undefined, 'info', 'WeChat pushed an event'),
  'push.rejected': event(undefined, 'warn', 'a push was turned away'),
  'push.ignored': event(undefined, 'info', 'a push led to no login'),

  'qr.scanned': event('scanned', 'info', 'the code was scanned'),
  'qr.confirmed': event('confirmed', 'info', 'the login was confirmed on the phone'),
  'qr.cancelled': event('scanned', 'info', 'the login was cancelled on the phone'),
  'qr.expired': event('issued', 'info', 'the code ran out'),
  'qr.refused': event(undefined, 'warn', 'an event came that the login does not allow'),

  'status.polled': event(undefined, 'debug', 'the status was asked for'),
  'status.slow_down': event(undefined, 'info', 'the status was asked for too often'),
  'status.rejected': event('issued', 'warn', 'the status was asked for in vain'),

  'callback.received': event('callback', 'info', 'WeChat sent the browser back'),
  'state.rejected': event('callback', 'warn', 'the state does not hold'),
  'callback.denied': event('callback', 'info', 'the user refused'),

  'token.exchanged': event('exchange', 'info', 'the code was exchanged'),
  'token.retried': event('exchange', 'warn', 'the exchange is tried again'),
  'token.failed': event('exchange', 'error', 'the exchange failed'),

  'userinfo.fetched': event('userinfo', 'info', 'WeChat told who it is'),
  'userinfo.retried': event('userinfo', 'warn', 'the question who it is is tried again'),
  'userinfo.failed': event('userinfo', 'error', 'WeChat did not tell who it is'),

  'user.created': event('persist', 'info', 'a new user was stored'),
  'user.updated': event('persist', 'info', 'a known user was stored'),
  'user.failed': event('persist', 'error', 'the user could not be stored'),

  'session.created': event('session', 'info', 'the session is open'),
  'session.failed': event('session', 'error', 'no session could be opened'),
  'session.revoked': event(undefined, 'info', 'a session was ended'),
  'csrf.rejected': event(undefined, 'warn', 'a request from elsewhere was turned away'),
  'rate.limited': event(undefined, 'warn', 'a client asked too often'),

  'flow.completed': event('session', 'info', 'the login succeeded'),
  'flow.failed': event(undefined, 'error', 'the login failed'),
};

export type EventName = keyof typeof EVENTS;

export const PREFIX = 'wechat.login.';
