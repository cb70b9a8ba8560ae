/**
 * What the service remembers for minutes: flows, states, sessions, tokens. A handful of atomic
 * steps on keys with a lifetime; every guarantee of the login (one-time use, first scanner wins)
 * rests on one of them. Redis has each as a single command or script.
 */
export interface StateStore {
  /** Writes only if the key is free (`SET NX PX`). @returns whether it did. */
  putIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** Writes whatever was there (`SET PX`). */
  put(key: string, value: string, ttlMs: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  /** Reads and deletes in one step (`GETDEL`): of many callers one gets the value. */
  take(key: string): Promise<string | undefined>;
  /** Writes only if the value is still `expected`; the lifetime starts anew. @returns whether it did. */
  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Tells all listeners of the channel, on every instance that shares the store. */
  publish(channel: string, message: string): Promise<void>;
  /** @returns the end of the subscription. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  /** The store's own clock, which all instances share: Unix milliseconds. */
  nowMs(): Promise<number>;
  /** @throws when the store cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The store behind the port failed. */
export class StateStoreError extends Error {
  /** Such as `ECONNREFUSED`; the client's own errors have a name only. */
  readonly code: string;

  constructor(store: string, cause: Error & { code?: unknown }) {
    super(`${store}: ${cause.message}`, { cause });
    this.name = 'StateStoreError';
    this.code = typeof cause.code === 'string' ? cause.code : cause.name;
  }
}
