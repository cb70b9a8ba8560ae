export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** RFC 3339 with `digits` after the point; `zone` is `Z` or the eight hours of China. */
export function isoTime(atMs: number, digits: number, zone: 'Z' | '+08:00' = 'Z'): string {
  const shiftedMs = zone === 'Z' ? atMs : atMs + 8 * HOUR;
  const day = Math.floor(shiftedMs / (24 * HOUR));
  const second = Math.floor(shiftedMs / SECOND) - day * 86_400;
  const time = `${two(second / 3600)}:${two((second / 60) % 60)}:${two(second % 60)}`;
  return `${dateOf(day)}T${time}${fraction(atMs, digits)}${zone}`;
}

let lastDay = Number.NaN;
let lastDate = '';

/** Lines come by the million, days do not. */
function dateOf(day: number): string {
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(day * 24 * HOUR).toISOString().slice(0, 10);
  }
  return lastDate;
}

function two(value: number): string {
  const whole = Math.floor(value);
  return whole < 10 ? `0${whole}` : `${whole}`;
}

/** `2026-11-22 13:41:15,896` of Python's `asctime`, without a zone. */
export function pythonTime(atMs: number): string {
  return isoTime(atMs, 3).slice(0, -1).replace('T', ' ').replace('.', ',');
}

/** Unix seconds with six decimals: a double holds no more of today. */
export function unixSeconds(atMs: number): string {
  return (atMs / 1000).toFixed(6);
}

function fraction(atMs: number, digits: number): string {
  if (digits === 0) return '';
  const nanos = Math.floor((atMs - Math.floor(atMs / 1000) * 1000) * 1e6);
  return `.${String(nanos).padStart(9, '0').slice(0, digits)}`;
}
