import { plainOf, type YamlNode } from '../sigma/index.ts';
import { sha256 } from './sha256.ts';

/** SHA-256 of what a document says, whatever its layout, comments and tests. */
export function documentHash(node: YamlNode): string {
  if (node.kind === 'map' && node.hash !== undefined) return node.hash;
  const plain = plainOf(node) as Record<string, unknown>;
  const attributes = plain.custom_attributes;
  if (typeof attributes === 'object' && attributes !== null) {
    delete (attributes as Record<string, unknown>)['flow.tests'];
  }
  return sha256(canonical(plain));
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const object = value as Record<string, unknown>;
  const entries = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`);
  return `{${entries.join(',')}}`;
}
