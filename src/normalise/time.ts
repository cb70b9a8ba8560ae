import type { Zone } from './zone.ts';

const DAY_MS = 86_400_000;

/** Logs of this program's subject are younger than 2000 and older than 2100. */
const EARLIEST_MS = 946_684_800_000;
const LATEST_MS = 4_102_444_800_000;

/** @returns the time itself, or NaN when no log of ours can carry it. */
export function plausibleTime(timeMs: number): number {
  return timeMs >= EARLIEST_MS && timeMs < LATEST_MS ? timeMs : Number.NaN;
}

/**
 * Unix time in milliseconds, with fraction, from the bytes of a time field; NaN when they are
 * no time. Read are RFC 3339 and its relatives (`T` or blank, fraction after `.` or `,`, `Z`,
 * `+08:00`, `+0800`, `+08` or no zone), `2006/01/02 15:04:05`, `02/Jan/2006:15:04:05 +0800`,
 * and Unix time as seconds, milliseconds, microseconds or nanoseconds, told by its size.
 */
export function readTime(bytes: Uint8Array, start: number, end: number, zone: Zone): number {
  let from = start;
  while (from < end && (bytes[from] === BLANK || bytes[from] === 0x5b)) from += 1;
  if (end - from < 8) return Number.NaN;
  if (isDigit(bytes[from])) {
    const fourth = bytes[from + 4];
    if (fourth === DASH || fourth === SLASH) return readDateFirst(bytes, from, end, zone);
    if (bytes[from + 2] === SLASH) return readAccessLogTime(bytes, from, end, zone);
  }
  return readEpoch(bytes, from, end);
}

const BLANK = 0x20;
const DASH = 0x2d;
const SLASH = 0x2f;
const COLON = 0x3a;

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Two digits, or NaN. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 0x30;
  const ones = bytes[at + 1] - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar; month 1–12. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function readDateFirst(bytes: Uint8Array, start: number, end: number, zone: Zone): number {
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  if (end - start < 16 || bytes[start + 7] !== bytes[start + 4]) return Number.NaN;
  const separator = bytes[start + 10];
  if (separator !== 0x54 && separator !== 0x74 && separator !== BLANK) return Number.NaN;
  return readClock(bytes, start + 11, end, zone, dateMs(year, month, day));
}

/** Months by their three letters, lower-cased and packed. */
const MONTHS = new Map(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map(
    (name, index) => [
      (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
      index + 1,
    ],
  ),
);

function readAccessLogTime(bytes: Uint8Array, start: number, end: number, zone: Zone): number {
  if (end - start < 20 || bytes[start + 6] !== SLASH || bytes[start + 11] !== COLON) {
    return Number.NaN;
  }
  const name =
    ((bytes[start + 3] | 0x20) << 16) |
    ((bytes[start + 4] | 0x20) << 8) |
    (bytes[start + 5] | 0x20);
  const year = two(bytes, start + 7) * 100 + two(bytes, start + 9);
  const month = MONTHS.get(name) ?? Number.NaN;
  return readClock(bytes, start + 12, end, zone, dateMs(year, month, two(bytes, start)));
}

function dateMs(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN;
  return daysFromCivil(year, month, day) * DAY_MS;
}

/** Reads `15:04[:05[.999]] [zone]` and adds it to the date. */
function readClock(
  bytes: Uint8Array,
  start: number,
  end: number,
  zone: Zone,
  dateOnlyMs: number,
): number {
  const hour = two(bytes, start);
  const minute = two(bytes, start + 3);
  if (end - start < 5 || bytes[start + 2] !== COLON || !(hour <= 24 && minute <= 59)) {
    return Number.NaN;
  }
  let at = start + 5;
  let ms = (hour * 60 + minute) * 60_000;
  if (at < end && bytes[at] === COLON) {
    const second = two(bytes, at + 1);
    if (at + 2 >= end || !(second <= 60)) return Number.NaN;
    ms += second * 1000;
    at += 3;
    if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) {
      const from = at + 1;
      for (at = from; at < end && isDigit(bytes[at]); at += 1);
      ms += fractionOf(bytes, from, at, 1000);
    }
  }
  while (at < end && bytes[at] === BLANK) at += 1;
  const localMs = dateOnlyMs + ms;
  if (at >= end || bytes[at] === 0x5d) return plausibleTime(localMs - zone.offsetMs(localMs));
  const sign = bytes[at];
  if ((sign | 0x20) === 0x7a || sign === 0x55 || sign === 0x47) return plausibleTime(localMs);
  if (sign !== 0x2b && sign !== DASH) return Number.NaN;
  const offsetMs = readOffset(bytes, at + 1, end);
  return plausibleTime(localMs - (sign === DASH ? -offsetMs : offsetMs));
}

/** `08:00`, `0800` or `08` as milliseconds. */
export function readOffset(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 2) return Number.NaN;
  const hours = two(bytes, start);
  const minutesAt = bytes[start + 2] === COLON ? start + 3 : start + 2;
  const minutes = minutesAt + 1 < end ? two(bytes, minutesAt) : 0;
  return hours <= 18 && minutes <= 59 ? (hours * 60 + minutes) * 60_000 : Number.NaN;
}

const TENS = Float64Array.from({ length: 16 }, (_, digits) => 10 ** digits);

/**
 * The digits as a fraction of `unit`: 5 and 0 as its half. Digits beyond the fifteenth say nothing.
 * One division at the end keeps whole milliseconds whole.
 */
function fractionOf(bytes: Uint8Array, start: number, end: number, unit: number): number {
  const last = Math.min(end, start + 15);
  let value = 0;
  for (let at = start; at < last; at += 1) value = value * 10 + bytes[at] - 0x30;
  return (value * unit) / TENS[last - start];
}

/** Unix time of any unit; the unit follows from the size of the number. */
function readEpoch(bytes: Uint8Array, start: number, end: number): number {
  let whole = 0;
  let digits = 0;
  let at = start;
  for (; at < end && isDigit(bytes[at]); at += 1) digits += 1;
  if (digits < 9 || digits > 20) return readFloat(bytes, start, end);
  // Beyond 15 digits a double loses the last ones: count in milliseconds before they are gone.
  const millisecondDigits = digits >= 18 ? digits - 6 : digits >= 15 ? digits - 3 : digits;
  for (let i = start; i < start + millisecondDigits; i += 1) whole = whole * 10 + bytes[i] - 0x30;
  const unit = digits < 12 ? 1000 : 1;
  let fraction = fractionOf(bytes, start + millisecondDigits, at, 1);
  if (at < end && bytes[at] === 0x2e) {
    const from = at + 1;
    for (at = from; at < end && isDigit(bytes[at]); at += 1);
    fraction += fractionOf(bytes, from, at, unit) / TENS[digits - millisecondDigits];
  }
  if (at < end && (bytes[at] | 0x20) === 0x65) return readFloat(bytes, start, end);
  if (at < end) return Number.NaN;
  return plausibleTime(whole * unit + fraction);
}

/** Numbers with an exponent, which few loggers write. */
function readFloat(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 32) return Number.NaN;
  const value = Number(ascii.decode(bytes.subarray(start, end)));
  if (!(value >= 1e8)) return Number.NaN;
  if (value < 1e11) return plausibleTime(value * 1000);
  if (value < 1e14) return plausibleTime(value);
  return plausibleTime(value < 1e17 ? value / 1000 : value / 1_000_000);
}

const ascii = new TextDecoder();
