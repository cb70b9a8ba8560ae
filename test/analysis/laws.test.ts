import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../fuzz.ts';
import { generateWorld } from '../world/index.ts';
import { anyHostileLine, anyRecord } from './any-lines.ts';
import { analyse, bytesOf, type Fed, factsOf, oneFile, outputsOf } from './run.ts';

const RUNS = { numRuns: runs(500) };

/** A small world in which everything occurs that the world can tell. */
const world = generateWorld({ seed: 7, flows: 40, failureScale: 6, brokenRatio: 0.02 });
const LINES = world.files.flatMap((file) => [...file.lines]);
const printed = (sources: readonly Fed[]) => factsOf(analyse(sources));
const EXPECTED = printed(oneFile(LINES));

/** Some lines of the world, so that a failing case shrinks. */
const someLines = fc.shuffledSubarray(LINES, { maxLength: 60 });

describe('law 1: order-free', () => {
  test('any permutation of the lines prints the same', () => {
    fc.assert(
      fc.property(
        someLines.chain((lines) =>
          fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
        ),
        ([lines, shuffled]) => {
          expect(printed(oneFile(shuffled))).toEqual(printed(oneFile(lines)));
        },
      ),
      RUNS,
    );
  });

  test('any permutation of the whole world prints the same', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(LINES, { minLength: LINES.length }), (shuffled) => {
        expect(printed(oneFile(shuffled))).toEqual(EXPECTED);
      }),
      { numRuns: runs(20) },
    );
  });

  test('any split into files, with the chunks cut at any byte, prints the same', () => {
    fc.assert(
      fc.property(
        someLines,
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (lines, fileCuts, byteCuts) => {
          const files = cut(lines, fileCuts).map((part, i): Fed => {
            const bytes = bytesOf(part);
            return {
              name: `${i}.log`,
              chunks: cut([...bytes], byteCuts).map((c) => Uint8Array.from(c)),
            };
          });
          expect(printed(files)).toEqual(printed(oneFile(lines)));
        },
      ),
      RUNS,
    );
  });
});

test('law 2: delivering lines twice changes nothing but the counters of the input', () => {
  fc.assert(
    fc.property(someLines, fc.array(fc.nat(), { maxLength: 40 }), (lines, again) => {
      const repeats = lines.length === 0 ? [] : again.map((i) => lines[i % lines.length]!);
      expect(printed(oneFile([...lines, ...repeats]))).toEqual(printed(oneFile(lines)));
    }),
    RUNS,
  );
});

const hostileLine = anyHostileLine(LINES);

describe('laws 3 and 4', () => {
  test('conserving: every line is an event, another line, a rejected or a blank one', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostileLine, fc.constantFrom(...LINES))), (lines) => {
        const analysis = analyse(oneFile(lines));
        const [source] = analysis.input.sources;
        const rejected = Object.values(source!.rejected).reduce((sum, count) => sum + count, 0);
        expect(source!.lines).toBe(lines.length);
        expect(source!.records).toBe(source!.events + source!.other);
        expect(source!.records + source!.joined + source!.blank + rejected).toBe(source!.lines);
        expect(analysis.input.unlinked).toBeLessThanOrEqual(source!.events);
        const outcomes = [...analysis.flows()].map(({ verdict }) => verdict.outcome.kind);
        expect(outcomes).toHaveLength(analysis.size);
      }),
      RUNS,
    );
  });

  test('unharmed: broken lines hide no other line', () => {
    fc.assert(
      fc.property(someLines, fc.array(fc.tuple(fc.nat(), hostileLine)), (lines, broken) => {
        const mixed = [...lines];
        for (const [at, line] of broken) mixed.splice(at % (mixed.length + 1), 0, line);
        expect(printed(oneFile(mixed))).toEqual(printed(oneFile(lines)));
      }),
      RUNS,
    );
  });
});

test('law 6: the same input prints the same bytes, in any zone and tongue', () => {
  const before = { TZ: process.env.TZ, LANG: process.env.LANG };
  const whole = () => outputsOf(analyse(oneFile(LINES)));
  const first = whole();
  try {
    process.env.TZ = 'Asia/Shanghai';
    process.env.LANG = 'zh_CN.UTF-8';
    expect(whole()).toEqual(first);
  } finally {
    process.env.TZ = before.TZ ?? 'UTC';
    process.env.LANG = before.LANG ?? 'C';
  }
});

test('law 7: nothing printed carries an id in clear', () => {
  const secrets = world.truth
    .flatMap((truth) => Object.values(truth.ids).flat())
    .filter((id) => id !== undefined && id.length >= 8);
  expect(secrets.length).toBeGreaterThan(100);
  const all = outputsOf(analyse(oneFile(LINES))).join('\n');
  for (const secret of secrets) expect(all).not.toContain(secret);
});

test('law 7: a hostile value is printed neither raw nor with what it hides', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.uuid(), (text, secret) => {
      const line = (stage: string, ms: number) =>
        JSON.stringify({
          time: new Date(1_760_000_000_000 + ms).toISOString(),
          'login.flow.id': secret,
          'login.stage': stage,
          'service.version': text,
          'cloud.region': `https://x/?code=${secret}`,
        });
      const all = outputsOf(
        analyse([{ name: text, chunks: [bytesOf([line('issued', 0), line('session', 9)])] }]),
      );
      for (const output of all) {
        expect(output).not.toMatch(
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
        expect(output).not.toContain(secret);
      }
    }),
    RUNS,
  );
});

const someRecords = fc.array(anyRecord(LINES), { maxLength: 40 });

describe('wrapped lines and text', () => {
  test('law 1: any permutation and any split into files and chunks prints the same', () => {
    fc.assert(
      fc.property(
        someRecords.chain((records) =>
          fc.tuple(
            fc.constant(records),
            fc.shuffledSubarray(records, { minLength: records.length }),
          ),
        ),
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        ([records, shuffled], fileCuts, byteCuts) => {
          const files = cut(shuffled, fileCuts).map((part, i): Fed => {
            const bytes = bytesOf(part.flat());
            return {
              name: `${i}.log`,
              chunks: cut([...bytes], byteCuts).map((c) => Uint8Array.from(c)),
            };
          });
          expect(printed(files)).toEqual(printed(oneFile(records.flat())));
        },
      ),
      RUNS,
    );
  });

  test('law 2: delivering records twice changes nothing but the counters of the input', () => {
    fc.assert(
      fc.property(someRecords, fc.array(fc.nat(), { maxLength: 20 }), (records, again) => {
        const repeats = records.length === 0 ? [] : again.map((i) => records[i % records.length]!);
        expect(printed(oneFile([...records, ...repeats].flat()))).toEqual(
          printed(oneFile(records.flat())),
        );
      }),
      RUNS,
    );
  });

  test('laws 3 and 4: every line is counted once, and broken ones hide no other', () => {
    // Whatever has no form of its own goes on with a text before it: here it follows none.
    const broken = fc.tuple(fc.nat(), hostileLine).map(([at, line]) => [at, [line]] as const);
    fc.assert(
      fc.property(someRecords, fc.array(broken), (records, harms) => {
        const wrapped = records.filter(([first]) => first!.startsWith('{'));
        const mixed = [...wrapped];
        for (const [at, lines] of harms) mixed.splice(at % (mixed.length + 1), 0, lines);
        const analysis = analyse(oneFile(['{}', ...mixed.flat()]));
        expect(factsOf(analysis)).toEqual(printed(oneFile(['{}', ...wrapped.flat()])));
        const [source] = analysis.input.sources;
        const rejected = Object.values(source!.rejected).reduce((sum, count) => sum + count, 0);
        expect(source!.lines).toBe(mixed.flat().length + 1);
        expect(source!.records).toBe(source!.events + source!.other);
        expect(source!.records + source!.joined + source!.blank + rejected).toBe(source!.lines);
      }),
      RUNS,
    );
  });
});

function cut<T>(items: readonly T[], places: readonly number[]): T[][] {
  const cuts = [...new Set(places.map((place) => place % (items.length + 1)))].sort(
    (a, b) => a - b,
  );
  return [...cuts, items.length].map((to, i) => items.slice(i === 0 ? 0 : cuts[i - 1], to));
}
