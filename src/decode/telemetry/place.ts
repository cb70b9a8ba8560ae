import type { JsonReader } from './json-reader.ts';

/** A value that was passed over because something behind it has to be known first. */
export interface Place {
  readonly at: number;
  readonly depth: number;
}

/** Passes over the value that stands here, to return to it later. */
export function passOver(json: JsonReader): Place {
  const place = { at: json.at, depth: json.depth };
  json.skip();
  return place;
}

/**
 * Returns to values that were passed over, then to where the walk was. If it broke off in one of
 * them it does so again, with all before that read.
 */
export function returnTo(json: JsonReader, places: readonly Place[], read: () => void): void {
  if (places.length === 0) return;
  const { at, depth, fault, faultAt } = json;
  for (const place of places) {
    json.goBack(place.at, place.depth);
    read();
  }
  json.goBack(at, depth);
  json.fault = fault;
  json.faultAt = faultAt;
}
