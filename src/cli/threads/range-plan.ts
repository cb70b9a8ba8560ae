import { formOf, orderFreeLines } from '../../decode/index.ts';
import { type FileRange, fileBytes, type Source } from '../../source/index.ts';

/** For each source a range for each thread, this one's first; undefined for one that is read whole. */
export type RangePlan = readonly (readonly FileRange[] | undefined)[];

export interface RangeLimits {
  /** A smaller file is read before a thread has compiled the rules. */
  readonly largeBytes: number;
  /** What this thread reads while the others get ready. */
  readonly headStartBytes: number;
  /** So much of a file shows whether its lines may be read apart; where it errs, time is lost. */
  readonly headBytes: number;
}

const LIMITS: RangeLimits = {
  largeBytes: 16 * 1024 ** 2,
  headStartBytes: 64 * 1024 ** 2,
  headBytes: 64 * 1024,
};

const NEWLINE = 0x0a;

interface LargeFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * Cuts large files into ranges, one for each thread. What follows each other in a file stays
 * together, so that few logins are met by more than one thread.
 * @returns undefined where most of the input cannot be cut, or one thread has read it soon.
 */
export async function planRanges(
  sources: readonly Source[],
  threads: number,
  limits: RangeLimits = LIMITS,
): Promise<RangePlan | undefined> {
  if (sources.some(({ sizeBytes }) => sizeBytes === undefined)) return undefined;
  const files = await Promise.all(sources.map((source) => largeFile(source, limits)));
  const bytes = sum(files.map((file) => file?.sizeBytes ?? 0));
  const isMost = bytes * 2 > sum(sources.map(({ sizeBytes }) => sizeBytes ?? 0));
  if (!isMost || bytes < 2 * limits.headStartBytes) return undefined;
  const headStart = limits.headStartBytes / bytes;
  return files.map((file) => file && rangesOf(file, threads, headStart));
}

/** @param headStart share of the file that the first range holds beyond that of the others */
function rangesOf(
  { path, name, sizeBytes }: LargeFile,
  threads: number,
  headStart: number,
): FileRange[] {
  const share = (1 - headStart) / threads;
  const endOf = (place: number): number =>
    place === threads - 1
      ? Number.POSITIVE_INFINITY
      : Math.floor(sizeBytes * (headStart + share * (place + 1)));
  return Array.from({ length: threads }, (_, place) => ({
    path,
    name,
    from: place === 0 ? 0 : endOf(place - 1),
    to: endOf(place),
  }));
}

/** The file behind a source, if it is large and its head shows lines that may be read apart. */
async function largeFile(
  { path, name, sizeBytes = 0 }: Source,
  { largeBytes, headBytes }: RangeLimits,
): Promise<LargeFile | undefined> {
  if (path === undefined || sizeBytes < largeBytes) return undefined;
  for await (const chunk of fileBytes({ path, name })) {
    const head = chunk.subarray(0, headBytes);
    const lines = head.subarray(0, head.lastIndexOf(NEWLINE) + 1);
    const isFree = formOf(head, false) === 'lines' && orderFreeLines(lines) !== undefined;
    return isFree ? { path, name, sizeBytes } : undefined;
  }
  return undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
