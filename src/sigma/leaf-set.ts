/** A set of leaf numbers that is emptied in one step. */
export interface LeafSet {
  clear(): void;
  /** The members, in the order they came; valid until the set is cleared. */
  readonly members: readonly number[];
  has(leaf: number): boolean;
  add(leaf: number): void;
}

/** @param size one more than the largest leaf. */
export function createLeafSet(size: number): LeafSet {
  const seenAt = new Uint32Array(size);
  const members: number[] = [];
  let round = 1;
  return {
    members,
    clear() {
      members.length = 0;
      if (++round === 0x100000000) {
        seenAt.fill(0);
        round = 1;
      }
    },
    has: (leaf) => seenAt[leaf] === round,
    add(leaf) {
      if (seenAt[leaf] === round) return;
      seenAt[leaf] = round;
      members.push(leaf);
    },
  };
}
