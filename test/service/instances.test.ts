import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createService,
  loadConfig,
  type Service,
  type ServiceOptions,
} from '../../src/service/index.ts';
import { BrowserDouble } from './browser-double.ts';
import { createMemoryUsers } from './memory-users.ts';
import { createOwnDatabase, type OwnDatabase } from './own-database.ts';
import { ANN, browse, confirmAtWechat, decideOnPhone, scanAccount, websiteLogin } from './walk.ts';
import { startWorld, type World } from './world.ts';

const { DATABASE_URL, REDIS_URL } = process.env;

/** A second instance of the world's service, as another pod would be. */
async function startSibling(world: World, options: ServiceOptions = {}): Promise<Service> {
  return createService(
    loadConfig({
      ...world.env,
      PUBLIC_URL: world.url,
      LOG_FILE: `${world.env.LOG_FILE}.sibling`,
      TRACE_FILE: '',
    }),
    options,
  );
}

/** The same browser, led to another instance by the balancer. */
function via(service: Service, browser: BrowserDouble): BrowserDouble {
  const other = new BrowserDouble(service.app);
  for (const [name, value] of browser.cookies) other.cookies.set(name, value);
  other.csrf = browser.csrf;
  return other;
}

test('instances that share nothing lose logins: the state of one is unknown to the other', async () => {
  const secret = { SERVICE_SECRET: randomUUID() + randomUUID() };
  const world = await startWorld({ env: secret });
  const sibling = await startSibling(world, { users: createMemoryUsers() });
  try {
    const browser = await browse(world);
    const callback = await confirmAtWechat(world, await browser.show('website'), ANN);
    expect((await via(sibling, browser).get(callback)).statusCode).toBe(400);
    const account = await browser.show('official_account');
    const status = await via(sibling, browser).get(`/qr/${account.id}/status`);
    expect(status.statusCode).toBe(404);
  } finally {
    await sibling.close();
    await world.close();
  }
});

describe.skipIf(!DATABASE_URL || !REDIS_URL)(
  'two instances on one PostgreSQL and one Redis (DATABASE_URL, REDIS_URL)',
  () => {
    let database: OwnDatabase;
    let world: World;
    let sibling: Service;
    const env = {
      SERVICE_SECRET: randomUUID() + randomUUID(),
      DATABASE_URL: '',
      REDIS_URL: REDIS_URL as string,
      DB_LOCK_TIMEOUT_MS: '1000',
      DB_STATEMENT_TIMEOUT_MS: '3000',
      WECHAT_CGI_TOKEN: 'legacy',
    };
    beforeAll(async () => {
      database = await createOwnDatabase(DATABASE_URL as string);
      env.DATABASE_URL = database.url;
      world = await startWorld({ env, users: undefined });
      sibling = await startSibling(world);
    });
    afterAll(async () => {
      await sibling?.close();
      await world?.close();
      await database?.drop();
    });

    test('a website login begun on one ends on the other', async () => {
      const browser = await browse(world);
      const callback = await confirmAtWechat(world, await browser.show('website'), ANN);
      const other = via(sibling, browser);
      expect((await other.get(callback)).headers.location).toBe('/profile');
      expect((await via(world.service, other).get('/profile')).statusCode).toBe(200);
    });

    test('who waits on one hears at once of what happens on the other', async () => {
      const browser = await browse(world);
      const code = await browser.show('official_account');
      const waiting = via(sibling, browser).get(`/qr/${code.id}/status/long?version=1`);
      const started = performance.now();
      const link = (await scanAccount(world, code, ANN)) as string;
      expect((await waiting).json()).toMatchObject({ state: 'scanned' });
      expect(performance.now() - started).toBeLessThan(world.service.ctx.config.LONG_POLL_MS);
      await decideOnPhone(world, link, 'confirm');
      const claims = await Promise.all(
        [browser, via(sibling, browser)].map((one) => one.post(`/qr/${code.id}/claim`)),
      );
      expect(claims.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    });

    test('one callback on both at once opens one session', async () => {
      const browser = await browse(world);
      const callback = await confirmAtWechat(world, await browser.show('website'), ANN);
      const answers = await Promise.all(
        [browser, via(sibling, browser)].map((one) => one.get(callback)),
      );
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 400]);
    });

    async function failedWith(
      spoil: (userId: string, db: pg.Client) => Promise<() => Promise<unknown>>,
    ) {
      const { browser } = await websiteLogin(world, ANN);
      const { userId } = (await browser.get('/profile')).json();
      const db = new pg.Client({ connectionString: database.url });
      await db.connect();
      const undo = await spoil(userId, db);
      const { code, answer } = await websiteLogin(world, ANN);
      await undo();
      await db.end();
      expect(answer.statusCode).toBe(503);
      return (await world.log()).find(
        (line) =>
          line['login.flow.id'] === code.id && line['event.name'] === 'wechat.login.user.failed',
      );
    }

    test('a row that somebody holds: 55P03', async () => {
      const line = await failedWith(async (userId, db) => {
        await db.query('BEGIN');
        await db.query('SELECT 1 FROM users WHERE user_id = $1 FOR UPDATE', [userId]);
        return () => db.query('ROLLBACK');
      });
      expect(line).toMatchObject({
        'login.stage': 'persist',
        'error.type': 'DatabaseError',
        'db.response.status_code': '55P03',
        'service.peer.name': 'postgresql',
      });
    });

    test('a statement that takes too long: 57014', async () => {
      const line = await failedWith(async (_userId, db) => {
        await db.query(`CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql
          AS 'BEGIN PERFORM pg_sleep(10); RETURN NEW; END'`);
        await db.query(
          'CREATE TRIGGER dawdle BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION dawdle()',
        );
        return () => db.query('DROP TRIGGER dawdle ON users');
      });
      expect(line).toMatchObject({ 'db.response.status_code': '57014' });
    });

    test('two transactions in opposite order: 40P01', async () => {
      const patient = await startWorld({
        env: { ...env, DB_LOCK_TIMEOUT_MS: '30000', DB_STATEMENT_TIMEOUT_MS: '30000' },
        users: undefined,
      });
      const db = new pg.Client({ connectionString: database.url });
      await db.connect();
      try {
        const { browser } = await websiteLogin(patient, ANN);
        const { userId } = (await browser.get('/profile')).json();
        // The other side waits longer before it looks for deadlocks, so the service finds it.
        await db.query(`SET deadlock_timeout = '60s'`);
        await db.query('BEGIN');
        await db.query('SELECT 1 FROM wechat_identities WHERE user_id = $1 FOR UPDATE', [userId]);
        const login = websiteLogin(patient, ANN);
        await expect
          .poll(
            async () =>
              (
                await db.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
                  AND datname = current_database()`)
              ).rowCount,
          )
          .toBeGreaterThan(0);
        await db.query('SELECT 1 FROM users WHERE user_id = $1 FOR UPDATE', [userId]);
        const { code, answer } = await login;
        await db.query('ROLLBACK');
        expect(answer.statusCode).toBe(503);
        expect(await patient.log()).toContainEqual(
          expect.objectContaining({
            'login.flow.id': code.id,
            'event.name': 'wechat.login.user.failed',
            'db.response.status_code': '40P01',
            'error.message': 'deadlock detected',
          }),
        );
      } finally {
        await db.end();
        await patient.close();
      }
    });

    test('no connection is free: the pool’s timeout', async () => {
      const narrow = await startWorld({
        env: {
          ...env,
          DB_POOL_MAX: '1',
          DB_POOL_TIMEOUT_MS: '1500',
          DB_STATEMENT_TIMEOUT_MS: '30000',
          DB_LOCK_TIMEOUT_MS: '30000',
        },
        users: undefined,
      });
      const db = new pg.Client({ connectionString: database.url });
      await db.connect();
      try {
        const { browser } = await websiteLogin(narrow, ANN);
        const { userId } = (await browser.get('/profile')).json();
        await db.query('BEGIN');
        await db.query('SELECT 1 FROM users WHERE user_id = $1 FOR UPDATE', [userId]);
        const first = websiteLogin(narrow, ANN);
        await expect
          .poll(async () => (await narrow.service.ctx.metrics.expose()).text)
          .toContain('db_client_connection_count{state="used"} 1');
        const { answer } = await websiteLogin(narrow, { id: 'carl', nickname: 'Carl' });
        expect(answer.statusCode).toBe(503);
        await db.query('ROLLBACK');
        await first;
        expect(await narrow.log()).toContainEqual(
          expect.objectContaining({
            'event.name': 'wechat.login.user.failed',
            'error.type': 'PoolTimeout',
            'service.peer.name': 'postgresql',
          }),
        );
        const { text } = await narrow.service.ctx.metrics.expose();
        expect(text).toContain('db_client_connection_timeouts_total 1');
      } finally {
        await db.end();
        await narrow.close();
      }
    });
  },
);
