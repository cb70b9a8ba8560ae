import { EventEmitter } from 'node:events';
import type { StateStore } from './state-store.ts';

interface Entry {
  readonly value: string;
  readonly expiresAtMs: number;
}

const SWEEP_MS = 10_000;

/** The state of one instance: gone with the process, unseen by its siblings. */
export function createMemoryStore(now: () => number = Date.now): StateStore {
  const entries = new Map<string, Entry>();
  const channels = new EventEmitter().setMaxListeners(0);
  const sweep = setInterval(() => {
    for (const [key, { expiresAtMs }] of entries) if (expiresAtMs <= now()) entries.delete(key);
  }, SWEEP_MS).unref();

  function read(key: string): string | undefined {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAtMs > now()) return entry.value;
    entries.delete(key);
    return undefined;
  }

  function write(key: string, value: string, ttlMs: number): void {
    entries.set(key, { value, expiresAtMs: now() + ttlMs });
  }

  return {
    async putIfAbsent(key, value, ttlMs) {
      if (read(key) !== undefined) return false;
      write(key, value, ttlMs);
      return true;
    },
    async put(key, value, ttlMs) {
      write(key, value, ttlMs);
    },
    async get(key) {
      return read(key);
    },
    async take(key) {
      const value = read(key);
      entries.delete(key);
      return value;
    },
    async compareAndSet(key, expected, value, ttlMs) {
      if (read(key) !== expected) return false;
      write(key, value, ttlMs);
      return true;
    },
    async delete(key) {
      entries.delete(key);
    },
    async publish(channel, message) {
      channels.emit(channel, message);
    },
    async subscribe(channel, listener) {
      channels.on(channel, listener);
      return async () => {
        channels.off(channel, listener);
      };
    },
    async nowMs() {
      return now();
    },
    async ping() {},
    async close() {
      clearInterval(sweep);
      channels.removeAllListeners();
    },
  };
}
