/** What rows of one digest have in common, as the host has found out. */

import { low as hashLow, high as hashHigh } from './hash';

/** As many as the host keeps. */
const TEMPLATES: i32 = 1 << 14;
const SLOTS: i32 = 1 << 15;
const MAX_TIMES: i32 = 8;
/** Ids of all templates together: few hold any. */
const MAX_HELD: i32 = 1 << 14;

@unmanaged
export class Template {
  digestHigh: i32;
  digestLow: i32;
  number: i32;
  schema: i32;
  isEvent: i32;
  severity: i32;
  stage: i32;
  outcome: i32;
  kind: i32;
  contentHigh: i32;
  contentLow: i32;
  /** Salts the counters. */
  hostHigh: i32;
  hostLow: i32;
  /** By masked entry, whether the row takes its id. */
  takes: u32;
  /** Entries that may hold the time, in the first places and ranks below. */
  times: i32;
  /** Ids that the template itself holds, and the first of them among all that are held. */
  ids: i32;
  firstId: i32;
  /** Of times that name no zone; NaN when it depends on the time. */
  offsetMs: f64;
  place0: i32;
  place1: i32;
  place2: i32;
  place3: i32;
  place4: i32;
  place5: i32;
  place6: i32;
  place7: i32;
  /** The lowest is believed. */
  rank0: i32;
  rank1: i32;
  rank2: i32;
  rank3: i32;
  rank4: i32;
  rank5: i32;
  rank6: i32;
  rank7: i32;
}

const SIZE: usize = offsetof<Template>();
const templates: usize = heap.alloc(<usize>TEMPLATES * SIZE);
/** A template's place plus one; 0 where none is. */
const slots: usize = heap.alloc(SLOTS << 2);
let count: i32 = 0;

/** Namespace, high and low of each id that a template holds. */
const held: usize = heap.alloc(MAX_HELD * 12);
let heldCount: i32 = 0;

/** The host writes here what {@link learnTemplate} is to learn, and the ids it holds. */
export const lesson: usize = heap.alloc(SIZE);
export const lessonIds: usize = heap.alloc(64 * 12);

export function clearTemplates(): void {
  memory.fill(slots, 0, SLOTS << 2);
  count = 0;
  heldCount = 0;
}

/** @returns false when there is no room: the host keeps such rows. */
export function learnTemplate(): bool {
  const told = changetype<Template>(lesson);
  if (count == TEMPLATES || heldCount + told.ids > MAX_HELD) return false;
  const at = templates + <usize>count * SIZE;
  told.firstId = heldCount;
  memory.copy(at, lesson, SIZE);
  memory.copy(held + heldCount * 12, lessonIds, told.ids * 12);
  heldCount += told.ids;
  let slot = told.digestLow & (SLOTS - 1);
  while (load<i32>(slots + (slot << 2)) != 0) slot = (slot + 1) & (SLOTS - 1);
  count++;
  store<i32>(slots + (slot << 2), count);
  return true;
}

/** @returns the template of the digest that stands in `high` and `low`, or null */
export function findTemplate(): Template | null {
  const high = hashHigh;
  const low = hashLow;
  let slot = low & (SLOTS - 1);
  while (true) {
    const number = load<i32>(slots + (slot << 2));
    if (number == 0) return null;
    const template = changetype<Template>(templates + <usize>(number - 1) * SIZE);
    if (template.digestLow == low && template.digestHigh == high) return template;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

@inline
export function placeOfTime(template: Template, i: i32): i32 {
  return load<i32>(changetype<usize>(template) + (i << 2), offsetof<Template>('place0'));
}

@inline
export function rankOfTime(template: Template, i: i32): i32 {
  return load<i32>(changetype<usize>(template) + (i << 2), offsetof<Template>('rank0'));
}

/** Where namespace, high and low of an id that the template holds stand. */
@inline
export function heldId(template: Template, i: i32): usize {
  return held + (template.firstId + i) * 12;
}
