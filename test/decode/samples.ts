import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files that other projects wrote, read where they lie. */
export const SAMPLES: string = fileURLToPath(
  new URL('../../../shared/samples/otlp/', import.meta.url),
);

export const HAS_SAMPLES: boolean = existsSync(`${SAMPLES}README.md`);

/** What each sample holds by its own README: spans, logs or rows that are neither. */
export function sampleCounts(): {
  readonly file: string;
  readonly count: number;
  readonly what: 'span' | 'log' | 'row';
}[] {
  if (!HAS_SAMPLES) return [];
  const table = readFileSync(`${SAMPLES}README.md`, 'utf8');
  return [...table.matchAll(/^\| (\S+\.\w+) \| (\d+) (span|log|row)s? \|/gm)].map(
    ([, file, count, what]) => ({
      file: file as string,
      count: Number(count),
      what: what as 'span' | 'log' | 'row',
    }),
  );
}
