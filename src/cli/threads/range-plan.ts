import type { FileHandle } from 'node:fs/promises';
import { createDecoder, DEFAULT_MAX_LINE_BYTES, PathTree } from '../../decode/index.ts';
import {
  BrokenSource,
  type FileRange,
  linesInRange,
  openForReading,
  type Source,
} from '../../source/index.ts';

export interface RangePlan {
  /** By place of the source, a range for each thread; undefined for one that is read whole. */
  readonly ranges: readonly (readonly FileRange[] | undefined)[];
  /** Closes the files. */
  close(): Promise<void>;
}

export interface RangeLimits {
  /** A smaller file is read before a thread has compiled the rules. */
  readonly largeBytes: number;
  /** What the first thread reads while the others get ready. */
  readonly headStartBytes: number;
  /** So much of a file shows whether it may be cut; where that errs, time is lost. */
  readonly headBytes: number;
}

const LIMITS: RangeLimits = {
  largeBytes: 16 * 1024 ** 2,
  headStartBytes: 64 * 1024 ** 2,
  headBytes: 256 * 1024,
};

/** So much larger the content of a packed file is, or more. */
const PACKED_TIMES = 8;

/**
 * Cuts large files into ranges, one for each thread. What follows each other in a file stays
 * together, so that few logins are met by more than one thread.
 * @returns undefined where a large source cannot be cut, or one thread has read all of them soon.
 * @throws InputError when a file cannot be opened.
 */
export async function planRanges(
  sources: readonly Source[],
  threads: number,
  limits: RangeLimits = LIMITS,
): Promise<RangePlan | undefined> {
  const isLarge = sources.map((source) => weightOf(source) >= limits.largeBytes);
  const large = sources.filter((_, i) => isLarge[i]);
  const bytes = large.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  if (large.some(({ path }) => path === undefined) || bytes < 2 * limits.headStartBytes) {
    return undefined;
  }
  const files: (FileHandle | undefined)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(files.map((file) => file?.close()));
  };
  try {
    for (const [i, { path, name }] of sources.entries()) {
      const file = isLarge[i] ? await openForReading(path!, name) : undefined;
      files.push(file);
      if (file !== undefined && !(await endsRecords(file.fd, limits.headBytes))) {
        await close();
        return undefined;
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const headStart = limits.headStartBytes / bytes;
  const ranges = files.map(
    (file, i) => file && rangesOf(file.fd, sources[i].sizeBytes!, threads, headStart),
  );
  return { ranges, close };
}

/** Bytes to be read of a source, about. */
function weightOf({ path, sizeBytes = Number.POSITIVE_INFINITY }: Source): number {
  return path === undefined ? sizeBytes * PACKED_TIMES : sizeBytes;
}

/** @param headStart share of the file that the first range holds beyond that of the others */
function rangesOf(fd: number, sizeBytes: number, threads: number, headStart: number): FileRange[] {
  const share = (1 - headStart) / threads;
  const endOf = (place: number): number =>
    place === threads - 1
      ? Number.POSITIVE_INFINITY
      : Math.floor(sizeBytes * (headStart + share * (place + 1)));
  return Array.from({ length: threads }, (_, place) => ({
    fd,
    from: place === 0 ? 0 : endOf(place - 1),
    to: endOf(place),
  }));
}

/** Whether its head shows that a line mostly ends what it began, as records of JSON do. */
async function endsRecords(fd: number, headBytes: number): Promise<boolean> {
  const decoder = createDecoder('auto', new PathTree(() => false), {
    maxLineBytes: DEFAULT_MAX_LINE_BYTES,
  });
  const nobody = { records: () => undefined, rejected: () => undefined };
  try {
    for await (const chunk of linesInRange({ fd, from: 0, to: headBytes })) {
      decoder.feed(chunk, nobody);
    }
  } catch (error) {
    if (error instanceof BrokenSource) return false;
    throw error;
  }
  return !decoder.isOpen;
}
