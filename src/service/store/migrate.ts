import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Database, Queryable } from './database.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** An arbitrary number all instances agree on: only one migrates at a time. */
const LOCK = 7_316_482;

/** Brings the schema up to date; what was applied before is left alone. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await transaction.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())',
    );
    const applied = new Set(
      (await transaction.query<{ name: string }>('SELECT name FROM schema_migrations')).map(
        ({ name }) => name,
      ),
    );
    for (const name of readdirSync(fileURLToPath(FOLDER)).sort()) {
      if (!applied.has(name)) await apply(transaction, name);
    }
  });
}

async function apply(transaction: Queryable, name: string): Promise<void> {
  const sql = readFileSync(fileURLToPath(new URL(name, FOLDER)), 'utf8').replace(/--.*$/gm, '');
  for (const statement of sql.split(';')) {
    if (statement.trim() !== '') await transaction.query(statement);
  }
  await transaction.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
}
