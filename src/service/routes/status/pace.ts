/** Who polls a flow faster than the interval is told to slow down (RFC 8628 §3.5). */
export interface Pace {
  /** @returns whether this poll comes too early after the one before. */
  tooFast(flowId: string): boolean;
}

/** Times are forgotten all at once; a client that gets one poll more for it does no harm. */
const MAX_KNOWN = 50_000;

/** A timer that fires a little early is no offence. */
const TOLERANCE = 0.8;

export function createPace(intervalMs: number, now: () => number): Pace {
  const lastMs = new Map<string, number>();
  return {
    tooFast(flowId) {
      if (intervalMs === 0) return false;
      const before = lastMs.get(flowId);
      if (lastMs.size >= MAX_KNOWN) lastMs.clear();
      lastMs.set(flowId, now());
      return before !== undefined && now() - before < intervalMs * TOLERANCE;
    },
  };
}
