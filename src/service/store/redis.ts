import { Redis } from 'ioredis';
import { type StateStore, StateStoreError } from './state-store.ts';

/** Redis has no compare-and-set; a script is one step as well. */
const COMPARE_AND_SET = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1
end
return 0`;

interface RedisWithScripts extends Redis {
  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<number>;
}

export interface RedisOptions {
  readonly url: string;
  /** For one command; a Redis that does not answer must not hold a login for ever. */
  readonly timeoutMs: number;
  /** Keys and channels start with it, so that services may share a Redis. */
  readonly prefix?: string;
}

/** The state all instances share. Connects at once; commands wait for the connection. */
export function createRedisStore(options: RedisOptions): StateStore {
  const prefix = options.prefix ?? 'scan-login:';
  const connect = () =>
    new Redis(options.url, {
      commandTimeout: options.timeoutMs,
      connectTimeout: options.timeoutMs,
      maxRetriesPerRequest: 1,
      retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
    }).on('error', ignore);
  const redis = connect() as RedisWithScripts;
  redis.defineCommand('compareAndSet', { numberOfKeys: 1, lua: COMPARE_AND_SET });
  // A connection that listens can do nothing else.
  let listening: Redis | undefined;
  const listeners = new Map<string, Set<(message: string) => void>>();

  function listener(): Redis {
    listening ??= connect().on('message', (channel: string, message: string) => {
      for (const listen of listeners.get(channel) ?? []) listen(message);
    });
    return listening;
  }

  return {
    async putIfAbsent(key, value, ttlMs) {
      return (await named(redis.set(prefix + key, value, 'PX', ttlMs, 'NX'))) === 'OK';
    },
    async put(key, value, ttlMs) {
      await named(redis.set(prefix + key, value, 'PX', ttlMs));
    },
    async get(key) {
      return (await named(redis.get(prefix + key))) ?? undefined;
    },
    async take(key) {
      return (await named(redis.getdel(prefix + key))) ?? undefined;
    },
    async compareAndSet(key, expected, value, ttlMs) {
      return (await named(redis.compareAndSet(prefix + key, expected, value, ttlMs))) === 1;
    },
    async delete(key) {
      await named(redis.del(prefix + key));
    },
    async publish(channel, message) {
      await named(redis.publish(prefix + channel, message));
    },
    async subscribe(name, listen) {
      const channel = prefix + name;
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known.add(listen));
      if (known.size === 1) await named(listener().subscribe(channel));
      return async () => {
        known.delete(listen);
        if (known.size > 0 || listeners.get(channel) !== known) return;
        listeners.delete(channel);
        await listener().unsubscribe(channel);
      };
    },
    async nowMs() {
      const [seconds, microseconds] = await named(redis.time());
      return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
    },
    async ping() {
      await named(redis.ping());
    },
    async close() {
      listening?.disconnect();
      redis.disconnect();
    },
  };
}

/** The client's errors do not say whose they are; `Command timed out` could be anybody's. */
async function named<T>(command: Promise<T>): Promise<T> {
  try {
    return await command;
  } catch (error) {
    throw new StateStoreError('redis', error as Error);
  }
}

/** Each command that fails says so to its caller; the client's own report would crash the process. */
function ignore(): void {}
