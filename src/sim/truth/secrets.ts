/** Long enough to be no accident, and as much of a secret as anybody needs to find the rest. */
const PROBE_LENGTH = 16;

const RUN = /[A-Za-z0-9_-]{16,}/g;

/** Values that must appear in none of a run's outputs, ready to be looked for. */
export interface Secrets {
  add(value: string): void;
  /** @returns parts of secrets that stand in the text, at most a few */
  findIn(text: string): readonly string[];
  readonly size: number;
}

const MOST_FOUND = 5;

/** Looks for thousands of values in one pass, wherever in a word they stand. */
export function createSecrets(): Secrets {
  const probes = new Set<string>();
  return {
    add(value) {
      for (const [run] of value.matchAll(RUN)) probes.add(run.slice(0, PROBE_LENGTH));
    },
    findIn(text) {
      const found = new Set<string>();
      for (const [run] of text.matchAll(RUN)) {
        for (let at = 0; at + PROBE_LENGTH <= run.length; at++) {
          const probe = run.slice(at, at + PROBE_LENGTH);
          if (probes.has(probe)) found.add(probe);
        }
        if (found.size >= MOST_FOUND) break;
      }
      return [...found];
    },
    get size() {
      return probes.size;
    },
  };
}
