import { InputError } from '../model/index.ts';

/** The zone of times that name none. */
export interface Zone {
  readonly name: string;
  /** What local time is ahead of UTC at this local time, in milliseconds. */
  offsetMs(localMs: number): number;
  /** The offset of all times; NaN where it changes. */
  readonly fixedMs: number;
}

export const UTC: Zone = { name: 'UTC', offsetMs: () => 0, fixedMs: 0 };

const FIXED = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/**
 * Reads an IANA zone name (`Asia/Shanghai`) or a fixed offset (`+08:00`, `+0800`, `UTC+8`).
 * @throws InputError when it is neither.
 */
export function parseZone(name: string): Zone {
  if (name === 'UTC' || name === 'Z') return UTC;
  const fixed = FIXED.exec(name);
  if (fixed !== null) {
    const ms = (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000;
    const offset = fixed[1] === '-' ? -ms : ms;
    return { name, offsetMs: () => offset, fixedMs: offset };
  }
  return namedZone(name);
}

const QUARTER_MS = 900_000;

function namedZone(name: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new InputError('unknown-zone', {
      message: `unknown time zone "${name}"`,
      hint: 'give an IANA name such as Asia/Shanghai, or an offset such as +08:00',
    });
  }
  const offsetAt = (utcMs: number): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utcMs)) parts[type] = Number(value);
    const local = Date.UTC(
      parts.year,
      parts.month - 1,
      parts.day,
      parts.hour,
      parts.minute,
      parts.second,
    );
    return local - Math.floor(utcMs / 1000) * 1000;
  };
  // Zones change at full quarters of an hour, so one answer serves a whole quarter.
  let quarter = Number.NaN;
  let remembered = 0;
  return {
    name,
    fixedMs: Number.NaN,
    offsetMs(localMs) {
      if (!Number.isFinite(localMs)) return 0;
      const asked = Math.floor(localMs / QUARTER_MS);
      if (asked === quarter) return remembered;
      quarter = asked;
      const start = asked * QUARTER_MS;
      remembered = offsetAt(start - offsetAt(start - offsetAt(start)));
      return remembered;
    },
  };
}
