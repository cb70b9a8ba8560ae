import { existsSync } from 'node:fs';
import pg from 'pg';
import { type FaultId, kindOf, type Need } from './faults/index.ts';
import { FAKETIME_LIBRARY } from './fleet/site-shape.ts';

/** A fault that cannot be caused here. */
export interface Skipped {
  readonly fault: FaultId;
  readonly why: string;
}

const MISSING: Record<Need, string> = {
  postgresql: 'no PostgreSQL: set DATABASE_URL (the embedded database has a single connection)',
  redis: 'no Redis: set REDIS_URL',
  faketime: 'libfaketime is not installed (Debian: apt-get install libfaketime)',
};

/** What this machine has of what faults need. */
export async function findMeans(
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlySet<Need>> {
  const has: Need[] = [];
  if (env.DATABASE_URL) {
    await answers(env.DATABASE_URL);
    has.push('postgresql');
  }
  if (env.REDIS_URL) has.push('redis');
  if (existsSync(FAKETIME_LIBRARY)) has.push('faketime');
  return new Set(has);
}

/** @returns why the fault cannot be caused with these means; undefined if it can */
export function missingFor(fault: FaultId, means: ReadonlySet<Need>): string | undefined {
  const missing = kindOf(fault).needs.find((need) => !means.has(need));
  return missing && MISSING[missing];
}

/** A database that was named but does not answer is a mistake, no reason to skip. */
async function answers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.end();
}
