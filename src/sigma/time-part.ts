import { decimalOf } from './decimal.ts';

export const TIME_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;

export type TimeUnit = (typeof TIME_UNITS)[number];

const DATE = /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/;

/**
 * One part of a point in time: `YYYY-MM-DD` with an optional `hh:mm` is read as written, without
 * any change of zone; a number is Unix time (seconds, or milli-, micro- or nanoseconds by its
 * size) in UTC. `week` is the ISO 8601 week, 1 to 53.
 * @returns undefined when the text is no time, or has no such part.
 */
export function timePartOf(text: string, unit: TimeUnit): number | undefined {
  const number = decimalOf(text);
  if (number !== undefined) return partOf(new Date(unixMs(number)), unit);
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute] = match.slice(1).map((part) => part && Number(part));
  if (hour === undefined && (unit === 'hour' || unit === 'minute')) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour ?? 0), Number(minute ?? 0));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) {
    return undefined;
  }
  return partOf(date, unit);
}

function unixMs(number: number): number {
  const size = Math.abs(number);
  if (size < 1e11) return number * 1000;
  if (size < 1e14) return number;
  return size < 1e17 ? number / 1e3 : number / 1e6;
}

function partOf(date: Date, unit: TimeUnit): number | undefined {
  if (Number.isNaN(date.getTime())) return undefined;
  switch (unit) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'week':
      return isoWeek(date);
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
  }
}

/** Weeks begin on Monday; the first of a year is the one with its first Thursday. */
function isoWeek(date: Date): number {
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(day + (3 - weekday) * 86_400_000);
  const yearStart = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday.getTime() - yearStart) / (7 * 86_400_000));
}
