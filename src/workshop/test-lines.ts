import type { RuleTest } from '../ruleset/index.ts';

/** When the events of tests happen. */
const BEGIN_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

const TIME_KEYS = ['time', 'timestamp', '@timestamp', 'ts'];

/**
 * The lines of a test. Each event has its offset as its time, unless it carries a time itself.
 * Lines about nothing stand a day before and long after, or at `until`: what is cut off at the
 * edges of the data would be left open, and absence waits for the watermark.
 */
export function testLines({ events, untilMs }: RuleTest): readonly string[] {
  const line = (offsetMs: number, event: object): string => {
    const isTimed = TIME_KEYS.some((key) => Object.hasOwn(event, key));
    const time = new Date(BEGIN_MS + offsetMs).toISOString();
    return JSON.stringify(isTimed ? event : { time, ...event });
  };
  const last = Math.max(0, ...events.map(({ offsetMs }) => offsetMs));
  return [
    line(-DAY_MS, { message: 'before the test' }),
    ...events.map(({ offsetMs, event }) => line(offsetMs, event)),
    line(untilMs ?? last + 30 * DAY_MS, { message: 'after the test' }),
  ];
}
