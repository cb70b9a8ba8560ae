import type { AnalysisRun, JudgingFacts, LocalFlows } from '../../analysis/index.ts';
import type { Counted } from '../counting.ts';
import type { Crew } from './crew.ts';
import type { MetIds } from './message.ts';

/** Flows that are judged by the thread that alone has met them. */
export interface KeptFlows {
  /** Those of this thread. */
  readonly here: LocalFlows;
  /**
   * Has the other threads count theirs, each its own.
   * @throws Breakdown when one was lost.
   */
  count(facts: JudgingFacts): Promise<readonly Counted[]>;
  /** Stops the other threads. */
  stop(): Promise<void>;
}

/**
 * Leaves to each thread the flows that it alone has met, and puts all else together.
 * @param run what this thread has read; all else goes there
 * @param met the ids that the others have met, one after the other
 * @param linesBefore lines of a source that threads before the given one have read
 * @throws Breakdown when a thread was lost.
 */
export async function keepFlows(
  run: Pick<AnalysisRun, 'absorb' | 'local'>,
  crew: Crew,
  {
    met,
    linesBefore,
  }: {
    readonly met: readonly MetIds[];
    readonly linesBefore: (thread: number) => (source: number) => number;
  },
): Promise<KeptFlows> {
  const here = run.local;
  await compare(here, crew, met);
  const rests = crew.ask(() => ({ kind: 'take-out' }));
  here.takeOut();
  for await (const { thread, answer } of rests) run.absorb(answer.reading, linesBefore(thread));
  return {
    here,
    async count(facts) {
      const counted: Counted[] = [];
      for await (const { answer } of crew.ask(() => ({ kind: 'count', facts }))) {
        counted.push(answer.counted);
      }
      return counted;
    },
    stop: () => crew.stop(),
  };
}

/**
 * Has each thread find out which of its ids others have met, too. Flows are made where ids are found:
 * not before everybody has looked for theirs.
 */
async function compare(here: LocalFlows, crew: Crew, met: readonly MetIds[]): Promise<void> {
  const tables = [here.ids(), ...met.map(({ ids }) => ids)];
  const others = (place: number) => tables.filter((_, other) => other !== place);
  const compared = crew.ask((thread) => ({ kind: 'compare', others: others(thread + 1) }));
  here.compare(others(0));
  for await (const _ of compared);
}
