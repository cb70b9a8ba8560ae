import type { RejectCode, Rejected, RejectedSample, SourceSummary } from '../model/index.ts';

/** Rejected lines that are kept for the report, by source. */
const SAMPLES_KEPT = 5;

/** What became of the lines of one source, as far as they were read here. Plain data. */
export interface SourceCounts {
  readonly name: string;
  bytes: number;
  lines: number;
  blank: number;
  joined: number;
  records: number;
  events: number;
  readonly rejected: Partial<Record<RejectCode, number>>;
  readonly damaged: Partial<Record<RejectCode, number>>;
  readonly forms: Record<string, number>;
  /** The first few rejected lines. */
  readonly samples: Rejected[];
  /** Why the source broke off, where it did. */
  broken: { readonly code: RejectCode; readonly reason: string } | undefined;
}

export function emptySource(name: string): SourceCounts {
  return {
    name,
    bytes: 0,
    lines: 0,
    blank: 0,
    joined: 0,
    records: 0,
    events: 0,
    rejected: {},
    damaged: {},
    forms: {},
    samples: [],
    broken: undefined,
  };
}

export function countRejected(into: SourceCounts, rejected: Rejected): void {
  addCounts(rejected.within === true ? into.damaged : into.rejected, { [rejected.code]: 1 });
  keepSample(into, rejected);
}

/**
 * Adds what was read elsewhere of the same source.
 * @param linesBefore lines of the source before those that were counted there
 */
export function absorbSource(into: SourceCounts, from: SourceCounts, linesBefore: number): void {
  into.bytes += from.bytes;
  into.lines += from.lines;
  into.blank += from.blank;
  into.joined += from.joined;
  into.records += from.records;
  into.events += from.events;
  addCounts(into.rejected, from.rejected);
  addCounts(into.damaged, from.damaged);
  addCounts(into.forms, from.forms);
  for (const sample of from.samples) {
    keepSample(into, { ...sample, line: linesBefore + sample.line });
  }
  into.broken ??= from.broken;
}

export function addCounts<K extends string>(
  into: Partial<Record<K, number>>,
  from: Readonly<Partial<Record<K, number>>>,
): void {
  for (const key of Object.keys(from) as K[]) into[key] = (into[key] ?? 0) + (from[key] ?? 0);
}

/** What follows the last whole line of a broken source is lost and counted as one rejected line. */
export function closeBroken(counts: SourceCounts): void {
  if (counts.broken === undefined) return;
  counts.lines += 1;
  countRejected(counts, { line: counts.lines, ...counts.broken });
  counts.broken = undefined;
}

export function summaryOf(counts: SourceCounts): SourceSummary {
  return {
    name: counts.name,
    bytes: counts.bytes,
    lines: counts.lines,
    blank: counts.blank,
    joined: counts.joined,
    records: counts.records,
    events: counts.events,
    other: counts.records - counts.events,
    rejected: sorted(counts.rejected),
    damaged: sorted(counts.damaged),
    forms: sorted(counts.forms),
  };
}

/** By key, so that it does not show what was met first. */
export function sorted<T extends Readonly<Record<string, number>>>(counts: T): T {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}

export function samplesOf({ name, samples }: SourceCounts): RejectedSample[] {
  return samples.map(({ line, code, reason }) => ({ file: name, line, code, reason }));
}

function keepSample({ samples }: SourceCounts, sample: Rejected): void {
  let at = samples.length;
  while (at > 0 && samples[at - 1].line > sample.line) at -= 1;
  if (at === SAMPLES_KEPT) return;
  samples.splice(at, 0, sample);
  samples.length = Math.min(samples.length, SAMPLES_KEPT);
}
