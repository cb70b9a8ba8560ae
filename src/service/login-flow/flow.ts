/** The two logins by QR code; a password login has no flow record, only events. */
export type QrKind = 'website' | 'official_account';

export type LoginKind = QrKind | 'password';

/**
 * `waiting → scanned → confirmed → completed`, with the exits `cancelled`, `expired`, `failed`.
 * A website code that was cancelled on the phone may be scanned again, so there `cancelled` alone
 * is no end: see {@link LoginFlow.endedAtMs}.
 */
export type FlowState =
  | 'waiting'
  | 'scanned'
  | 'confirmed'
  | 'completed'
  | 'cancelled'
  | 'expired'
  | 'failed';

/** One attempt to log in by QR code, as the state store keeps it. Times are Unix milliseconds. */
export interface LoginFlow {
  /** Names the flow in logs; opens nothing by itself. */
  readonly id: string;
  readonly kind: QrKind;
  readonly state: FlowState;
  /** Grows with every transition; compare-and-set rests on it. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly scannedAtMs?: number;
  readonly confirmedAtMs?: number;
  /** Set by the transition that ended the flow: nothing moves it after that. */
  readonly endedAtMs?: number;
  /** SHA-256 of the secret that entitles one browser to ask for the status. */
  readonly pollSecretHash: string;
  /** SHA-256 of the browser's cookie: the only browser that may end this login. */
  readonly browserKey: string;
  /** The trace in which the flow began (W3C `traceparent`), which later spans link to. */
  readonly traceparent: string;
  /** What the confirm page tells the person: the browser and where it asks from. */
  readonly device: string;
  readonly address: string;
  /** Pseudonyms for the log. */
  readonly stateHash?: string;
  readonly ticketHash?: string;
  /** Official account: who scanned first. Nobody else can confirm. */
  readonly openid?: string;
}

export type FlowOutcome = 'succeeded' | 'failed' | 'abandoned';

/**
 * How an ended flow counts. A code that ran out unscanned was abandoned; one that ran out after
 * somebody scanned it failed, for that person wanted to log in.
 */
export function outcomeOf(flow: LoginFlow): FlowOutcome {
  switch (flow.state) {
    case 'completed':
      return 'succeeded';
    case 'cancelled':
      return 'abandoned';
    case 'expired':
      return flow.scannedAtMs === undefined && flow.confirmedAtMs === undefined
        ? 'abandoned'
        : 'failed';
    default:
      return 'failed';
  }
}
