import { setImmediate as immediate } from 'node:timers/promises';
import type { AnalysisRun, Part } from '../../analysis/index.ts';
import type { Kernel } from '../../decode/index.ts';
import type { Crew, Member } from './crew.ts';
import { countLines, freeCut } from './cut.ts';

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
  /** Of the open part. */
  let { linesBefore } = source;
  let linesSent = linesBefore;
  let member: Member | undefined;
  let { canBeCut } = source;
  const form = canBeCut ? 'lines' : undefined;

  async function send(length: number, isLast: boolean): Promise<void> {
    const chunk = buffer.subarray(0, length);
    const rest = buffer.subarray(length, used);
    const next = crew.buffer();
    next.set(rest);
    used = rest.length;
    linesSent += countLines(chunk, kernel);
    buffer = next;
    const part: Part = { source: source.source, name: source.name, linesBefore, form };
    const isWhole = member === undefined && isLast;
    member = isWhole ? crew.freeMember() : await crew.memberFor(member);
    if (member === undefined) await readHere(part, chunk);
    else crew.send(member, { part, chunk, isLast });
    if (!isLast) return;
    member = undefined;
    linesBefore = linesSent;
  }

  async function readHere(part: Part, chunk: Uint8Array<SharedArrayBuffer>): Promise<void> {
    const reader = run.part(part);
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
        const cut = canBeCut ? freeCut(buffer, kernel) : -1;
        canBeCut = cut !== -1;
        await send(canBeCut ? cut : used, canBeCut);
      }
    },
    async end() {
      if (used > 0 || member !== undefined) await send(used, true);
    },
  };
}
