import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/model/index.ts';
import {
  compileDetections,
  createReporter,
  type Detection,
  type DetectionIndex,
  entryOf,
  jsonRecord,
  parseDetection,
  readYaml,
} from '../../src/sigma/index.ts';
import { flatEvent } from './flat-event.ts';

const folder = fileURLToPath(new URL('../../../shared/conformance/sigma/', import.meta.url));
const present = existsSync(`${folder}cases.ndjson`);

interface Case {
  readonly id: string;
  readonly rule: string;
  readonly events: readonly unknown[];
  readonly match_count: number;
}

interface Match {
  readonly rule: string;
  readonly case: string;
  readonly event: number;
}

describe.skipIf(!present)('SigmaHQ rules on the events of their authors', () => {
  const cases = present ? ndjson<Case>('cases.ndjson') : [];
  const cross = present ? ndjson<Match>('cross.ndjson') : [];

  test('every case matches as often as verified', () => {
    const wrong: string[] = [];
    for (const { id, rule, events, match_count } of cases) {
      const index = compileDetections([detectionOf(id, rule)]);
      const matches = events.filter((event) => index.match(recordOf(event)).length === 1).length;
      if (matches !== match_count) wrong.push(`${id}: ${matches}, not ${match_count}`);
    }
    expect(cases).toHaveLength(101);
    expect(wrong).toEqual([]);
  });

  test('all rules on all events match exactly the listed pairs', () => {
    const index = compileDetections(cases.map(({ id, rule }) => detectionOf(id, rule)));
    expect(pairs((event) => index.match(recordOf(event)))).toEqual(listed());
  });

  test('values whose leaves are known match alike', () => {
    const index = compileDetections(cases.map(({ id, rule }) => detectionOf(id, rule)));
    const found = pairs((event) => {
      const values = knownValues(index, event);
      return index.matchKnown(values, 0, values.length);
    });
    expect(found).toEqual(listed());
  });

  function pairs(match: (event: unknown) => readonly number[]): readonly string[] {
    const found = cases.flatMap((own) =>
      own.events.flatMap((event, i) =>
        match(event).map((rule) => `${cases[rule].id} ${own.id} ${i}`),
      ),
    );
    return found.sort();
  }

  function listed(): readonly string[] {
    expect(cross).toHaveLength(132);
    return cross.map((match) => `${match.rule} ${match.case} ${match.event}`).sort();
  }
});

function ndjson<T>(name: string): T[] {
  const lines = readFileSync(folder + name, 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

function detectionOf(id: string, text: string): Detection {
  const problems: Problem[] = [];
  const report = createReporter(`${id}.yml`, text, problems);
  const [document] = readYaml(text, report);
  const detection = parseDetection(entryOf(document, 'detection')!.value, report);
  expect(problems).toEqual([]);
  return detection!;
}

function recordOf(event: unknown) {
  return jsonRecord(flatEvent(event));
}

function knownValues(index: DetectionIndex, event: unknown) {
  return Object.entries(flatEvent(event))
    .filter(([, value]) => value !== null)
    .map(([field, value]) => {
      const text = String(value);
      return { field, text, leaves: index.leavesOf(field, text) };
    });
}
