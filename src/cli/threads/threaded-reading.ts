import type { AnalysisRun, PartReader } from '../../analysis/index.ts';
import type { SourceTaker } from '../read-sources.ts';
import type { Crew } from './crew.ts';
import { lastCut } from './cut.ts';
import { createPartSender, type PartSender } from './part-sender.ts';

/** Input this small is read before threads would have begun. */
const SMALL_BYTES = 8 * 1024 ** 2;

export interface ThreadedReading extends SourceTaker {
  /** Waits for the threads and adds what they have read to the run. */
  finish(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Reads in this thread until the input proves to be large; then starts the crew, goes on until it
 * is ready, and from there only hands out.
 */
export function readInThreads(
  run: Pick<AnalysisRun, 'part' | 'broken' | 'absorb'>,
  { startCrew, smallBytes = SMALL_BYTES }: { startCrew: () => Crew; smallBytes?: number },
): ThreadedReading {
  let crew: Crew | undefined;
  let bytesSeen = 0;
  let sources = 0;

  return {
    source(name) {
      const source = sources;
      sources += 1;
      let linesBefore = 0;
      let here: PartReader | undefined;
      let sender: PartSender | undefined;

      /** Ends what is read here where a part may end, and leaves the rest to the crew. */
      function handOver(bytes: Uint8Array, to: Crew): Uint8Array {
        const cut = here === undefined ? 0 : lastCut(bytes);
        if (cut === -1) return bytes;
        here?.chunk(bytes.subarray(0, cut));
        linesBefore += here?.end() ?? 0;
        here = undefined;
        sender = createPartSender(to, { source, name, linesBefore, canBeCut: true });
        return bytes.subarray(cut);
      }

      async function end(): Promise<void> {
        if (sender !== undefined) await sender.end();
        else {
          here ??= run.part({ source, name, linesBefore });
          here.end();
        }
      }

      return {
        async chunk(bytes) {
          bytesSeen += bytes.length;
          if (bytesSeen >= smallBytes) crew ??= startCrew();
          const rest = crew?.isReady && sender === undefined ? handOver(bytes, crew) : bytes;
          if (sender !== undefined) await sender.chunk(rest);
          else {
            here ??= run.part({ source, name, linesBefore });
            here.chunk(rest);
          }
        },
        async broken(code, reason) {
          await end();
          run.broken({ source, name }, code, reason);
        },
        end,
      };
    },
    async finish() {
      if (crew === undefined) return;
      for await (const reading of crew.finish()) run.absorb(reading);
    },
    async stop() {
      await crew?.stop();
    },
  };
}
