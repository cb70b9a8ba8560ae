import type { Stage } from '../telemetry/index.ts';

/** A login that broke at a stage; already told to log, trace and metrics. */
export class LoginFailed extends Error {
  readonly stage: Stage;

  constructor(stage: Stage, cause: unknown) {
    super(`the login failed at ${stage}`, { cause });
    this.name = 'LoginFailed';
    this.stage = stage;
  }
}

export type RefusedBecause =
  | 'denied'
  | 'state'
  | 'unknown_flow'
  | 'not_confirmed'
  | 'not_configured'
  | 'credentials'
  | 'token'
  | 'decided';

/** A request the rules of the login do not allow; nothing is broken. */
export class LoginRefused extends Error {
  readonly because: RefusedBecause;

  constructor(because: RefusedBecause) {
    super(`refused: ${because}`);
    this.name = 'LoginRefused';
    this.because = because;
  }
}
