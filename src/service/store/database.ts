/** Rows as the driver gives them; queries name their columns' types in SQL. */
export type Row = Record<string, unknown>;

export interface Queryable {
  query<R extends Row>(text: string, params?: readonly unknown[]): Promise<readonly R[]>;
}

/** Connections by state, for metrics. */
export interface PoolCounts {
  readonly idle: number;
  readonly used: number;
  /** Requests that wait for a connection. */
  readonly pending: number;
  /** Waits that ran out, since the start. */
  readonly timeouts: number;
}

/** PostgreSQL, real or embedded. Failures arrive as {@link DatabaseError} or {@link PoolTimeout}. */
export interface Database extends Queryable {
  /** All or nothing; what `work` throws rolls back and comes out. */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
  counts(): PoolCounts;
  close(): Promise<void>;
}

/** The server refused a statement, or could not be reached. */
export class DatabaseError extends Error {
  /** SQLSTATE such as `40P01`, or the system's code such as `ECONNREFUSED`. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined, cause: unknown) {
    super(message, { cause });
    this.name = 'DatabaseError';
    this.code = code;
  }
}

/** No connection became free in time. The driver's own error has neither code nor name. */
export class PoolTimeout extends Error {
  constructor(counts: Pick<PoolCounts, 'used' | 'pending'>, waitedMs: number, cause: unknown) {
    super(
      `no database connection within ${waitedMs} ms: ${counts.used} in use, ${counts.pending} waiting`,
      { cause },
    );
    this.name = 'PoolTimeout';
  }
}
