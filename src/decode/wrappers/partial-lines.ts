/** A line of which only a part may stand here. */
export interface LinePart {
  /** Parts of one stream follow each other. */
  readonly stream: string;
  readonly line: number;
  readonly isPartial: boolean;
}

export type PartOutcome =
  /** It is whole as it stands. */
  | { readonly kind: 'whole' }
  /** It waits for the rest. */
  | { readonly kind: 'waiting' }
  /** It was the last part of a line that began on the given one. */
  | { readonly kind: 'joined'; readonly bytes: Uint8Array; readonly line: number }
  | { readonly kind: 'too-long'; readonly line: number };

/** Joins lines that a container runtime cut into parts. */
export interface PartialLines {
  readonly isOpen: boolean;
  put(bytes: Uint8Array, start: number, end: number, part: LinePart): PartOutcome;
  /** Forgets what is waiting. */
  giveUp(): void;
}

interface Waiting {
  readonly line: number;
  parts: Uint8Array[];
  length: number;
}

/** More streams than these do not wait side by side: the one that waits longest is given up. */
const MAX_WAITING = 256;

/** @param lost told of each line that began and never ended. */
export function createPartialLines(
  options: { readonly maxRecordBytes: number },
  lost: (line: number) => void,
): PartialLines {
  const waiting = new Map<string, Waiting>();
  return {
    get isOpen() {
      return waiting.size > 0;
    },
    put(bytes, start, end, { stream, line, isPartial }) {
      if (!isPartial && waiting.size === 0) return WHOLE;
      const begun = waiting.get(stream);
      if (!isPartial && begun === undefined) return WHOLE;
      const open = begun ?? { line, parts: [], length: 0 };
      open.length += end - start;
      if (open.length > options.maxRecordBytes) open.parts = [];
      else open.parts.push(bytes.slice(start, end));
      if (isPartial) {
        if (begun === undefined && waiting.size >= MAX_WAITING) {
          const [[oldest, { line: lostLine }]] = waiting as unknown as [[string, Waiting]];
          waiting.delete(oldest);
          lost(lostLine);
        }
        waiting.set(stream, open);
        return WAITING;
      }
      waiting.delete(stream);
      if (open.length > options.maxRecordBytes) return { kind: 'too-long', line: open.line };
      return { kind: 'joined', bytes: joined(open.parts, open.length), line: open.line };
    },
    giveUp() {
      for (const { line } of waiting.values()) lost(line);
      waiting.clear();
    },
  };
}

const WHOLE: PartOutcome = { kind: 'whole' };
const WAITING: PartOutcome = { kind: 'waiting' };

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
