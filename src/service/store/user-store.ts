import type { Database, Queryable } from './database.ts';

/** Who WeChat says is logging in. */
export interface WechatIdentity {
  readonly appId: string;
  readonly openid: string;
  readonly unionid: string | undefined;
  readonly nickname: string | undefined;
}

export interface SignIn {
  readonly userId: string;
  readonly created: boolean;
}

export interface Profile {
  readonly userId: string;
  readonly nickname: string | undefined;
  readonly username: string | undefined;
  readonly lastLogin: string;
}

export interface PasswordCredential {
  readonly userId: string;
  readonly passwordHash: string;
}

/** The people who log in. User ids are decimal text: they pass what a number can hold exactly. */
export interface UserStore {
  /** Finds the user of a WeChat identity, by openid, then by unionid, or makes one. */
  signIn(identity: WechatIdentity): Promise<SignIn>;
  profile(userId: string): Promise<Profile | undefined>;
  /** WeChat's tokens, already encrypted. */
  keepTokens(userId: string, encrypted: string): Promise<void>;
  tokens(userId: string): Promise<string | undefined>;
  passwordOf(username: string): Promise<PasswordCredential | undefined>;
  /** Makes a user with a password, or gives the user of that name the new one. */
  setPassword(username: string, passwordHash: string): Promise<string>;
  touch(userId: string): Promise<void>;
  ping(): Promise<void>;
}

/** Users in PostgreSQL, with plain SQL. */
export function createUserStore(database: Database): UserStore {
  return {
    signIn: (identity) =>
      database.transaction(async (transaction) => {
        const known =
          (await findUser(transaction, identity)) ?? (await findUserAlone(transaction, identity));
        if (known !== undefined) await touch(transaction, known);
        const userId = known ?? (await insertUser(transaction, identity.openid));
        await rememberIdentity(transaction, identity, userId);
        return { userId, created: known === undefined };
      }),
    async profile(userId) {
      const [row] = await database.query<{
        nickname: string | null;
        username: string | null;
        last_login: Date;
      }>(
        `SELECT u.last_login, c.username,
                (SELECT i.nickname FROM wechat_identities i WHERE i.user_id = u.user_id
                 ORDER BY i.last_seen DESC LIMIT 1) AS nickname
         FROM users u LEFT JOIN password_credentials c USING (user_id)
         WHERE u.user_id = $1`,
        [userId],
      );
      return row === undefined
        ? undefined
        : {
            userId,
            nickname: row.nickname ?? undefined,
            username: row.username ?? undefined,
            lastLogin: row.last_login.toISOString(),
          };
    },
    async keepTokens(userId, encrypted) {
      await database.query('UPDATE users SET access_token = $2 WHERE user_id = $1', [
        userId,
        encrypted,
      ]);
    },
    async tokens(userId) {
      const [row] = await database.query<{ access_token: string | null }>(
        'SELECT access_token FROM users WHERE user_id = $1',
        [userId],
      );
      return row?.access_token ?? undefined;
    },
    async passwordOf(username) {
      const [row] = await database.query<{ user_id: string; password_hash: string }>(
        'SELECT user_id::text, password_hash FROM password_credentials WHERE username = $1',
        [username],
      );
      return row && { userId: row.user_id, passwordHash: row.password_hash };
    },
    setPassword: (username, passwordHash) =>
      database.transaction(async (transaction) => {
        await lock(transaction, username);
        const [known] = await transaction.query<{ user_id: string }>(
          'UPDATE password_credentials SET password_hash = $2 WHERE username = $1 RETURNING user_id::text',
          [username, passwordHash],
        );
        if (known !== undefined) return known.user_id;
        const userId = await insertUser(transaction, null);
        await transaction.query(
          'INSERT INTO password_credentials (username, user_id, password_hash) VALUES ($1, $2, $3)',
          [username, userId, passwordHash],
        );
        return userId;
      }),
    touch: (userId) => touch(database, userId),
    async ping() {
      await database.query('SELECT 1');
    },
  };
}

async function findUser(
  db: Queryable,
  { appId, openid, unionid }: WechatIdentity,
): Promise<string | undefined> {
  const [byOpenid] = await db.query<{ user_id: string }>(
    'SELECT user_id::text FROM wechat_identities WHERE app_id = $1 AND openid = $2',
    [appId, openid],
  );
  if (byOpenid !== undefined || unionid === undefined) return byOpenid?.user_id;
  const [byUnionid] = await db.query<{ user_id: string }>(
    'SELECT user_id::text FROM wechat_identities WHERE unionid = $1 ORDER BY user_id LIMIT 1',
    [unionid],
  );
  return byUnionid?.user_id;
}

/** Two first logins of one person at once must make one user: the second waits, then finds it. */
async function findUserAlone(db: Queryable, identity: WechatIdentity): Promise<string | undefined> {
  await lock(db, identity.unionid ?? `${identity.appId}:${identity.openid}`);
  return findUser(db, identity);
}

async function insertUser(db: Queryable, openid: string | null): Promise<string> {
  const [row] = await db.query<{ user_id: string }>(
    'INSERT INTO users (openid) VALUES ($1) RETURNING user_id::text',
    [openid],
  );
  return row.user_id;
}

async function touch(db: Queryable, userId: string): Promise<void> {
  await db.query('UPDATE users SET last_login = now() WHERE user_id = $1', [userId]);
}

async function rememberIdentity(
  db: Queryable,
  { appId, openid, unionid, nickname }: WechatIdentity,
  userId: string,
): Promise<void> {
  await db.query(
    `INSERT INTO wechat_identities AS i (app_id, openid, unionid, user_id, nickname)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (app_id, openid) DO UPDATE SET
       unionid = coalesce(excluded.unionid, i.unionid),
       nickname = coalesce(excluded.nickname, i.nickname),
       last_seen = now()`,
    [appId, openid, unionid ?? null, userId, nickname ?? null],
  );
}

async function lock(db: Queryable, name: string): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}
