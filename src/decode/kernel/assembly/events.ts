/** Writes the events of rows whose template is known, as `EventWriter.repeat` of the host. */

import * as digests from './digest';
import { high, low, mix, salt } from './hash';
import { COUNTER } from './ids';
import { end, entryStart, input, inScratch, line, ROWS, rowKind, scratch, start } from './memory';
import { findTemplate, heldId, placeOfTime, rankOfTime, Template } from './templates';
import { readTime, UNSURE } from './times';

/** As `MAX_IDS` of the host: a row that has more keeps the first of them. */
const MAX_IDS: i32 = 64;
const SCHEMAS: i32 = 64;
/** As `RecordKind.log` of the host. */
const LOG: u8 = 0;

/** The columns of an `EventBatch`. A row gives one event at most. */
export const eventRow: usize = heap.alloc(ROWS << 2);
export const eventLine: usize = heap.alloc(ROWS << 2);
export const eventTime: usize = heap.alloc(ROWS << 3);
export const eventSeverity: usize = heap.alloc(ROWS);
export const eventStage: usize = heap.alloc(ROWS);
export const eventOutcome: usize = heap.alloc(ROWS);
export const eventKind: usize = heap.alloc(ROWS);
export const eventHashHigh: usize = heap.alloc(ROWS << 2);
export const eventHashLow: usize = heap.alloc(ROWS << 2);
export const eventTemplate: usize = heap.alloc(ROWS << 2);
export const eventIdStart: usize = heap.alloc((ROWS + 1) << 2);
export const eventIdNamespace: usize = heap.alloc(ROWS * MAX_IDS);
export const eventIdHigh: usize = heap.alloc((ROWS * MAX_IDS) << 2);
export const eventIdLow: usize = heap.alloc((ROWS * MAX_IDS) << 2);

/** Events and ids in the columns. */
export let events: i32 = 0;
export let eventIds: i32 = 0;
/** Log rows by schema, and the range of their times, since the host last looked. */
export const rowsBySchema: usize = heap.alloc(SCHEMAS << 2);
export let minTimeMs: f64 = Infinity;
export let maxTimeMs: f64 = -Infinity;
/** The row at which {@link repeatRows} stopped has a digest. */
export let isDigested: bool = false;

/**
 * Writes the events of the rows between two, until one is the host's to read.
 * @param eventsBefore what stands in the columns already
 * @returns the row it stopped at
 */
export function repeatRows(from: i32, until: i32, eventsBefore: i32): i32 {
  events = eventsBefore;
  eventIds = load<i32>(eventIdStart + (events << 2));
  for (let row = from; row < until; row++) {
    isDigested = digests.digestRow(row);
    if (!isDigested) return row;
    const template = findTemplate();
    if (template == null || !repeat(template, row)) return row;
  }
  return until;
}

function repeat(template: Template, row: i32): bool {
  const time = timeOf(template, load<i32>(entryStart + (row << 2)));
  if (time == UNSURE) return false;
  if (time < minTimeMs) minTimeMs = time;
  if (time > maxTimeMs) maxTimeMs = time;
  if (load<u8>(rowKind + row) == LOG) {
    const counter = rowsBySchema + (template.schema << 2);
    store<i32>(counter, load<i32>(counter) + 1);
  }
  if (template.isEvent == 0) return true;
  const event = events;
  const word = event << 2;
  store<i32>(eventRow + word, row);
  store<i32>(eventLine + word, load<i32>(line + (row << 2)));
  store<f64>(eventTime + (event << 3), time);
  store<u8>(eventSeverity + event, <u8>template.severity);
  store<u8>(eventStage + event, <u8>template.stage);
  store<u8>(eventOutcome + event, <u8>template.outcome);
  store<u8>(eventKind + event, <u8>template.kind);
  store<i32>(eventTemplate + word, template.number);
  hashContent(template, time);
  store<i32>(eventHashHigh + word, high);
  store<i32>(eventHashLow + word, low);
  addIds(template);
  events = event + 1;
  store<i32>(eventIdStart + word + 4, eventIds);
  return true;
}

function timeOf(template: Template, firstEntry: i32): f64 {
  let best: f64 = NaN;
  let bestRank: i32 = i32.MAX_VALUE;
  for (let i = 0; i < template.times; i++) {
    const rank = rankOfTime(template, i);
    if (rank > bestRank) continue;
    const entry = firstEntry + placeOfTime(template, i);
    const base = load<u8>(inScratch + entry) == 1 ? scratch : input;
    const from = base + load<u32>(start + (entry << 2));
    const to = base + load<u32>(end + (entry << 2));
    const time = readTime(from, to, template.offsetMs);
    if (time == UNSURE) return UNSURE;
    if (isNaN(time)) continue;
    if (rank < bestRank || time < best) {
      best = time;
      bestRank = rank;
    }
  }
  return best;
}

@inline
function hashContent(template: Template, time: f64): void {
  const bits = isNaN(time) ? 0 : reinterpret<u64>(time);
  const contentHigh = template.contentHigh + digests.contentHigh;
  const contentLow = template.contentLow + digests.contentLow;
  mix(
    contentHigh + <i32>(bits >> 32) * <i32>0xc2b2ae35,
    contentLow + <i32>bits * 0x27d4eb2f,
  );
}

function addIds(template: Template): void {
  for (let i = 0; i < template.ids; i++) {
    const at = heldId(template, i);
    insertId(load<i32>(at), load<u32>(at, 4), load<u32>(at, 8));
  }
  let takes = template.takes;
  while (takes != 0) {
    const i = ctz(takes);
    takes &= takes - 1;
    const namespace = <i32>load<u8>(digests.namespace + i);
    let idHigh = load<i32>(digests.idHigh + (i << 2));
    let idLow = load<i32>(digests.idLow + (i << 2));
    if (load<u8>(digests.mask + i) == COUNTER) {
      mix(idHigh ^ template.hostHigh, idLow ^ template.hostLow);
      salt(namespace + 1);
      idHigh = high;
      idLow = low;
    }
    insertId(namespace, <u32>idHigh, <u32>idLow);
  }
}

/** Adds an id to the open event, unless it stands there already; ids stay in ascending order. */
function insertId(namespace: i32, idHigh: u32, idLow: u32): void {
  const from = load<i32>(eventIdStart + (events << 2));
  let at = eventIds;
  if (at - from == MAX_IDS) return;
  for (let i = from; i < at; i++) {
    if (
      load<u32>(eventIdLow + (i << 2)) == idLow &&
      load<u32>(eventIdHigh + (i << 2)) == idHigh &&
      <i32>load<u8>(eventIdNamespace + i) == namespace
    ) {
      return;
    }
  }
  while (at > from && comesBefore(namespace, idHigh, idLow, at - 1)) {
    store<u8>(eventIdNamespace + at, load<u8>(eventIdNamespace + at - 1));
    store<u32>(eventIdHigh + (at << 2), load<u32>(eventIdHigh + (at << 2) - 4));
    store<u32>(eventIdLow + (at << 2), load<u32>(eventIdLow + (at << 2) - 4));
    at--;
  }
  store<u8>(eventIdNamespace + at, <u8>namespace);
  store<u32>(eventIdHigh + (at << 2), idHigh);
  store<u32>(eventIdLow + (at << 2), idLow);
  eventIds++;
}

@inline
function comesBefore(namespace: i32, idHigh: u32, idLow: u32, other: i32): bool {
  const otherNamespace = <i32>load<u8>(eventIdNamespace + other);
  if (namespace != otherNamespace) return namespace < otherNamespace;
  const otherHigh = load<u32>(eventIdHigh + (other << 2));
  if (idHigh != otherHigh) return idHigh < otherHigh;
  return idLow < load<u32>(eventIdLow + (other << 2));
}

/** Forgets rows and times that the host has counted. */
export function clearCounts(): void {
  memory.fill(rowsBySchema, 0, SCHEMAS << 2);
  minTimeMs = Infinity;
  maxTimeMs = -Infinity;
}
