import type { Entry, EntryLevel } from '../entry.ts';
import type { Setting, StateFault } from '../happening.ts';
import type { Fields } from '../json.ts';
import type { Failure } from '../trouble.ts';

/** Short makers for the entries that every service writes. */
export function says(level: EntryLevel, message: string, fields: Fields = {}): Entry {
  return { level, message, fields };
}

export function complains(
  level: EntryLevel,
  message: string,
  error: Failure | undefined,
  fields: Fields = {},
): Entry {
  return error === undefined ? { level, message, fields } : { level, message, fields, error };
}

/** The wording of a refused state, by what is wrong with it. */
export type StateWords = Readonly<Record<StateFault, string>>;

/** Milliseconds of work, as services like to put beside their successes. */
export function took(setting: Setting, medianMs: number): number {
  return Math.max(1, Math.round(setting.rng.logNormal(medianMs, 0.5)));
}
