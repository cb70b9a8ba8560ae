/** A typed array of at least `length` elements that begins with those of `column`. */
export function grown<T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
  column: T,
  length: number,
): T {
  if (length <= column.length) return column;
  const next = new (column.constructor as new (length: number) => T)(
    Math.max(length, column.length * 2),
  );
  next.set(column);
  return next;
}
