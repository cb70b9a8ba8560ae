/**
 * Which distinct things (events, or values of a field) were seen in a stretch of time: those seen
 * first and those seen last, up to a limit each. Whatever else came between is more than anybody
 * counts. Neither the order of additions nor repetition changes what is kept. Plain data, so that
 * it travels between threads.
 */
export interface DistinctTimes {
  /** First time of each thing; the earliest `limit` of them. */
  readonly earliest: Map<string, number>;
  /** Last time of each thing; the latest `limit` of them. */
  readonly latest: Map<string, number>;
}

export function distinctTimes(): DistinctTimes {
  return { earliest: new Map(), latest: new Map() };
}

export function noteDistinct(
  { earliest, latest }: DistinctTimes,
  limit: number,
  thing: string,
  timeMs: number,
): void {
  note(earliest, limit, thing, timeMs, (a, b) => a - b);
  note(latest, limit, thing, timeMs, (a, b) => b - a);
}

export function absorbDistinct(times: DistinctTimes, limit: number, other: DistinctTimes): void {
  for (const [thing, timeMs] of other.earliest) noteDistinct(times, limit, thing, timeMs);
  for (const [thing, timeMs] of other.latest) noteDistinct(times, limit, thing, timeMs);
}

/** The things that count, in order of their first or last times. */
export function firstSeen({ earliest }: DistinctTimes, limit: number): [string, number][] {
  return [...earliest].sort(by((a, b) => a - b)).slice(0, limit);
}

export function lastSeen({ latest }: DistinctTimes, limit: number): [string, number][] {
  return [...latest]
    .sort(by((a, b) => b - a))
    .slice(0, limit)
    .reverse();
}

type Order = (a: number, b: number) => number;

/**
 * Twice the limit may gather before the surplus goes, so that its cost is spread. What is dropped
 * could never come back: as many better ones are known, and they only get better.
 */
function note(
  times: Map<string, number>,
  limit: number,
  thing: string,
  timeMs: number,
  order: Order,
): void {
  const known = times.get(thing);
  if (known !== undefined && order(known, timeMs) <= 0) return;
  times.set(thing, timeMs);
  if (times.size < 2 * limit) return;
  const surplus = [...times].sort(by(order)).slice(limit);
  for (const [name] of surplus) times.delete(name);
}

const by =
  (order: Order) =>
  ([a, x]: [string, number], [b, y]: [string, number]): number =>
    order(x, y) || (a < b ? -1 : 1);
