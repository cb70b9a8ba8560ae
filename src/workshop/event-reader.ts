import { createDecoder, DEFAULT_MAX_LINE_BYTES, PathTree } from '../decode/index.ts';
import { createNormaliser, type Mapping } from '../normalise/index.ts';
import type { DetectionIndex, SigmaRecord } from '../sigma/index.ts';

/** A value of a normalised event. */
export interface EventValue {
  readonly field: string;
  readonly text: string;
}

/** Reads one JSON line the way an analysis does: the values that rules about logins see. */
export type EventReader = (line: string) => readonly EventValue[];

/** @param library the rules to read for: they say which fields become values. */
export function createEventReader(
  library: Pick<DetectionIndex, 'fields' | 'hasKeywords'>,
  mappings: readonly Mapping[],
): EventReader {
  const normaliser = createNormaliser({
    mappings,
    // Each value claims a leaf, so that no line is dropped as one that no rule could match.
    library: {
      fields: library.fields,
      hasKeywords: library.hasKeywords,
      leavesOf: () => [0],
      canMatch: () => true,
    },
    keep: [],
    showIds: false,
  });
  const paths = new PathTree(normaliser.wants);
  const utf8 = new TextEncoder();
  return (line) => {
    const values: EventValue[] = [];
    const decoder = createDecoder('auto', paths, { maxLineBytes: DEFAULT_MAX_LINE_BYTES });
    const sink = {
      records(batch: Parameters<typeof normaliser.normalise>[0]) {
        const events = normaliser.normalise(batch, paths);
        for (let i = 0; i < events.count; i++) {
          for (const { field, text } of events.templates[events.template[i]].values) {
            values.push({ field, text });
          }
        }
      },
      rejected() {},
    };
    decoder.feed(utf8.encode(`${line}\n`), sink);
    decoder.end(sink);
    return values;
  };
}

/** The values as a record. */
export function recordOf(values: readonly EventValue[]): SigmaRecord {
  const byField = new Map<string, string[]>();
  for (const { field, text } of values) {
    const texts = byField.get(field);
    if (texts === undefined) byField.set(field, [text]);
    else texts.push(text);
  }
  return {
    get: (field) => byField.get(field),
    values: () => values.map(({ text }) => text),
  };
}
