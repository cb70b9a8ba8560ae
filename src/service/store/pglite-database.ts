import { PGlite } from '@electric-sql/pglite';
import { type Database, DatabaseError, type Row } from './database.ts';

/**
 * PostgreSQL inside this process: the same SQL, one connection, nothing to install.
 * @param dataDir where it is kept; in memory without.
 */
export async function createPgliteDatabase(dataDir: string | undefined): Promise<Database> {
  const db = await PGlite.create(dataDir === undefined ? {} : { dataDir });
  let busy = 0;

  async function guard<T>(work: () => Promise<T>): Promise<T> {
    busy++;
    try {
      return await work();
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      // What is no refusal of the server came from the caller's own work: leave it as it is.
      throw code === undefined || error instanceof DatabaseError
        ? error
        : new DatabaseError(message, code, error);
    } finally {
      busy--;
    }
  }

  return {
    query: <R extends Row>(text: string, params: readonly unknown[] = []) =>
      guard(async () => (await db.query<R>(text, [...params])).rows),
    transaction: (work) =>
      guard(() =>
        db.transaction((transaction) =>
          work({
            query: <R extends Row>(text: string, params: readonly unknown[] = []) =>
              guard(async () => (await transaction.query<R>(text, [...params])).rows),
          }),
        ),
      ),
    counts: () => ({
      idle: busy > 0 ? 0 : 1,
      used: Math.min(busy, 1),
      pending: Math.max(busy - 1, 0),
      timeouts: 0,
    }),
    close: () => db.close(),
  };
}
