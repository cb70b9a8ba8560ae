/** `44,030` */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * A ratio as a percentage of two to four digits. It is 0 % or 100 % only when the ratio is: a
 * rest of one in a million does not vanish by rounding.
 */
export function percentText(ratio: number): string {
  if (ratio <= 0) return '0%';
  if (ratio >= 1) return '100%';
  if (ratio < 0.0001) return '<0.01%';
  if (ratio > 0.999) return '>99.9%';
  return `${percentDigits(ratio)}%`;
}

/** `2.84–3.16%` */
export function percentRange(low: number, high: number, dash: string): string {
  return `${percentDigits(low)}${dash}${percentDigits(high)}%`;
}

/** A part of a whole, in tables: one digit behind the point, so that they align. */
export function shareText(ratio: number): string {
  if (ratio <= 0) return '0%';
  if (ratio >= 1) return '100%';
  if (ratio < 0.0005) return '<0.1%';
  return ratio > 0.9995 ? '>99.9%' : `${(ratio * 100).toFixed(1)}%`;
}

/** `95%`, `99.5%` */
export function confidenceText(confidence: number): string {
  return `${Number((confidence * 100).toFixed(3))}%`;
}

/** The number of {@link percentText}, for where its sign stands elsewhere. */
export function percentDigits(ratio: number): string {
  if (ratio <= 0) return '0';
  if (ratio >= 1) return '100';
  return (ratio * 100).toFixed(ratio < 0.0995 ? 2 : 1);
}

/** `22ms`, `6.1s`, `31s`, `3.2min`, `2.5h`, `3.1d`: two or three digits, as much as one takes in. */
export function durationText(ms: number): string {
  if (ms < 1) return ms === 0 ? '0ms' : '<1ms';
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)}s`;
  if (ms < 99_500) return `${Math.round(ms / 1000)}s`;
  if (ms < 100 * 60_000) return `${(ms / 60_000).toFixed(1)}min`;
  if (ms < 48 * 3_600_000) return `${(ms / 3_600_000).toFixed(1)}h`;
  return `${(ms / 86_400_000).toFixed(1)}d`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `54.1 MB`, by thousands. */
export function bytesText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)} ${BYTE_UNITS[unit]}`;
}
