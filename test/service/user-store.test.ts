import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPgDatabase,
  createPgliteDatabase,
  createUserStore,
  type Database,
  migrate,
  type UserStore,
} from '../../src/service/store/index.ts';
import { createMemoryUsers } from './memory-users.ts';
import { createOwnDatabase, type OwnDatabase } from './own-database.ts';

const { DATABASE_URL } = process.env;

/** Every user store keeps these promises. */
function userStoreSuite(users: () => UserStore): void {
  const identity = (
    more: { appId?: string; openid?: string; unionid?: string; nickname?: string } = {},
  ) => ({
    appId: 'wx1',
    openid: randomUUID(),
    unionid: undefined,
    nickname: undefined,
    ...more,
  });

  test('makes a user at the first login and finds it at the second', async () => {
    const who = identity({ nickname: '小明 🙂' });
    const first = await users().signIn(who);
    const second = await users().signIn({ ...who, nickname: undefined });
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.userId).toBe(first.userId);
    expect(await users().profile(first.userId)).toMatchObject({
      userId: first.userId,
      nickname: '小明 🙂',
      username: undefined,
      lastLogin: expect.stringMatching(/^\d{4}-.*Z$/) as unknown as string,
    });
  });

  test('joins the openids of one person by unionid', async () => {
    const unionid = randomUUID();
    const website = await users().signIn(identity({ unionid }));
    const account = await users().signIn(identity({ appId: 'wx2', unionid }));
    expect(account).toEqual({ userId: website.userId, created: false });
  });

  test('keeps apart who only shares an openid, of another app', async () => {
    const openid = randomUUID();
    const one = await users().signIn(identity({ openid }));
    const two = await users().signIn(identity({ openid, appId: 'wx2' }));
    expect(two.userId).not.toBe(one.userId);
  });

  test('makes one user of first logins that come at once', async () => {
    const who = identity({ unionid: randomUUID() });
    const all = await Promise.all(Array.from({ length: 8 }, () => users().signIn(who)));
    expect(new Set(all.map(({ userId }) => userId)).size).toBe(1);
    expect(all.filter(({ created }) => created)).toHaveLength(1);
  });

  test('keeps tokens beside the user', async () => {
    const { userId } = await users().signIn(identity());
    expect(await users().tokens(userId)).toBeUndefined();
    await users().keepTokens(userId, 'sealed');
    expect(await users().tokens(userId)).toBe('sealed');
  });

  test('keeps one password a name', async () => {
    const name = randomUUID();
    expect(await users().passwordOf(name)).toBeUndefined();
    const userId = await users().setPassword(name, 'hash 1');
    expect(await users().setPassword(name, 'hash 2')).toBe(userId);
    expect(await users().passwordOf(name)).toEqual({ userId, passwordHash: 'hash 2' });
    expect(await users().profile(userId)).toMatchObject({ username: name, nickname: undefined });
    await users().touch(userId);
  });

  test('knows nothing of a user that is not there', async () => {
    expect(await users().profile('999999999')).toBeUndefined();
    await users().ping();
  });
}

function databaseSuite(make: () => Promise<Database>): void {
  let database: Database;
  let users: UserStore;
  beforeAll(async () => {
    database = await make();
    await migrate(database);
    // A second time changes nothing.
    await migrate(database);
    users = createUserStore(database);
  }, 120_000);
  afterAll(() => database.close());

  userStoreSuite(() => users);

  test('undoes a transaction that throws', async () => {
    const name = randomUUID();
    await expect(
      database.transaction(async (transaction) => {
        await transaction.query('INSERT INTO users (openid) VALUES ($1)', [name]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await database.query('SELECT 1 FROM users WHERE openid = $1', [name])).toEqual([]);
  });

  test('names what the server refuses', async () => {
    await expect(database.query('SELECT * FROM nowhere')).rejects.toMatchObject({
      name: 'DatabaseError',
      code: '42P01',
    });
  });
}

describe('in memory (the tests’ own)', () => {
  const users = createMemoryUsers();
  userStoreSuite(() => users);
});

describe('PGlite', () => databaseSuite(() => createPgliteDatabase(undefined)));

describe.skipIf(!DATABASE_URL)('PostgreSQL (DATABASE_URL)', () => {
  let own: OwnDatabase;
  const options = {
    url: '',
    poolMax: 4,
    poolTimeoutMs: 2000,
    statementTimeoutMs: 2000,
    lockTimeoutMs: 1000,
    applicationName: 'scan-login-test',
    onConnectionLost: () => {},
  };
  beforeAll(async () => {
    own = await createOwnDatabase(DATABASE_URL as string);
    options.url = own.url;
  });
  afterAll(() => own?.drop());
  databaseSuite(async () => createPgDatabase(options));

  test('an exhausted pool is named as such, and counted', async () => {
    const database = createPgDatabase({ ...options, poolMax: 1, poolTimeoutMs: 100 });
    const busy = database.query('SELECT pg_sleep(0.5)');
    await expect(database.query('SELECT 1')).rejects.toMatchObject({ name: 'PoolTimeout' });
    expect(database.counts()).toMatchObject({ used: 1, timeouts: 1 });
    await busy;
    await database.close();
  });

  test.each([
    ['a slow statement', 'SELECT pg_sleep(5)', '57014'],
    ['a division by zero', 'SELECT 1/0', '22012'],
  ])('%s comes with its SQLSTATE', async (_name, sql, code) => {
    const database = createPgDatabase({ ...options, statementTimeoutMs: 200 });
    await expect(database.query(sql)).rejects.toMatchObject({ name: 'DatabaseError', code });
    await database.close();
  });

  test('a lock that is not given comes with its SQLSTATE', async () => {
    const database = createPgDatabase({ ...options, lockTimeoutMs: 100 });
    const { userId } = await createUserStore(database).signIn({
      appId: 'wx1',
      openid: randomUUID(),
      unionid: undefined,
      nickname: undefined,
    });
    const update = 'UPDATE users SET last_login = now() WHERE user_id = $1';
    await database.transaction(async (holder) => {
      await holder.query(update, [userId]);
      await expect(database.query(update, [userId])).rejects.toMatchObject({ code: '55P03' });
    });
    await database.close();
  });
});
