import { closestName } from '../model/index.ts';
import { type Dimension, fail } from './metric.ts';

/** How far a metric may go. */
export interface Limit {
  readonly kind: LimitKind;
  /** A ratio from 0, milliseconds or events a second; for relative limits a ratio. */
  readonly value: number;
}

export const LIMIT_KINDS = [
  'max',
  'min',
  'max_increase',
  'max_decrease',
  'max_relative_increase',
  'max_relative_decrease',
] as const;

export type LimitKind = (typeof LIMIT_KINDS)[number];

/** Whether too much is what the limit forbids; otherwise too little. */
export function isUpper(kind: LimitKind): boolean {
  return kind === 'max' || kind === 'max_increase' || kind === 'max_relative_increase';
}

export function needsBaseline(kind: LimitKind): boolean {
  return kind !== 'max' && kind !== 'min';
}

type Scale = 'level' | 'change' | 'relative';

function scaleOf(kind: LimitKind): Scale {
  if (kind === 'max' || kind === 'min') return 'level';
  return kind === 'max_increase' || kind === 'max_decrease' ? 'change' : 'relative';
}

/** Units by what they measure, with what one of them is worth. */
const UNITS: Readonly<
  Record<Dimension, Readonly<Record<Scale, Readonly<Record<string, number>>>>>
> = {
  ratio: { level: { '%': 0.01 }, change: { pp: 0.01 }, relative: { '%': 0.01 } },
  duration: {
    level: { ms: 1, s: 1000, min: 60_000 },
    change: { ms: 1, s: 1000, min: 60_000 },
    relative: { '%': 0.01 },
  },
  frequency: { level: { '/s': 1 }, change: { '/s': 1 }, relative: { '%': 0.01 } },
};

const EXAMPLES: Readonly<Record<Dimension, Readonly<Record<Scale, string>>>> = {
  ratio: { level: '5%', change: '0.5pp', relative: '25%' },
  duration: { level: '300ms', change: '50ms', relative: '25%' },
  frequency: { level: '10/s', change: '2/s', relative: '25%' },
};

/**
 * Reads the value of a limit. `pp` (percentage points) and `%` are different things, and a bare
 * number is none of them.
 * @throws TextMistake
 */
export function parseLimit(kind: LimitKind, text: string, dimension: Dimension): Limit {
  const scale = scaleOf(kind);
  const units = UNITS[dimension][scale];
  const example = EXAMPLES[dimension][scale];
  const [, amount, unit] = /^\s*(\d{1,15}(?:\.\d{1,15})?)\s*(\S*)\s*$/.exec(text) ?? [];
  if (amount === undefined)
    fail('bad-limit', `"${text.trim()}" is no limit`, `write it like ${kind}: ${example}`, 0);
  if (unit === '')
    fail(
      'bare-number',
      `${kind} has no unit`,
      dimension === 'ratio' && scale === 'change'
        ? `write ${amount}pp for percentage points; relative changes are max_relative_increase: ${amount}%`
        : `write it with a unit, like ${example}`,
      0,
    );
  if (!Object.hasOwn(units, unit)) {
    const offset = text.indexOf(unit);
    if (dimension === 'ratio' && scale === 'change' && unit === '%')
      fail(
        'wrong-unit',
        `a change of a rate is in percentage points, and ${amount}% may mean a part of the rate`,
        `write ${amount}pp, or max_relative_increase: ${amount}%`,
        offset,
      );
    const near = closestName(unit, Object.keys(units));
    fail(
      'wrong-unit',
      `${kind} is not measured in "${unit}"`,
      near === undefined ? `write it like ${example}` : `did you mean "${amount}${near}"?`,
      offset,
    );
  }
  const value = Number(amount) * units[unit];
  if (dimension === 'ratio' && scale !== 'relative' && value > 1)
    fail('bad-limit', `a rate never goes beyond 100%`, undefined, 0);
  if (kind === 'max_relative_decrease' && value > 1)
    fail('bad-limit', `nothing falls by more than 100%`, undefined, 0);
  // 0.1 + 0.2 percent must not print as 0.30000000000000004.
  return { kind, value: Number(value.toPrecision(12)) };
}
