import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../with-servers', import.meta.url));

/** Says where the servers are, and fails. */
const COMMAND = 'echo "$DATABASE_URL $REDIS_URL $DATABASE_LOG"; exit 7';

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });

/** This process has its own from the script that is tested: so both are installed. */
const HAS_BOTH = Boolean(process.env.DATABASE_LOG && process.env.REDIS_URL);

describe.skipIf(!HAS_BOTH)('servers of a command’s own (DATABASE_LOG, REDIS_URL)', () => {
  test('a command that fails finds both, its code is passed on, and nothing stays', async () => {
    const { stdout, stderr, status } = spawnSync(SCRIPT, ['bash', '-c', COMMAND], {
      encoding: 'utf8',
    });
    expect([stderr, status]).toEqual(['', 7]);
    const [database, redis, log] = stdout.trim().split(' ');
    expect(existsSync(log)).toBe(false);
    for (const url of [database, redis]) {
      await expect.poll(() => answers(Number(new URL(url).port))).toBe(false);
    }
  });
});
