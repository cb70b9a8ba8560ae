import { bytesText } from '../report/index.ts';
import type { CliProcess } from './cli-process.ts';

const QUIET_MS = 1000;
const REDRAW_MS = 100;

export interface Progress {
  /** @param storedBytes that came in since the last call. */
  read(storedBytes: number): void;
  /** Wipes the line away, if there is one. */
  clear(): void;
}

/**
 * One line on stderr that says how far reading has come: only on a terminal, only after a second
 * of work, at most ten times a second.
 * @param totalBytes undefined when a source is a stream: then there is no share and no time left.
 */
export function createProgress(
  { stderr, now }: Pick<CliProcess, 'stderr' | 'now'>,
  totalBytes: number | undefined,
): Progress {
  if (!stderr.isTTY) return { read: () => undefined, clear: () => undefined };
  const startMs = now();
  let readBytes = 0;
  let drawnMs = Number.NEGATIVE_INFINITY;
  return {
    read: (storedBytes) => {
      readBytes += storedBytes;
      const nowMs = now();
      if (nowMs - startMs < QUIET_MS || nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      const line = progressLine({ readBytes, totalBytes, elapsedMs: nowMs - startMs });
      stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    clear: () => {
      if (drawnMs !== Number.NEGATIVE_INFINITY) stderr.write('\r\u001b[K');
      drawnMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** `reading 1.2 GB of 3.4 GB (35 %)  410 MB/s  6 s left` */
export function progressLine({
  readBytes,
  totalBytes,
  elapsedMs,
}: {
  readonly readBytes: number;
  readonly totalBytes: number | undefined;
  readonly elapsedMs: number;
}): string {
  const bytesPerMs = readBytes / elapsedMs;
  const rate = `${bytesText(bytesPerMs * 1000)}/s`;
  // A file that grows while it is read may give more than its size.
  if (totalBytes === undefined || totalBytes < readBytes || totalBytes === 0) {
    return `reading ${bytesText(readBytes)}  ${rate}`;
  }
  const percent = Math.floor((readBytes / totalBytes) * 100);
  const leftMs = (totalBytes - readBytes) / bytesPerMs;
  return `reading ${bytesText(readBytes)} of ${bytesText(totalBytes)} (${percent} %)  ${rate}  ${durationText(leftMs)} left`;
}

function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
