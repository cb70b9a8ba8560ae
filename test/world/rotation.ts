import { isoTime } from './clock.ts';
import type { Place } from './entry.ts';
import type { WorldOptions } from './options.ts';

/** Names the file that a place writes to at a time: `<pod or service>[.<hour it was begun>].log`. */
export function rotation(
  options: Pick<WorldOptions, 'startMs' | 'spanMs' | 'rotateMs' | 'filesBy'>,
): (place: Place, atMs: number) => string {
  const { startMs, spanMs, rotateMs, filesBy } = options;
  const names = new Map<Place, string[]>();
  const nameOf = (place: Place, part: number): string => {
    const writer = place[filesBy];
    if (rotateMs >= spanMs) return `${writer}.log`;
    const hour = isoTime(startMs + part * rotateMs, 0)
      .slice(0, 13)
      .replaceAll('-', '');
    return `${writer}.${hour}.log`;
  };
  return (place, atMs) => {
    const part = rotateMs >= spanMs ? 0 : Math.max(0, Math.floor((atMs - startMs) / rotateMs));
    const own = names.get(place) ?? [];
    names.set(place, own);
    own[part] ??= nameOf(place, part);
    return own[part];
  };
}
