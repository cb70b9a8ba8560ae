import { isoTime } from './clock.ts';
import type { Place } from './entry.ts';

/** Names the file that a pod writes to at a time: `<pod>.<hour it was begun>.log`. */
export function rotation(options: {
  readonly startMs: number;
  readonly rotateMs: number;
}): (place: Place, atMs: number) => string {
  const { startMs, rotateMs } = options;
  const names = new Map<Place, string[]>();
  return (place, atMs) => {
    const part = Math.max(0, Math.floor((atMs - startMs) / rotateMs));
    const own = names.get(place) ?? [];
    names.set(place, own);
    const hour = (): string =>
      isoTime(startMs + part * rotateMs, 0)
        .slice(0, 13)
        .replaceAll('-', '');
    own[part] ??= `${place.pod}.${hour()}.log`;
    return own[part];
  };
}
