/** Times in the forms that most logs write, as `readTime` of the host reads them. */

/** The host has to look: a rarer form, or a zone that changes its offset. */
export const UNSURE: f64 = -1;

const DAY_MS: f64 = 86_400_000;
const EARLIEST_MS: f64 = 946_684_800_000;
const LATEST_MS: f64 = 4_102_444_800_000;

const BLANK: u8 = 0x20;
const DASH: u8 = 0x2d;
const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;
const COMMA: u8 = 0x2c;
const POINT: u8 = 0x2e;
const OPEN_BRACKET: u8 = 0x5b;
const CLOSE_BRACKET: u8 = 0x5d;

const MAX_FRACTION: i32 = 15;
const tens: usize = heap.alloc((MAX_FRACTION + 1) << 3);
let power: f64 = 1;
for (let digits = 0; digits <= MAX_FRACTION; digits++) {
  store<f64>(tens + (digits << 3), power);
  power *= 10;
}

/**
 * Unix time in milliseconds; NaN for no time.
 * @param offsetMs of times that name no zone; NaN when it depends on the time
 */
export function readTime(start: usize, to: usize, offsetMs: f64): f64 {
  let from = start;
  while (from < to && (load<u8>(from) == BLANK || load<u8>(from) == OPEN_BRACKET)) from++;
  if (to - from < 8 || from > to) return NaN;
  if (!isDigit(from)) return UNSURE;
  const fourth = load<u8>(from + 4);
  if (fourth == DASH || fourth == SLASH) return dateFirst(from, to, offsetMs);
  if (load<u8>(from + 2) == SLASH) return UNSURE;
  return epoch(from, to);
}

@inline
function plausible(ms: f64): f64 {
  return ms >= EARLIEST_MS && ms < LATEST_MS ? ms : NaN;
}

@inline
function isDigit(at: usize): bool {
  return <u32>load<u8>(at) - 0x30 < 10;
}

/** Two digits, or -1. */
@inline
function two(at: usize): i32 {
  const ten = <u32>load<u8>(at) - 0x30;
  const one = <u32>load<u8>(at + 1) - 0x30;
  return ten < 10 && one < 10 ? <i32>(ten * 10 + one) : -1;
}

function dateFirst(at: usize, to: usize, offsetMs: f64): f64 {
  const century = two(at);
  const yearOfIt = two(at + 2);
  const month = two(at + 5);
  const day = two(at + 8);
  if (to - at < 16 || load<u8>(at + 7) != load<u8>(at + 4)) return NaN;
  const separator = load<u8>(at + 10);
  if (separator != 0x54 && separator != 0x74 && separator != BLANK) return NaN;
  if (century < 10 || yearOfIt < 0) return NaN;
  if (month < 1 || month > 12 || day < 1 || day > 31) return NaN;
  return clock(at + 11, to, offsetMs, dateMs(century * 100 + yearOfIt, month, day));
}

/** Of a date of the Gregorian calendar, whose days are counted from March on. */
function dateMs(year: i32, month: i32, day: i32): f64 {
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return <f64>(era * 146_097 + dayOfEra - 719_468) * DAY_MS;
}

/** Reads `15:04[:05[.999]] [zone]` and adds it to the date. */
function clock(start: usize, to: usize, offsetMs: f64, dateOnlyMs: f64): f64 {
  const hour = two(start);
  const minute = two(start + 3);
  if (to - start < 5 || load<u8>(start + 2) != COLON) return NaN;
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59) return NaN;
  let at = start + 5;
  let ms: f64 = <f64>((hour * 60 + minute) * 60_000);
  if (at < to && load<u8>(at) == COLON) {
    const second = two(at + 1);
    if (at + 2 >= to || second < 0 || second > 60) return NaN;
    ms += <f64>(second * 1000);
    at += 3;
    if (at < to && (load<u8>(at) == POINT || load<u8>(at) == COMMA)) {
      const from = at + 1;
      at = afterDigits(from, to);
      ms += fraction(from, at, 1000);
    }
  }
  while (at < to && load<u8>(at) == BLANK) at++;
  const localMs = dateOnlyMs + ms;
  if (at >= to || load<u8>(at) == CLOSE_BRACKET) {
    return isNaN(offsetMs) ? UNSURE : plausible(localMs - offsetMs);
  }
  const sign = load<u8>(at);
  if ((sign | 0x20) == 0x7a || sign == 0x55 || sign == 0x47) return plausible(localMs);
  if (sign != 0x2b && sign != DASH) return NaN;
  const ownMs = offset(at + 1, to);
  return plausible(localMs - (sign == DASH ? -ownMs : ownMs));
}

/** `08:00`, `0800` or `08` as milliseconds. */
function offset(at: usize, to: usize): f64 {
  if (<i32>(to - at) < 2) return NaN;
  const hours = two(at);
  const minutesAt = load<u8>(at + 2) == COLON ? at + 3 : at + 2;
  const minutes = minutesAt + 1 < to ? two(minutesAt) : 0;
  if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return NaN;
  return <f64>((hours * 60 + minutes) * 60_000);
}

function afterDigits(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isDigit(at)) at++;
  return at;
}

/** The digits as a fraction of `unit`. */
function fraction(from: usize, to: usize, unit: f64): f64 {
  const count = min(<i32>(to - from), MAX_FRACTION);
  return (digitsOf(from, count) * unit) / load<f64>(tens + (count << 3));
}

@inline
function digitsOf(from: usize, count: i32): f64 {
  let value: f64 = 0;
  for (let i = 0; i < count; i++) value = value * 10 + <f64>(<i32>load<u8>(from + i) - 0x30);
  return value;
}

/** Unix time of any unit; the unit follows from the size of the number. */
function epoch(from: usize, to: usize): f64 {
  let at = afterDigits(from, to);
  const count = <i32>(at - from);
  if (count < 9 || count > 20) return UNSURE;
  const left = count >= 18 ? 6 : count >= 15 ? 3 : 0;
  const whole = digitsOf(from, count - left);
  const unit: f64 = count < 12 ? 1000 : 1;
  let rest = fraction(at - left, at, 1);
  if (at < to && load<u8>(at) == POINT) {
    const point = at + 1;
    at = afterDigits(point, to);
    rest += fraction(point, at, unit) / load<f64>(tens + (left << 3));
  }
  if (at < to) return (load<u8>(at) | 0x20) == 0x65 ? UNSURE : NaN;
  return plausible(whole * unit + rest);
}
