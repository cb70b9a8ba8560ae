/** How often each key was counted. */
export type Counts<K> = Map<K, number>;

export function count<K>(into: Counts<K>, key: K, times = 1): void {
  into.set(key, (into.get(key) ?? 0) + times);
}

export function absorbCounts<K>(into: Counts<K>, from: ReadonlyMap<K, number>): void {
  for (const [key, times] of from) count(into, key, times);
}

/** A record with a zero for each key. */
export function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}

export function absorbRecord<K extends string>(
  into: Record<K, number>,
  from: Readonly<Record<K, number>>,
): void {
  for (const key of Object.keys(from) as K[]) into[key] += from[key];
}
