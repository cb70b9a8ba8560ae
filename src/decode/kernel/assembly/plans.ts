/** What the host does with the entries of each path, as far as it says how they go into a digest. */

import { NODES } from './paths';

/** As `DigestAs` of the host. */
export const WHOLE: u8 = 0;
export const TIME: u8 = 1;
export const TIME_PART: u8 = 2;
export const AS_ID: u8 = 3;
export const AS_TEXT: u8 = 4;
/** Nobody looks at it. */
export const IGNORED: u8 = 5;
/** Nothing is known of it yet. */
export const UNPLANNED: u8 = 6;

@unmanaged
export class Plan {
  digestAs: u8;
  role: u8;
  namespace: u8;
  /** Somebody asks for the ids as values. */
  asked: u8;
  /** Prose, which may stand several times, and in an outer record for the inner one. */
  isProse: u8;
  hasMarks: u8;
  salt: i32;
  marksOfNumber: i32;
  marksOfUpper: i32;
  marksOfText: i32;
  marksOfOther: i32;
}

const plans: usize = heap.alloc(NODES * offsetof<Plan>());

@inline
export function planOf(node: i32): Plan {
  return changetype<Plan>(plans + node * offsetof<Plan>());
}

export function clearPlans(): void {
  for (let node = 0; node < NODES; node++) planOf(node).digestAs = UNPLANNED;
}

export function setPlan(
  node: i32,
  digestAs: i32,
  role: i32,
  namespace: i32,
  asked: bool,
  isProse: bool,
  salt: i32,
): void {
  const plan = planOf(node);
  plan.digestAs = <u8>digestAs;
  plan.role = <u8>role;
  plan.namespace = <u8>namespace;
  plan.asked = <u8>asked;
  plan.isProse = <u8>isProse;
  plan.hasMarks = 0;
  plan.salt = salt;
}

/** What the presence of an entry says about the schema of its record, by its kind. */
export function setMarks(node: i32, number: i32, upper: i32, text: i32, other: i32): void {
  const plan = planOf(node);
  plan.hasMarks = 1;
  plan.marksOfNumber = number;
  plan.marksOfUpper = upper;
  plan.marksOfText = text;
  plan.marksOfOther = other;
}
