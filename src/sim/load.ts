/** Requests that somebody works on at the same time. */
const MOST_AT_WORK = 6;

/** How late timers may be. */
const MOST_LAG_MS = 100;

const LAG_TICK_MS = 50;
const DOOR_TICK_MS = 5;

/**
 * The door people go through before each thing they do. A machine that falls behind would fail
 * logins by itself, so they wait here meanwhile.
 */
export interface Door {
  /** For whoever comes: after all who are in the middle of something. */
  enter(): Promise<void>;
  /** For whoever goes on. */
  pass(): Promise<void>;
  close(): void;
}

/** @param atWork how many requests somebody works on */
export function openDoor(atWork: () => number): Door {
  const coming: (() => void)[] = [];
  const goingOn: (() => void)[] = [];
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
    if (lagMs <= MOST_LAG_MS && atWork() < MOST_AT_WORK) (goingOn.shift() ?? coming.shift())?.();
  }, DOOR_TICK_MS);
  return {
    enter: () => new Promise((resolve) => void coming.push(resolve)),
    pass: () => new Promise((resolve) => void goingOn.push(resolve)),
    close() {
      clearInterval(lag);
      clearInterval(door);
    },
  };
}
