import { elementsOf, memberOf, membersOf, type Range } from './json-cursor.ts';

/** Where the answers of log stores keep their records, by the keys that lead there. */
const RECORD_PATHS: readonly (readonly string[])[] = [
  // Elasticsearch and OpenSearch.
  ['hits', 'hits'],
  // CloudWatch: `filter-log-events`, and what a subscription delivers.
  ['events'],
  ['logEvents'],
];

/** The records of the answer of a log store, each an object of its own; none for anything else. */
export function* recordsOfAnswer(bytes: Uint8Array, answer: Range): Generator<Range> {
  for (const path of RECORD_PATHS) {
    const records = at(bytes, answer, path);
    if (records === undefined) continue;
    for (const record of elementsOf(bytes, records.start, records.end)) {
      if (bytes[record.start] === OPEN_BRACE) yield record;
    }
  }
}

/** A line in an answer of Loki. All are strings, without their quotes and with their escapes. */
export interface LokiLine {
  readonly time: Range;
  readonly line: Range;
  readonly labels: readonly ({ readonly key: string } & Range)[];
}

/** The lines of `{"status":…,"data":{"resultType":"streams","result":[{"stream":{…},"values":[…]}]}}`. */
export function* linesOfLoki(bytes: Uint8Array, answer: Range): Generator<LokiLine> {
  const result = at(bytes, answer, ['data', 'result']);
  if (result === undefined) return;
  for (const stream of elementsOf(bytes, result.start, result.end)) {
    const labelled = memberOf(bytes, stream, 'stream');
    const values = memberOf(bytes, stream, 'values');
    if (labelled === undefined || values === undefined) continue;
    const labels = [...membersOf(bytes, labelled.start, labelled.end)]
      .filter((label) => bytes[label.start] === QUOTE)
      .map((label) => ({ key: label.key, ...unquoted(label) }));
    for (const value of elementsOf(bytes, values.start, values.end)) {
      const [time, line] = elementsOf(bytes, value.start, value.end);
      if (time === undefined || line === undefined || bytes[line.start] !== QUOTE) continue;
      yield {
        time: bytes[time.start] === QUOTE ? unquoted(time) : time,
        line: unquoted(line),
        labels,
      };
    }
  }
}

const [OPEN_BRACE, QUOTE] = [0x7b, 0x22];

const unquoted = ({ start, end }: Range): Range => ({ start: start + 1, end: end - 1 });

function at(bytes: Uint8Array, from: Range, path: readonly string[]): Range | undefined {
  let place: Range | undefined = from;
  for (const key of path) {
    if (place === undefined || bytes[place.start] !== OPEN_BRACE) return undefined;
    place = memberOf(bytes, place, key);
  }
  return place;
}
