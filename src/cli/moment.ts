import { InputError } from '../model/index.ts';
import { parseZone, readTime } from '../normalise/index.ts';

/** A moment as `--since` and `--until` take it. */
export type Moment =
  | { readonly kind: 'at'; readonly timeMs: number }
  /** So long before the last event of the input: the wall clock decides nothing. */
  | { readonly kind: 'before-end'; readonly ms: number };

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads `-6h`, `-1h30m`, `2026-11-23`, `2026-11-23T08:00`, `2026-11-23T08:00:00+08:00` or Unix
 * time; times that name no zone are in `zone`.
 * @throws InputError when it is none of these.
 */
export function parseMoment(flag: string, text: string, zone: string): Moment {
  const ms = text.startsWith('-') ? durationMs(text.slice(1)) : undefined;
  if (ms !== undefined) return { kind: 'before-end', ms };
  const trimmed = text.trim();
  const dated = /^\d{4}-\d{2}-\d{2}$/.test(trimmed) ? `${trimmed}T00:00` : trimmed;
  const bytes = new TextEncoder().encode(dated);
  const timeMs = readTime(bytes, 0, bytes.length, parseZone(zone));
  if (!Number.isNaN(timeMs)) return { kind: 'at', timeMs };
  throw new InputError('bad-time', {
    message: `${flag} takes a time, not '${text}'`,
    hint: 'for example: -6h (before the last event), 2026-11-23, 2026-11-23T08:00+08:00',
  });
}

/** @param endMs time of the last event; undefined when no event carries one. */
export function momentMs(
  moment: Moment | undefined,
  endMs: number | undefined,
): number | undefined {
  if (moment === undefined) return undefined;
  if (moment.kind === 'at') return moment.timeMs;
  return endMs === undefined ? undefined : endMs - moment.ms;
}

/** `6h`, `1h30m`, `90s` in milliseconds; undefined when it is no duration. */
function durationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|min|m|h|d|w))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|min|m|h|d|w)/g)) {
    sum += Number(amount) * UNIT_MS[unit];
  }
  return sum;
}
