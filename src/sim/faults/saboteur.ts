import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Somebody whose row the service is about to write. */
export interface Victim {
  readonly appId: string;
  readonly openid: string;
  readonly unionid: string;
}

/** A trouble that lasts until it is ended. */
export interface Trouble {
  /** Resolves once so many wait for it, or after some seconds. */
  met(waiters: number): Promise<void>;
  /** @returns what the database showed of it; undefined when nobody met it */
  end(): Promise<string | undefined>;
}

/** Another user of the service's database, who gets in its way. */
export interface Saboteur {
  /** The service's database, in a schema of this run's own. */
  readonly url: string;
  /** Adds what slow statements need, once the service has made its tables. */
  prepare(): Promise<void>;
  /** Takes the rows in the opposite order. */
  deadlock(victim: Victim): Promise<Trouble>;
  /** Keeps the row in a transaction left open. */
  lockWait(victim: Victim): Promise<Trouble>;
  /** Makes the statement take longer than it may. */
  slow(victim: Victim): Promise<Trouble>;
  /** Keeps the table of passwords, as a migration does: whoever asks it waits, connection in hand. */
  lockPasswords(): Promise<Trouble>;
  close(): Promise<void>;
}

const LOOK_AGAIN_MS = 25;
/** Shorter than anybody waits for a lock. */
const MET_MS = 5000;

const pauseToLook = () => new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));

/** @param url of a database in which schemas may be created */
export async function openSaboteur(url: string): Promise<Saboteur> {
  const schema = `sim_${randomBytes(6).toString('hex')}`;
  const own = new URL(url);
  own.searchParams.set('options', `-c search_path=${schema}`);
  const pool = new pg.Pool({ connectionString: own.toString(), max: 4 });
  await pool.query(`CREATE SCHEMA ${schema}`);
  /** The person has been here before, long ago. */
  async function remember({ appId, openid, unionid }: Victim): Promise<string> {
    const { rows } = await pool.query<{ user_id: string }>(
      `WITH u AS (INSERT INTO users (openid) VALUES ($2) RETURNING user_id)
       INSERT INTO wechat_identities (app_id, openid, unionid, user_id)
       SELECT $1, $2, $3, user_id FROM u RETURNING user_id::text`,
      [appId, openid, unionid],
    );
    return (rows[0] as { user_id: string }).user_id;
  }

  /** A transaction that stays open; `meanwhile` runs as soon as somebody waits for it. */
  async function hold(
    begin: (db: pg.Client) => Promise<void>,
    meanwhile?: (db: pg.Client) => Promise<void>,
  ): Promise<Trouble> {
    const [db, observer] = await Promise.all([connect(own.toString()), connect(own.toString())]);
    let over = false;
    let seen: string | undefined;
    const waiters = () =>
      observer.query<{ pid: number; query: string }>(
        'SELECT pid, query FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))',
        [(db as unknown as { processID: number }).processID],
      );
    await db.query('BEGIN');
    await begin(db);
    const watching = watch();

    async function watch(): Promise<void> {
      while (!over && seen === undefined) {
        const { rows } = await waiters();
        if (rows[0] === undefined) await pauseToLook();
        else seen = `pid ${rows[0].pid} waited: ${rows[0].query.replace(/\s+/g, ' ').slice(0, 60)}`;
      }
      if (over || meanwhile === undefined) return;
      await meanwhile(db).catch(() => {
        // The database chose this side as the victim: the login was spared.
        seen = undefined;
      });
    }

    return {
      async met(count) {
        const until = performance.now() + MET_MS;
        const enough = async () => seen !== undefined && (await waiters()).rows.length >= count;
        while (performance.now() < until && !(await enough())) await pauseToLook();
      },
      async end() {
        over = true;
        await watching;
        await db.query('ROLLBACK').catch(() => undefined);
        await Promise.all([db.end(), observer.end()]);
        return seen;
      },
    };
  }

  return {
    url: own.toString(),
    async prepare() {
      await pool.query(`
        CREATE TABLE slow_rows (user_id BIGINT PRIMARY KEY);
        CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF EXISTS (SELECT 1 FROM slow_rows s WHERE s.user_id = NEW.user_id) THEN
              PERFORM pg_sleep(60);
            END IF;
            RETURN NEW;
          END $$;
        CREATE TRIGGER dawdle BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION dawdle();`);
    },
    async deadlock(victim) {
      let userId = '';
      return hold(
        async (db) => {
          userId = await remember(victim);
          // Whoever looks first for a deadlock is its victim: that should be the service.
          await db.query(`SAVEPOINT patience`);
          await db
            .query(`SET LOCAL deadlock_timeout = '20s'`)
            .catch(() => db.query('ROLLBACK TO patience'));
          await db.query(
            'SELECT 1 FROM wechat_identities WHERE app_id = $1 AND openid = $2 FOR UPDATE',
            [victim.appId, victim.openid],
          );
        },
        async (db) => {
          await db.query('SELECT 1 FROM users WHERE user_id = $1 FOR UPDATE', [userId]);
        },
      );
    },
    lockWait: async (victim) =>
      hold(async (db) => {
        const userId = await remember(victim);
        await db.query('SELECT 1 FROM users WHERE user_id = $1 FOR UPDATE', [userId]);
      }),
    async slow(victim) {
      const userId = await remember(victim);
      await pool.query('INSERT INTO slow_rows VALUES ($1)', [userId]);
      let seen: string | undefined;
      const timer = setInterval(async () => {
        const { rows } = await pool.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'`,
        );
        if (rows[0] !== undefined) seen = `pid ${rows[0].pid} slept in a trigger`;
      }, 4 * LOOK_AGAIN_MS);
      return {
        async met() {},
        async end() {
          clearInterval(timer);
          await pool.query('DELETE FROM slow_rows WHERE user_id = $1', [userId]);
          return seen;
        },
      };
    },
    lockPasswords: () =>
      hold(async (db) => {
        await db.query('LOCK TABLE password_credentials IN ACCESS EXCLUSIVE MODE');
      }),
    async close() {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    },
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
