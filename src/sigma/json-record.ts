import type { SigmaRecord } from './contract.ts';
import type { SigmaValue } from './sigma-value.ts';

/**
 * A parsed JSON object as a record. A field is looked up as a key of the object first, then as a
 * dotted path; arrays on the way hold several values. Keywords read every scalar at any depth.
 */
export function jsonRecord(object: unknown): SigmaRecord {
  return {
    get: (field) => lookUp(object, field),
    values: () => scalarsIn(object),
  };
}

function lookUp(from: unknown, path: string): readonly SigmaValue[] | undefined {
  if (Array.isArray(from)) {
    const found: (readonly SigmaValue[])[] = [];
    for (const element of elementsOf(from)) {
      const values = lookUp(element, path);
      if (values !== undefined) found.push(values);
    }
    return found.length === 0 ? undefined : found.flat();
  }
  if (typeof from !== 'object' || from === null) return undefined;
  if (Object.hasOwn(from, path)) return valuesOf((from as Record<string, unknown>)[path]);
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const key = path.slice(0, dot);
    if (!Object.hasOwn(from, key)) continue;
    const values = lookUp((from as Record<string, unknown>)[key], path.slice(dot + 1));
    if (values !== undefined) return values;
  }
  return undefined;
}

/** The scalars that a field holds; those of an object are fields of their own. */
function valuesOf(value: unknown): readonly SigmaValue[] {
  const values: SigmaValue[] = [];
  for (const element of elementsOf(value)) {
    if (element === null || element === undefined) values.push(null);
    else if (typeof element !== 'object') values.push(String(element));
  }
  return values;
}

/** The elements of arrays within arrays, in order. Keeps its own stack: nesting may be hostile. */
function* elementsOf(value: unknown): Generator<unknown> {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) for (let i = next.length - 1; i >= 0; i--) open.push(next[i]);
    else yield next;
  }
}

function* scalarsIn(object: unknown): Generator<string> {
  const open = [object];
  while (open.length > 0) {
    const next = open.pop();
    if (next === null || next === undefined) continue;
    if (typeof next === 'object') {
      const inner = Object.values(next);
      for (let i = inner.length - 1; i >= 0; i--) open.push(inner[i]);
    } else {
      yield String(next);
    }
  }
}
