/** A set of small numbers that is emptied in one step. */
export class LeafSet {
  /** The members up to {@link size}, in the order they came; valid until the set is cleared. */
  readonly members: Int32Array;
  size = 0;
  private readonly addedIn: Uint32Array;
  private round = 1;

  /** @param limit one more than the largest member. */
  constructor(limit: number) {
    this.members = new Int32Array(limit);
    this.addedIn = new Uint32Array(limit);
  }

  clear(): void {
    this.size = 0;
    if (++this.round === 0x100000000) {
      this.addedIn.fill(0);
      this.round = 1;
    }
  }

  has(member: number): boolean {
    return this.addedIn[member] === this.round;
  }

  /** @returns false when it was a member before. */
  add(member: number): boolean {
    if (this.addedIn[member] === this.round) return false;
    this.addedIn[member] = this.round;
    this.members[this.size++] = member;
    return true;
  }

  /** The members, ascending, in an array of their own; `none` when there are none. */
  sorted(none: readonly number[]): readonly number[] {
    if (this.size === 0) return none;
    if (this.size > 16) return [...this.members.subarray(0, this.size).slice().sort()];
    const list: number[] = [];
    for (let i = 0; i < this.size; i++) {
      const member = this.members[i];
      let at = i;
      while (at > 0 && list[at - 1] > member) {
        list[at] = list[at - 1];
        at--;
      }
      list[at] = member;
    }
    return list;
  }
}
