import type { Attributes } from '@opentelemetry/api';

/** What was wrong with this process itself, for events that tell of a failure. */
export interface Vitals {
  /** Empty while all is well. */
  facts(): Attributes;
  close(): void;
}

export interface VitalsOptions {
  readonly now: () => number;
  /** The clock of a store that all instances share, in Unix milliseconds. */
  readonly sharedNow: () => Promise<number>;
  /** Told when the clocks differ, after each comparison. */
  readonly onClockDiffers: (offsetMs: number) => void;
}

const TICK_MS = 200;
/** A loop that is late by less is busy, not blocked. */
const LAG_WORTH_TELLING_MS = 1000;
/** A block explains what fails this much later: queues take their time to drain. */
const LAG_MEMORY_MS = 5000;

const CLOCK_CHECK_MS = 30_000;
/** More than a network adds, less than tokens tolerate. */
const OFFSET_WORTH_TELLING_MS = 2000;

/** Watches the event loop and the clock: whoever fails by them cannot know it from the request. */
export function createVitals(options: VitalsOptions): Vitals {
  const { now, sharedNow, onClockDiffers } = options;
  let offsetMs = 0;
  let tickedAtMs = performance.now();
  let lag = { atMs: Number.NEGATIVE_INFINITY, ms: 0 };

  function tick(): void {
    const nowMs = performance.now();
    const lateMs = nowMs - tickedAtMs - TICK_MS;
    tickedAtMs = nowMs;
    if (lateMs >= LAG_WORTH_TELLING_MS) lag = { atMs: nowMs, ms: Math.round(lateMs) };
  }

  async function compareClocks(): Promise<void> {
    const beforeMs = now();
    const sharedMs = await sharedNow();
    offsetMs = Math.round((beforeMs + now()) / 2 - sharedMs);
    if (Math.abs(offsetMs) >= OFFSET_WORTH_TELLING_MS) onClockDiffers(offsetMs);
  }

  // A store that does not answer says so to everybody else; the clock can wait.
  const compare = () => void compareClocks().catch(() => {});
  const timers = [setInterval(tick, TICK_MS), setInterval(compare, CLOCK_CHECK_MS)];
  for (const timer of timers) timer.unref();
  compare();

  return {
    facts() {
      // The loop may have come free just now, before the timer got its turn.
      if (performance.now() - tickedAtMs - TICK_MS >= LAG_WORTH_TELLING_MS) tick();
      return {
        ...(performance.now() - lag.atMs < LAG_MEMORY_MS && {
          'nodejs.eventloop.delay.max': lag.ms / 1000,
        }),
        ...(Math.abs(offsetMs) >= OFFSET_WORTH_TELLING_MS && { 'clock.offset_ms': offsetMs }),
      };
    },
    close() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
