import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Files that other projects wrote, read where they lie: beside the project, or a folder above. */
export const SAMPLES: string =
  ['../../../shared/samples/otlp/', '../../../../shared/samples/otlp/']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(`${path}README.md`)) ?? '';

export const HAS_SAMPLES: boolean = SAMPLES !== '';

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
