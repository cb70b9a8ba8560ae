import pg from 'pg';
import {
  type Database,
  DatabaseError,
  type PoolCounts,
  PoolTimeout,
  type Row,
} from './database.ts';

export interface PgOptions {
  readonly url: string;
  readonly poolMax: number;
  readonly poolTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly applicationName: string;
  /** Told of an idle connection that broke; the pool replaces it. */
  readonly onConnectionLost: (error: Error) => void;
}

/** A PostgreSQL server through a pool of connections. */
export function createPgDatabase(options: PgOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.poolTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    application_name: options.applicationName,
  });
  pool.on('error', options.onConnectionLost);

  let timeouts = 0;

  const counts = (): PoolCounts => ({
    idle: pool.idleCount,
    used: pool.totalCount - pool.idleCount,
    pending: pool.waitingCount,
    timeouts,
  });

  async function connect(): Promise<pg.PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      if ((error as Error).message !== 'timeout exceeded when trying to connect') {
        throw asDatabaseError(error);
      }
      timeouts++;
      throw new PoolTimeout(counts(), options.poolTimeoutMs, error);
    }
  }

  return {
    async query<R extends Row>(text: string, params: readonly unknown[] = []) {
      const client = await connect();
      try {
        return await run<R>(client, text, params);
      } finally {
        client.release();
      }
    },
    async transaction(work) {
      const client = await connect();
      let broken: Error | undefined;
      try {
        await run(client, 'BEGIN', []);
        const result = await work({ query: (text, params = []) => run(client, text, params) });
        await run(client, 'COMMIT', []);
        return result;
      } catch (error) {
        // A connection that cannot even roll back is not fit for another.
        await run(client, 'ROLLBACK', []).catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    counts,
    close: () => pool.end(),
  };
}

async function run<R extends Row>(
  client: pg.PoolClient,
  text: string,
  params: readonly unknown[],
): Promise<readonly R[]> {
  try {
    return (await client.query<R>(text, [...params])).rows;
  } catch (error) {
    throw asDatabaseError(error);
  }
}

function asDatabaseError(error: unknown): DatabaseError {
  const { message, code } = error as Error & { code?: string };
  return new DatabaseError(message, code, error);
}
