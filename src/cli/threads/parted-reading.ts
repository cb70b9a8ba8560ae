import type { AnalysisRun, PartReader } from '../../analysis/index.ts';
import type { Kernel } from '../../decode/index.ts';
import type { SourceTaker } from '../read-sources.ts';
import type { Crew } from './crew.ts';
import { freeCut, isOfLines } from './cut.ts';
import { createPartSender, type PartSender } from './part-sender.ts';

/** Input this small is read before threads have started, compiled the rules and warmed up. */
const SMALL_BYTES = 64 * 1024 ** 2;

export interface PartedReading extends SourceTaker {
  /** Waits for the threads and adds what they have read to the run. */
  finish(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Reads in this thread until the input proves to be large; then starts the crew, goes on until it
 * is ready, and from there hands out, reading only what nobody else has time for.
 */
export function readInParts(
  run: Pick<AnalysisRun, 'part' | 'broken' | 'absorb'>,
  {
    startCrew,
    kernel,
    smallBytes = SMALL_BYTES,
  }: { startCrew: () => Crew; kernel?: Kernel | undefined; smallBytes?: number },
): PartedReading {
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
      let canBeCut: boolean | undefined;
      /** The beginning of a line whose end has not come yet, of what is read here. */
      let openLine: Uint8Array = NOTHING;

      /** Reads a chunk here, and ends the part behind its last line where the crew may go on. */
      function readHere(bytes: Uint8Array): Uint8Array {
        here ??= run.part({ source, name, linesBefore });
        const since = openLine.length === 0 ? bytes : joined(openLine, bytes);
        const cut = canBeCut === true ? freeCut(since, kernel) : undefined;
        canBeCut = cut !== undefined;
        if (cut === undefined || crew?.isReady !== true) {
          here.chunk(bytes);
          openLine = cut === undefined ? NOTHING : since.slice(cut.at);
          return NOTHING;
        }
        const inChunk = cut.at - openLine.length;
        here.chunk(bytes.subarray(0, inChunk));
        linesBefore += here.end().lines;
        here = undefined;
        sender = createPartSender(crew, { source, name, linesBefore, canBeCut }, { run, kernel });
        return bytes.subarray(inChunk);
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
          canBeCut ??= isOfLines(bytes);
          if (here === undefined && sender === undefined && crew?.isReady === true) {
            sender = createPartSender(
              crew,
              { source, name, linesBefore, canBeCut },
              { run, kernel },
            );
          }
          const rest = sender === undefined ? readHere(bytes) : bytes;
          if (sender !== undefined && rest.length > 0) await sender.chunk(rest);
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
      for await (const { answer } of crew.ask(() => ({ kind: 'finish' }))) {
        run.absorb(answer.reading);
      }
    },
    async stop() {
      await crew?.stop();
    },
  };
}

const NOTHING = new Uint8Array(0);

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
