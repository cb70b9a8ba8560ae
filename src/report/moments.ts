import type { Zone } from '../normalise/index.ts';

/** A moment on the clock of a zone. */
export interface LocalTime {
  /** `2026-11-23` */
  readonly date: string;
  /** `08:00:00.120` */
  readonly time: string;
}

export function localTime(timeMs: number, zone: Zone): LocalTime {
  const local = new Date(timeMs + zone.offsetMs(timeMs + zone.offsetMs(timeMs)));
  const [date, time] = (Number.isNaN(local.getTime()) ? '?T?Z' : local.toISOString()).split('T');
  return { date, time: time.slice(0, -1) };
}

/** `2026-11-23 08:00` */
export function minuteText(timeMs: number, zone: Zone): string {
  const { date, time } = localTime(timeMs, zone);
  return `${date} ${time.slice(0, 5)}`;
}

/** `2026-11-23 08:00–14:00 UTC+8`, naming the second day only where it is another. */
export function windowText(fromMs: number, toMs: number, zone: Zone, dash: string): string {
  const from = localTime(fromMs, zone);
  const to = localTime(toMs, zone);
  const end = from.date === to.date ? to.time.slice(0, 5) : `${to.date} ${to.time.slice(0, 5)}`;
  return `${from.date} ${from.time.slice(0, 5)}${dash}${end} ${zoneText(zone, toMs)}`;
}

/** `UTC`, `UTC+8`, `UTC-3:30` */
export function zoneText(zone: Zone, timeMs: number): string {
  const minutes = Math.round(zone.offsetMs(timeMs + zone.offsetMs(timeMs)) / 60_000);
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  if (size === 0) return 'UTC';
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `UTC${sign}${Math.floor(size / 60)}${rest}`;
}
