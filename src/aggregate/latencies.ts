import { type Histogram, type Judged, STAGES, type Stage } from '../model/index.ts';
import { DurationCounts } from './duration-counts.ts';
import { passagesOf } from './passage.ts';

/** Counts how long flows take from each stage to the next, and from the first to the session. */
export class Latencies {
  readonly #pairs = byStage(() => byStage(() => new DurationCounts()));
  readonly #login = new DurationCounts();

  add({ flow, verdict }: Judged): void {
    const passages = passagesOf(flow);
    for (let i = 1; i < passages.length; i++) {
      const from = passages[i - 1];
      const to = passages[i];
      this.#pairs[from.stage][to.stage].add(to.timeMs - from.timeMs);
    }
    const last = passages[passages.length - 1];
    if (verdict.outcome.kind === 'succeeded' && last?.stage === 'session' && passages.length > 1)
      this.#login.add(last.timeMs - passages[0].timeMs);
  }

  login(): Histogram {
    return this.#login.histogram();
  }

  /** Of the pairs that were counted, by their stages: `issued>scanned`. */
  *pairs(): Iterable<[string, Histogram]> {
    for (const from of STAGES) {
      for (const to of STAGES) {
        const counts = this.#pairs[from][to];
        if (!counts.isEmpty) yield [`${from}>${to}`, counts.histogram()];
      }
    }
  }
}

function byStage<T>(make: () => T): Record<Stage, T> {
  return Object.fromEntries(STAGES.map((stage) => [stage, make()])) as Record<Stage, T>;
}
