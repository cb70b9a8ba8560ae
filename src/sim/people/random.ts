/** Numbers from 0 to 1 that a seed decides. */
export type Draw = () => number;

/** Independent numbers for each scope: what one login draws never shifts what another gets. */
export function drawFor(seed: number, ...scope: readonly (string | number)[]): Draw {
  let hash = 2166136261 ^ seed;
  for (const character of scope.join('/')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  }
  // Mulberry32.
  return () => {
    hash = (hash + 0x6d2b79f5) | 0;
    let mixed = Math.imul(hash ^ (hash >>> 15), 1 | hash);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A time as people and networks take it: half of them up to the median, few very long. */
export function logNormal(draw: Draw, median: number, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return median * Math.exp(sigma * normal);
}

export function pickOne<T>(draw: Draw, items: readonly T[]): T {
  return items[Math.floor(draw() * items.length)] as T;
}

/** A copy in an order that the seed decides. */
export function shuffled<T>(draw: Draw, items: readonly T[]): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}
