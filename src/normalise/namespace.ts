import { ID_NAMESPACES, type IdNamespace } from '../model/index.ts';

/** Index of each namespace in `ID_NAMESPACES`. */
export const NAMESPACE = Object.fromEntries(
  ID_NAMESPACES.map((name, index) => [name, index]),
) as Readonly<Record<IdNamespace, number>>;

/** Salt of a namespace, so that equal texts in two of them are two ids. */
export function namespaceSalt(namespace: number): number {
  return namespace + 1;
}
