import type { Rng } from './rng.ts';

/** Ways in which a line gets lost on its way to the file. */
const HARMS: readonly ((line: string, rng: Rng) => string)[] = [
  (line, rng) => line.slice(0, rng.whole(1, line.length - 2)),
  (line) => `\u0000\u001f\u008b\b\ufffd${line.slice(3, 40)}\u0007\u001b[31m`,
  () => '   ',
  () => '',
  () => '-- log rotated --',
  (line) => `[${line}]`,
  (_, rng) => `panic: runtime error: goroutine ${rng.whole(1, 900)} [running]:`,
];

/** A line that cannot be read, made after a good one; the good one is not lost by it. */
export function brokenAfter(line: string, rng: Rng): string {
  return rng.pick(HARMS)(line, rng);
}
