import type { IdNamespace, Stage } from '../../src/model/index.ts';
import type { Rng } from './rng.ts';
import type { Failure, Trouble } from './trouble.ts';

export type StateFault = 'mismatch' | 'not_found' | 'missing' | 'expired' | 'reused';

/** One thing that happens in a login, before any service has put it into words. */
export type Happening =
  | { readonly kind: 'issued' | 'refreshed' }
  | { readonly kind: 'issue_failed'; readonly trouble: Trouble }
  | { readonly kind: 'polled'; readonly scanned: boolean }
  | { readonly kind: 'scanned' | 'confirmed' | 'cancelled' | 'expired' }
  | { readonly kind: 'callback' | 'denied' }
  | { readonly kind: 'state_rejected'; readonly fault: StateFault; readonly expected?: string }
  | { readonly kind: 'exchanged' | 'userinfo' | 'persisted' | 'session' }
  | {
      readonly kind: 'failed' | 'retried';
      readonly stage: Stage;
      readonly trouble: Trouble;
      /** The line says that the step failed, and leaves the reason to others. */
      readonly terse?: boolean;
    }
  /** A driver's, pool's or client's own line beside the failure it causes. */
  | { readonly kind: 'driver'; readonly trouble: Trouble }
  /** The proxy's access log, when the response is sent. */
  | {
      readonly kind: 'access';
      readonly status: number;
      readonly durationMs: number;
      readonly upstream: Upstream;
    }
  /** A nightly job touches the login, under a trace shared by many logins. */
  | { readonly kind: 'archived' }
  /** Chatter in the login's own trace, full of words that look like trouble. */
  | { readonly kind: 'aside' };

export type HappeningKind = Happening['kind'];

/** The member of the union that a kind belongs to. */
export type HappeningOf<K extends HappeningKind> = Happening extends infer Member
  ? Member extends Happening
    ? K extends Member['kind']
      ? Member
      : never
    : never
  : never;

/** What the proxy saw behind it. */
export type Upstream = 'answered' | 'silent' | 'refused' | 'cut' | 'none' | 'limited' | 'left';

export type RouteName = 'issue' | 'poll' | 'callback' | 'webhook';

export type Ids = { readonly [N in IdNamespace]?: string };

export interface Request {
  readonly route: RouteName;
  readonly traceId: string;
  readonly spanId: string;
  readonly requestId: string;
  /** Ids in the query string, as a proxy would log it. */
  readonly query: Ids;
}

/** Who logs in, and with what. */
export interface Person {
  readonly address: string;
  readonly userAgent: string;
  readonly client: string;
  readonly openid: string;
  readonly pseudonym: string;
}

/** What is at hand when something is put into words. */
export interface Setting {
  readonly atMs: number;
  readonly rng: Rng;
  readonly ids: Ids;
  readonly request: Request;
  readonly person: Person;
  readonly appId: string;
  /** The trouble in the service's own language; absent where there is none or none is told. */
  readonly failure: Failure | undefined;
}

/** A happening in its setting, ready to be worded. */
export interface Telling<K extends HappeningKind> extends Setting {
  readonly what: HappeningOf<K>;
}
