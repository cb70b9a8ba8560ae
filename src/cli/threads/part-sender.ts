import { setImmediate as immediate } from 'node:timers/promises';
import type { AnalysisRun, Part } from '../../analysis/index.ts';
import type { Kernel } from '../../decode/index.ts';
import type { Crew, Member } from './crew.ts';
import { type Cut, freeCut } from './cut.ts';

/** Sends the rest of one source to a crew, part by part. */
export interface PartSender {
  chunk(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/**
 * Fills chunks and sends each to the thread that has least to do, cut where a line ends, so that
 * each is a part of its own. While all have enough to do, this thread reads one itself. From the
 * first chunk on in which lines may run on into each other, or none ends, the rest of the source
 * goes to one thread as one part.
 */
export function createPartSender(
  crew: Crew,
  source: {
    readonly source: number;
    readonly name: string;
    readonly linesBefore: number;
    /** It is read line by line, and nothing before runs on into what is to come. */
    readonly canBeCut: boolean;
  },
  {
    run,
    kernel,
  }: { readonly run: Pick<AnalysisRun, 'part'>; readonly kernel?: Kernel | undefined },
): PartSender {
  let buffer = crew.buffer();
  let used = 0;
  /** Before the part to come, or the rest. */
  let { linesBefore } = source;
  /** The thread that reads the rest of the source. */
  let member: Member | undefined;
  let { canBeCut } = source;
  const form = canBeCut ? 'lines' : undefined;

  /** Sends a chunk that is a part of its own, or reads it here. */
  async function sendPart({ at, lines }: Cut): Promise<void> {
    const chunk = take(at);
    const free = crew.freeMember();
    if (free === undefined) await readHere(chunk);
    else crew.send(free, { part: part(), chunk, isLast: true });
    linesBefore += lines;
  }

  /** Sends all there is as a piece of the part that the rest of the source is. */
  async function sendRest(isLast: boolean): Promise<void> {
    const chunk = take(used);
    member = await crew.memberFor(member);
    crew.send(member, { part: part(), chunk, isLast });
  }

  /** The bytes before `end`, which stand in the buffer alone. */
  function take(end: number): Uint8Array<SharedArrayBuffer> {
    const chunk = buffer.subarray(0, end);
    const rest = buffer.subarray(end, used);
    buffer = crew.buffer();
    buffer.set(rest);
    used = rest.length;
    return chunk;
  }

  const part = (): Part => ({ source: source.source, name: source.name, linesBefore, form });

  async function readHere(chunk: Uint8Array<SharedArrayBuffer>): Promise<void> {
    const reader = run.part(part());
    reader.chunk(chunk);
    reader.end();
    crew.putBack(chunk);
    // What the threads have said meanwhile is heard.
    await immediate();
  }

  return {
    async chunk(bytes) {
      let from = 0;
      while (from < bytes.length) {
        const taken = bytes.subarray(from, from + buffer.length - used);
        buffer.set(taken, used);
        used += taken.length;
        from += taken.length;
        if (used < buffer.length) break;
        const cut = canBeCut ? freeCut(buffer, kernel) : undefined;
        canBeCut = cut !== undefined;
        await (cut === undefined ? sendRest(false) : sendPart(cut));
      }
    },
    async end() {
      if (used > 0 || member !== undefined) await sendRest(true);
    },
  };
}
