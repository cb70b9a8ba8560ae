import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DetectionIndex, jsonRecord } from '../../src/sigma/index.ts';
import { runs } from '../fuzz.ts';
import { compile, readDetection } from './rules.ts';

type Scalar = string | number | null;
type Event = Readonly<Record<string, Scalar | readonly Scalar[]>>;
type Selection = Readonly<Record<string, unknown>> | readonly unknown[];

/** Says what a selection means, with nothing in common with the engine. */
function selected(selection: Selection, event: Event): boolean {
  if (Array.isArray(selection)) {
    return selection.some((part) =>
      typeof part === 'object' ? selected(part, event) : itemHolds('', part, event),
    );
  }
  return Object.entries(selection).every(([key, value]) => itemHolds(key, value, event));
}

function itemHolds(key: string, value: unknown, event: Event): boolean {
  const [field, ...modifiers] = key.split('|');
  const has = (name: string): boolean => modifiers.includes(name);
  const all = Object.values(event).flat();
  const actual = field === '' ? all : [event[field] ?? []].flat();
  const texts = actual.filter((text) => text !== null).map(String);
  const one = (wanted: unknown): boolean => {
    if (has('exists')) return Object.hasOwn(event, field) === wanted;
    if (wanted === null) return texts.length === 0;
    if (has('gt')) return texts.some((text) => /^\d+$/.test(text) && Number(text) > Number(wanted));
    if (has('lte'))
      return texts.some((text) => /^\d+$/.test(text) && Number(text) <= Number(wanted));
    if (has('fieldref')) {
      const others = [event[wanted as string] ?? []].flat().filter((text) => text !== null);
      return texts.some((text) =>
        others.some((other) =>
          has('cased')
            ? text === String(other)
            : text.toLowerCase() === String(other).toLowerCase(),
        ),
      );
    }
    const source = has('re') ? String(wanted) : asRegex(String(wanted), field, has);
    const flags = has('re') ? (has('i') ? 'i' : '') : has('cased') ? 's' : 'si';
    return texts.some((text) => new RegExp(source, `${flags}u`).test(text));
  };
  const values = [value].flat();
  const holds = has('all') ? values.every(one) : values.some(one);
  return has('neq') ? !holds : holds;
}

function asRegex(value: string, field: string, has: (name: string) => boolean): string {
  const middle = value.replace(/\\([*?\\])|[*?]|[^A-Za-z0-9]/g, (c, escaped: string) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (c === '*') return '.*';
    if (c === '?') return '.';
    return `\\u{${c.codePointAt(0)?.toString(16)}}`;
  });
  const anywhere = field === '' && !has('startswith') && !has('endswith');
  const open = anywhere || has('contains');
  return `${open || has('endswith') ? '' : '^'}${middle}${open || has('startswith') ? '' : '$'}`;
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '中'), maxLength: 5 });
const pattern = fc
  .array(fc.constantFrom('a', 'b', 'A', '中', '*', '?', '\\*', '\\\\'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const field = fc.constantFrom('f', 'g', 'h.i');
const values = fc.oneof(
  pattern,
  fc.nat(20),
  fc.uniqueArray(pattern, { minLength: 2, maxLength: 4 }),
);
const regex = fc.constantFrom('a+b', '^a.*b$', 'a|中', '(ab)+', '[ab]{2}', 'b?中', 'A', '(?:a|b)b');
const item: fc.Arbitrary<[string, unknown]> = fc.oneof(
  fc.tuple(field, fc.oneof(values, fc.constant(null))),
  fc
    .tuple(
      field,
      fc.constantFrom('contains', 'startswith', 'endswith', 'cased', 'neq', 'contains|cased'),
      values,
    )
    .map(([name, modifier, value]) => [`${name}|${modifier}`, value] as [string, unknown]),
  fc
    .tuple(
      field,
      fc.constantFrom('contains|all', 'all', 'contains|all|neq'),
      fc.tuple(pattern, pattern),
    )
    .map(([name, modifier, value]) => [`${name}|${modifier}`, value] as [string, unknown]),
  fc.tuple(field, regex).map(([name, value]) => [`${name}|re`, value] as [string, unknown]),
  fc.tuple(field, regex).map(([name, value]) => [`${name}|re|i`, value] as [string, unknown]),
  fc
    .tuple(field, fc.constantFrom('gt', 'lte', 'gt|neq'), fc.nat(20))
    .map(([name, modifier, value]) => [`${name}|${modifier}`, value] as [string, unknown]),
  fc
    .tuple(field, fc.boolean())
    .map(([name, value]) => [`${name}|exists`, value] as [string, unknown]),
  fc
    .tuple(field, fc.constantFrom('fieldref', 'cased|fieldref', 'fieldref|neq'), field)
    .map(([name, modifier, other]) => [`${name}|${modifier}`, other] as [string, unknown]),
  fc
    .tuple(fc.constantFrom('|contains', '|startswith', '|endswith', '|neq'), pattern)
    .map(([key, value]) => [key, value] as [string, unknown]),
  fc.tuple(fc.constant('|re'), regex).map(([key, value]) => [key, value] as [string, unknown]),
  fc.tuple(pattern, pattern).map((value) => ['|all', value] as [string, unknown]),
);
const map = fc
  .array(item, { minLength: 1, maxLength: 3 })
  .map((items) => Object.fromEntries(items));
const selection: fc.Arbitrary<Selection> = fc.oneof(
  { weight: 4, arbitrary: map },
  fc.array(map, { minLength: 1, maxLength: 3 }),
  fc.array(pattern, { minLength: 1, maxLength: 3 }),
);
const CONDITIONS = ['x', 'not x', 'x and y', 'x or y', 'x and not y', 'not (x or y)', '1 of *'];
const rule = fc.record({
  x: selection,
  y: selection,
  condition: fc.constantFrom(...CONDITIONS),
});
const scalar = fc.oneof(letters, fc.nat(20), fc.constant(null));
const event: fc.Arbitrary<Event> = fc.dictionary(
  fc.constantFrom('f', 'g', 'h.i', 'other'),
  fc.oneof({ weight: 3, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 })),
);

type Rule = { readonly x: Selection; readonly y: Selection; readonly condition: string };

function expected(rules: readonly Rule[], on: Event): number[] {
  return rules.flatMap(({ x, y, condition }, i) => {
    const [a, b] = [selected(x, on), selected(y, on)];
    const truths: Record<string, boolean> = {
      x: a,
      'not x': !a,
      'x and y': a && b,
      'x or y': a || b,
      'x and not y': a && !b,
      'not (x or y)': !(a || b),
      '1 of *': a || b,
    };
    return truths[condition] ? [i] : [];
  });
}

const isReadable = (wanted: Rule): boolean =>
  readDetection(JSON.stringify(wanted)).detection !== undefined;

function compileRules(rules: readonly Rule[]): DetectionIndex {
  return compile(...rules.map((wanted) => JSON.stringify(wanted)));
}

/** The event as an event batch has it: every value with its leaves, nulls left out. */
function knownValues(index: DetectionIndex, on: Event) {
  return Object.entries(on).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => {
      if (one === null) return [];
      const text = String(one);
      return [{ field: name, text, leaves: index.leavesOf(name, text) }];
    }),
  );
}

function withoutNulls(on: Event): Event {
  const entries = Object.entries(on).map(([name, value]) => {
    return [name, [value].flat().filter((one) => one !== null)] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value.length > 0));
}

test('a set of rules matches what each of them means', () => {
  fc.assert(
    fc.property(
      fc.array(rule.filter(isReadable), { minLength: 1, maxLength: 6 }),
      event,
      (rules, on) => {
        const index = compileRules(rules);
        expect(index.match(jsonRecord(on))).toEqual(expected(rules, on));
      },
    ),
    { numRuns: runs(1000) },
  );
});

test('values whose leaves are known match like the record', () => {
  fc.assert(
    fc.property(
      fc.array(rule.filter(isReadable), { minLength: 1, maxLength: 6 }),
      event,
      (rules, on) => {
        const index = compileRules(rules);
        const known = [{ field: 'f', text: 'a', leaves: [] }, ...knownValues(index, on)];
        expect(index.matchKnown(known, 1, known.length)).toEqual(
          index.match(jsonRecord(withoutNulls(on))),
        );
      },
    ),
    { numRuns: runs(500) },
  );
});

test('without a leaf that can match, only the unwitnessed do', () => {
  fc.assert(
    fc.property(
      fc.array(rule.filter(isReadable), { minLength: 1, maxLength: 6 }),
      event,
      (rules, on) => {
        const index = compileRules(rules);
        const known = knownValues(index, on);
        if (known.some(({ leaves }) => index.canMatch(leaves))) return;
        const matches = index.matchKnown(known, 0, known.length);
        expect(matches.filter((match) => !index.unwitnessed.includes(match))).toEqual([]);
      },
    ),
    { numRuns: runs(500) },
  );
});

test('the trace of a detection agrees with its match, and with its own leaves', () => {
  fc.assert(
    fc.property(rule.filter(isReadable), event, (wanted, on) => {
      const index = compileRules([wanted]);
      const trace = index.trace(0, jsonRecord(on));
      expect(trace.matched).toBe(index.match(jsonRecord(on)).length === 1);
      const visit = (part: typeof trace): void => {
        if (part.kind === 'item') {
          const truths = part.values.map(({ matched }) => matched);
          const joined = part.item.all ? truths.every(Boolean) : truths.some(Boolean);
          expect(part.matched).toBe(joined !== part.item.negated);
        } else if ('parts' in part) part.parts.forEach(visit);
        else visit(part.part);
      };
      visit(trace);
    }),
    { numRuns: runs(500) },
  );
});

describe('the index', () => {
  test('shares equal leaves and answers in ascending order', () => {
    const index = compile(
      'a: {m|contains: [x, y]}\ncondition: a',
      'a: {m|contains: [y, x]}\nb: {n: 1}\ncondition: a and b',
      '"a": {n: 1}\ncondition: a',
    );
    expect(index.leavesOf('m', 'an x')).toHaveLength(1);
    expect(index.leavesOf('n', '1')).toHaveLength(1);
    expect(index.match(jsonRecord({ m: 'y', n: 1 }))).toEqual([0, 1, 2]);
    expect(index.match(jsonRecord({ n: 1 }))).toEqual([2]);
    expect([...index.fields].sort()).toEqual(['m', 'n']);
    expect(index.hasKeywords).toBe(false);
    expect(index.unwitnessed).toEqual([]);
  });

  test('evaluates always what no value can witness', () => {
    const index = compile('a: {f|exists: false}\ncondition: a', 'a: {f: x}\ncondition: not a');
    expect(index.unwitnessed).toEqual([0, 1]);
    expect(index.match(jsonRecord({}))).toEqual([0, 1]);
    expect(index.matchKnown([], 0, 0)).toEqual([0, 1]);
  });

  test('hands out one shared array for nothing', () => {
    const index = compile('a: {f: x}\ncondition: a');
    expect(index.leavesOf('f', 'y')).toBe(index.leavesOf('g', 'x'));
    expect(index.match(jsonRecord({}))).toBe(index.matchKnown([], 0, 0));
  });

  test('keywords hold for values of any field', () => {
    const index = compile('a: [timeout]\ncondition: a');
    expect(index.hasKeywords).toBe(true);
    expect(index.leavesOf('whatever', 'a TIMEOUT')).toHaveLength(1);
  });

  test('compiles without a detection', () => {
    const index = compile();
    expect(index.match(jsonRecord({ a: 1 }))).toEqual([]);
    expect(index.leavesOf('a', '1')).toEqual([]);
  });
});
