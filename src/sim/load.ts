/** Requests that somebody works on at the same time. */
const MOST_AT_WORK = 6;

/** How late timers may be. */
const MOST_LAG_MS = 100;

const LAG_TICK_MS = 50;
const DOOR_TICK_MS = 5;

/**
 * The door people go through before each thing they do. A machine that falls behind would fail
 * logins by itself, so they wait here meanwhile, in the order they came.
 */
export interface Door {
  pass(): Promise<void>;
  close(): void;
}

/** @param atWork how many requests somebody works on */
export function openDoor(atWork: () => number): Door {
  const waiting: (() => void)[] = [];
  let tickedAtMs = performance.now();
  let lagMs = 0;
  const lag = setInterval(() => {
    const nowMs = performance.now();
    // A pause is forgotten over some seconds.
    lagMs = Math.max(nowMs - tickedAtMs - LAG_TICK_MS, lagMs * 0.95);
    tickedAtMs = nowMs;
  }, LAG_TICK_MS);
  // One at a time: whoever goes through is not at work yet.
  const door = setInterval(() => {
    if (lagMs <= MOST_LAG_MS && atWork() < MOST_AT_WORK) waiting.shift()?.();
  }, DOOR_TICK_MS);
  return {
    pass: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    close() {
      clearInterval(lag);
      clearInterval(door);
    },
  };
}
