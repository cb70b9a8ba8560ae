import { confidenceText, countText, durationText, percentText } from '../figures.ts';
import type { GateGlyphs } from './gate-glyphs.ts';
import type { GateCheck, GateComparison, GateFigure, GateLimit } from './gate-report.ts';

type Dimension = GateCheck['dimension'];

/** A figure of one side: `3.00%`, `180ms`, `12.5/s`. */
export function valueText(
  value: number | null,
  dimension: Dimension,
  { dash }: GateGlyphs,
): string {
  if (value === null) return dash;
  switch (dimension) {
    case 'ratio':
      return percentText(value);
    case 'duration':
      return durationText(value);
    case 'frequency':
      return `${frequencyDigits(value)}/s`;
  }
}

/** Three digits, one more behind the point where a minute has but a few logins. */
function frequencyDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.5) return countText(Math.round(size));
  if (size >= 9.95) return size.toFixed(1);
  return size.toFixed(size < 0.0995 && size >= 0.0005 ? 3 : 2);
}

/** `+0.59pp`, `−40ms`, `+25.0%`: a change in the terms of its limit. */
export function changeText(
  { kind }: Pick<GateLimit, 'kind'>,
  comparison: GateComparison,
  dimension: Dimension,
  glyphs: GateGlyphs,
): string {
  const figure = changeOf(kind, comparison);
  return figure === null
    ? glyphs.dash
    : signedText(figure.value, isRelative(kind), dimension, glyphs);
}

/** `+0.32..+0.86pp`: its one-sided bounds. */
export function boundsText(
  { kind }: Pick<GateLimit, 'kind'>,
  comparison: GateComparison,
  dimension: Dimension,
  glyphs: GateGlyphs,
): string {
  if (kind === 'max' || kind === 'min') {
    const { candidate } = comparison;
    if (candidate === null || candidate.low === candidate.high) return glyphs.dash;
    return rangeText(
      valueText(candidate.low, dimension, glyphs),
      candidate.high === null ? glyphs.unbounded : valueText(candidate.high, dimension, glyphs),
    );
  }
  const figure = changeOf(kind, comparison);
  if (figure === null || (figure.low !== null && figure.low === figure.high)) return glyphs.dash;
  const end = (value: number | null) =>
    value === null ? glyphs.unbounded : signedText(value, isRelative(kind), dimension, glyphs);
  return rangeText(end(figure.low), end(figure.high));
}

/** `≤ 5%`, `≤ +0.5pp`, `≥ −25%`: what a limit allows. */
export function limitText(
  { kind, value }: GateLimit,
  dimension: Dimension,
  glyphs: GateGlyphs,
): string {
  const sign = kind === 'max' || kind.endsWith('increase') ? glyphs.atMost : glyphs.atLeast;
  const minus = kind.endsWith('decrease');
  if (kind === 'max' || kind === 'min') {
    const text =
      dimension === 'ratio' ? confidenceText(value) : valueText(value, dimension, glyphs);
    return `${sign} ${text}`;
  }
  const lead = minus ? glyphs.minus : '+';
  if (isRelative(kind)) return `${sign} ${lead}${confidenceText(value)}`;
  switch (dimension) {
    case 'ratio':
      return `${sign} ${lead}${Number((value * 100).toFixed(4))}pp`;
    case 'duration':
      return `${sign} ${lead}${durationText(value)}`;
    case 'frequency':
      return `${sign} ${lead}${frequencyDigits(value)}/s`;
  }
}

/** `+0.32..+0.86pp` */
export function pointsRange(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  glyphs: GateGlyphs,
): string {
  return rangeText(pointsText(low, glyphs), pointsText(high, glyphs));
}

/** Percentage points: `+0.59pp`. */
export function pointsText(value: number | null, glyphs: GateGlyphs): string {
  return signedText(value, false, 'ratio', glyphs);
}

function isRelative(kind: GateLimit['kind']): boolean {
  return kind === 'max_relative_increase' || kind === 'max_relative_decrease';
}

/** The figure that a limit is about; a ratio as its distance from one. */
function changeOf(kind: GateLimit['kind'], comparison: GateComparison): GateFigure | null {
  if (!isRelative(kind)) return comparison.change;
  const { ratio } = comparison;
  const less = (value: number | null) => (value === null ? null : value - 1);
  return ratio && { value: less(ratio.value), low: less(ratio.low), high: less(ratio.high) };
}

function signedText(
  value: number | null,
  relative: boolean,
  dimension: Dimension,
  glyphs: GateGlyphs,
): string {
  if (value === null) return glyphs.dash;
  const text = relative
    ? `${(Math.abs(value) * 100).toFixed(Math.abs(value) < 0.995 ? 1 : 0)}%`
    : sizeText(Math.abs(value), dimension);
  return `${/[1-9]/.test(text) ? (value < 0 ? glyphs.minus : '+') : glyphs.plusMinus}${text}`;
}

function sizeText(size: number, dimension: Dimension): string {
  switch (dimension) {
    case 'ratio':
      return `${(size * 100).toFixed(2)}pp`;
    case 'duration':
      return durationText(size);
    case 'frequency':
      return `${frequencyDigits(size)}/s`;
  }
}

/** The unit once where both ends have it: `+0.32..+0.86pp`. */
function rangeText(low: string, high: string): string {
  const [unit] = /(?:pp|%|\/s)$/.exec(high) ?? [''];
  const shared = unit !== '' && low.endsWith(unit);
  return `${shared ? low.slice(0, -unit.length) : low}..${high}`;
}

/** `<.001`, `.031`, `.77` */
export function chanceText(q: number): string {
  if (q < 0.001) return '<.001';
  if (q >= 0.995) return '1.0';
  return q.toFixed(q < 0.1 ? 3 : 2).replace(/^0/, '');
}
