/** Requests that somebody works on at the same time. */
const MOST_AT_WORK = 8;

/** How late timers may be. */
const MOST_LAG_MS = 100;

const TICK_MS = 50;

/** A machine that falls behind would fail logins by itself: people wait at the door meanwhile. */
export interface Load {
  /** Resolves once there is room for another. */
  calm(): Promise<void>;
  close(): void;
}

/** @param atWork how many requests somebody works on */
export function watchLoad(atWork: () => number): Load {
  let tickedAtMs = performance.now();
  let lagMs = 0;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    // A pause is forgotten over some seconds.
    lagMs = Math.max(nowMs - tickedAtMs - TICK_MS, lagMs * 0.95);
    tickedAtMs = nowMs;
  }, TICK_MS);
  return {
    async calm() {
      while (lagMs > MOST_LAG_MS || atWork() >= MOST_AT_WORK) {
        await new Promise((resolve) => setTimeout(resolve, TICK_MS / 2));
      }
    },
    close: () => clearInterval(timer),
  };
}
