import type { EventBatch } from '../model/index.ts';

/** The event's value of a field; the first when it has several. */
export function eventValue(batch: EventBatch, i: number, field: string): string | undefined {
  for (let v = batch.valueStart[i]!; v < batch.valueStart[i + 1]!; v += 1) {
    if (batch.values[v]!.field === field) return batch.values[v]!.text;
  }
  return undefined;
}

/** Values as one text; undefined when one of them is missing. */
export function keyOf(
  fields: readonly string[],
  valueOfField: (field: string) => string | undefined,
): string | undefined {
  const texts: string[] = [];
  for (const field of fields) {
    const text = valueOfField(field);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts.join(SEPARATOR);
}

/** The values that a key was made of. */
export function valuesOfKey(key: string): string[] {
  return key.split(SEPARATOR);
}

const SEPARATOR = '\u0000';
