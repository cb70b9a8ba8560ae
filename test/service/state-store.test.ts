import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createMemoryStore,
  createRedisStore,
  type StateStore,
} from '../../src/service/store/index.ts';

const { REDIS_URL } = process.env;

/** Every state store keeps these promises. */
function stateStoreSuite(make: () => StateStore): void {
  let store: StateStore;
  beforeAll(() => {
    store = make();
  });
  afterAll(() => store.close());
  const key = () => `test-${randomUUID()}`;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test('gives back what was put, and nothing for what was not', async () => {
    const k = key();
    expect(await store.get(k)).toBeUndefined();
    await store.put(k, 'one', 10_000);
    await store.put(k, 'two ☃', 10_000);
    expect(await store.get(k)).toBe('two ☃');
    await store.delete(k);
    expect(await store.get(k)).toBeUndefined();
  });

  test('forgets when the time is up', async () => {
    const k = key();
    await store.put(k, 'v', 60);
    await pause(120);
    expect(await store.get(k)).toBeUndefined();
    expect(await store.take(k)).toBeUndefined();
    expect(await store.compareAndSet(k, 'v', 'w', 1000)).toBe(false);
    expect(await store.putIfAbsent(k, 'new', 1000)).toBe(true);
  });

  test('putIfAbsent: of many at once one succeeds', async () => {
    const k = key();
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.putIfAbsent(k, String(i), 10_000)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.get(k)).toBe(String(won.indexOf(true)));
  });

  test('take: of many at once one gets the value', async () => {
    const k = key();
    await store.put(k, 'once', 10_000);
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.take(k)));
    expect(taken.filter((value) => value === 'once')).toHaveLength(1);
    expect(await store.get(k)).toBeUndefined();
  });

  test('compareAndSet: of many at once one moves the value', async () => {
    const k = key();
    await store.put(k, 'a', 10_000);
    const moved = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.compareAndSet(k, 'a', `b${i}`, 10_000)),
    );
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await store.get(k)).toBe(`b${moved.indexOf(true)}`);
    expect(await store.compareAndSet(key(), 'a', 'b', 10_000)).toBe(false);
  });

  test('tells all listeners of a channel until they leave', async () => {
    const channel = key();
    const heard: string[] = [];
    const leave = await store.subscribe(channel, (message) => heard.push(`1 ${message}`));
    const stay = await store.subscribe(channel, (message) => heard.push(`2 ${message}`));
    await store.publish(channel, 'x');
    await store.publish(key(), 'elsewhere');
    await expect.poll(() => heard.sort()).toEqual(['1 x', '2 x']);
    await leave();
    await store.publish(channel, 'y');
    await expect.poll(() => heard.sort()).toEqual(['1 x', '2 x', '2 y']);
    await stay();
  });

  test('answers a ping', async () => {
    await store.ping();
  });
}

describe('in memory', () => stateStoreSuite(() => createMemoryStore()));

describe.skipIf(!REDIS_URL)('Redis (REDIS_URL)', () => {
  stateStoreSuite(() => createRedisStore({ url: REDIS_URL as string, timeoutMs: 2000 }));

  test('two instances hear of each other', async () => {
    const [one, two] = [1, 2].map(() =>
      createRedisStore({ url: REDIS_URL as string, timeoutMs: 2000 }),
    );
    const heard: string[] = [];
    await one.subscribe('both', (message) => heard.push(message));
    await two.publish('both', 'hello');
    await expect.poll(() => heard).toEqual(['hello']);
    await Promise.all([one.close(), two.close()]);
  });
});

test('a Redis that is not there is named as such', async () => {
  const store = createRedisStore({ url: 'redis://127.0.0.1:9', timeoutMs: 300 });
  await expect(store.get('k')).rejects.toMatchObject({
    name: 'StateStoreError',
    message: expect.stringMatching(/^redis: /) as unknown as string,
  });
  await store.close();
});
