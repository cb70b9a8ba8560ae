import {
  absorbSeconds,
  noteSecond,
  type SecondTimes,
  secondTimes,
  wasSeen,
} from './second-times.ts';

/** By explanation and key. */
export type PackedCauseTimes = Map<string, SecondTimes>;

/**
 * When a cause was seen, by explanation and key (such as the pod), whether or not the event
 * belongs to a flow.
 */
export class CauseTimes {
  readonly #series: PackedCauseTimes;

  constructor(packed: PackedCauseTimes = new Map()) {
    this.#series = packed;
  }

  pack(): PackedCauseTimes {
    return this.#series;
  }

  add(explanation: number, key: string, timeMs: number): void {
    noteSecond(this.#timesOf(seriesOf(explanation, key)), timeMs);
  }

  /** True when the cause was seen at a time from `fromMs` to `toMs`, both included. */
  seen(explanation: number, key: string, fromMs: number, toMs: number): boolean {
    const times = this.#series.get(seriesOf(explanation, key));
    return times !== undefined && wasSeen(times, fromMs, toMs);
  }

  absorb(other: CauseTimes): void {
    for (const [series, times] of other.#series) absorbSeconds(this.#timesOf(series), times);
  }

  #timesOf(series: string): SecondTimes {
    let times = this.#series.get(series);
    if (times === undefined) {
      times = secondTimes();
      this.#series.set(series, times);
    }
    return times;
  }
}

function seriesOf(explanation: number, key: string): string {
  return `${explanation} ${key}`;
}
