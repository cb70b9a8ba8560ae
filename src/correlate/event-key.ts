import type { EventBatch } from '../model/index.ts';

/** The event's value of a field; the first when it has several. */
export function eventValue(batch: EventBatch, i: number, field: string): string | undefined {
  const { values } = batch.templates[batch.template[i]!]!;
  return values.find((value) => value.field === field)?.text;
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
