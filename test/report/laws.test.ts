import { Ajv } from 'ajv';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { EVERYTHING, mergeTally, type TallyOptions, tally } from '../../src/aggregate/index.ts';
import {
  type FlowLine,
  type Judged,
  REJECT_CODES,
  RecordKind,
  type Report,
  STAGES,
  STEP_OUTCOMES,
} from '../../src/model/index.ts';
import { parseZone, UTC } from '../../src/normalise/index.ts';
import {
  buildReport,
  explainText,
  type ReportFacts,
  reportHtml,
  reportJson,
  reportMarkdown,
  reportText,
  schemaOf,
  type TextOptions,
  verdictJson,
} from '../../src/report/index.ts';
import { loadRules } from '../../src/ruleset/index.ts';
import { arbitraryFlows, arbitraryJudged } from '../aggregate/arbitrary-judged.ts';
import { runs } from '../fuzz.ts';
import { INPUT, RULES, rule } from './some-day.ts';

const NAMES = ['code_used', 'state_mismatch', 'db_pool_exhausted'];

const FACTS: ReportFacts = {
  tool: { version: '0.1.0', rulesDigest: 'abc' },
  input: INPUT,
  window: { fromMs: Date.UTC(2026, 10, 23), toMs: Date.UTC(2026, 10, 24) },
  selection: EVERYTHING,
  whereText: undefined,
  findings: [],
  rules: NAMES.map((name) => rule(name)),
  zone: parseZone('Asia/Shanghai'),
  showIds: false,
};

const COUNTED: TallyOptions = {
  selection: EVERYTHING,
  by: ['region', 'symptom', 'outcome'],
  showIds: false,
};

const TEXT: TextOptions = {
  language: 'en',
  colorLevel: 0,
  ascii: false,
  width: 100,
  zone: UTC,
  top: 3,
  inputs: ['logs'],
};

const isReport = new Ajv().compile(schemaOf('report'));
const isVerdict = new Ajv().compile(schemaOf('verdict'));

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describe('every report', () => {
  test('is the same bytes in any order of flows and any split', () => {
    const shuffled = arbitraryFlows().chain((flows) =>
      fc.tuple(
        fc.constant(flows),
        fc.shuffledSubarray([...flows], { minLength: flows.length, maxLength: flows.length }),
        fc.nat(flows.length),
      ),
    );
    const outputs = (report: Report) => [
      reportJson(report),
      reportText(report, TEXT),
      reportMarkdown(report, TEXT),
      reportHtml(report, TEXT),
    ];
    fc.assert(
      fc.property(shuffled, ([flows, other, at]) => {
        const whole = buildReport(tally(flows, COUNTED), FACTS);
        const parts = mergeTally(
          tally(other.slice(at), COUNTED),
          tally(other.slice(0, at), COUNTED),
        );
        expect(outputs(buildReport(parts, FACTS))).toEqual(outputs(whole));
      }),
      { numRuns: runs(500) },
    );
  });

  test('fits its schema and adds up', () => {
    fc.assert(
      fc.property(arbitraryFlows(), (flows) => {
        const report: Report = JSON.parse(reportJson(buildReport(tally(flows, COUNTED), FACTS)));
        expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
        const { flows: counts, funnel, causes, unclassified, trend } = report;
        const { succeeded, failed, abandoned, open } = counts;
        expect(succeeded + failed + abandoned + open).toBe(counts.total);
        expect(sum(causes.map(({ flows }) => flows)) + unclassified.flows).toBe(failed);
        expect(sum(Object.values(counts.abandonedBy))).toBe(abandoned);
        expect(sum(funnel.map((row) => row.failed))).toBe(failed);
        expect(sum(funnel.map((row) => row.abandoned))).toBe(abandoned);
        let before = succeeded + failed + abandoned;
        for (const row of funnel) {
          expect(row.reached).toBe(before - row.failed - row.abandoned);
          before = row.reached;
        }
        expect(before).toBe(succeeded);
        for (const rows of [report.breakdowns.region, report.breakdowns.outcome]) {
          expect(sum(rows.map(({ decided }) => decided))).toBe(succeeded + failed);
          expect(sum(rows.map((row) => row.failed))).toBe(failed);
        }
        for (const bucket of trend)
          expect(sum(Object.values(bucket.byCause)) + bucket.unclassified).toBe(bucket.failed);
        if (report.failureRate !== null) {
          const { value, low, high } = report.failureRate;
          expect(value).toBeCloseTo(failed / (failed + succeeded), 5);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
        }
        if (!report.recognition.success) expect(report.failureRate).toBeNull();
      }),
      { numRuns: runs(500) },
    );
  });

  test('of verdicts, each line fits its schema', () => {
    const rules = new Map(FACTS.rules.map((rule) => [rule.name, rule]));
    fc.assert(
      fc.property(arbitraryJudged(fc.string()), (judged) => {
        const line = verdictJson(judged, rules);
        expect(line.endsWith('}\n')).toBe(true);
        expect(isVerdict(JSON.parse(line)), JSON.stringify(isVerdict.errors)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });
});

/** What a terminal, a page or an eye could be led astray by. */
const HARMFUL =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/u;

/** Our own colours, which the text with colour consists of beside its words. */
const OWN_COLOURS = /\u001b\[(?:1|2|22|31|32|33|36|39)m/g;

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001b[2J',
        '\u001b]0;title\u0007',
        '\u009b31m',
        '\r\n::error::x',
        '\u202e\u2066',
        '\u200b\u200d\ufeff',
        '\ud800',
        '\u0000',
        '`|[x](javascript:1)|<script>alert(1)</script>',
        '"\\\'$(reboot)',
        '登录',
        '\u0301'.repeat(50),
        '\u{e0041}',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(''));

/** A tag as our page has them; values of its attributes end nowhere but at their quote. */
const OWN_TAG =
  /^<(?:\/[a-z\d]+|[a-z\d]+(?: (?:lang|charset|name|content|http-equiv|scope|class|style|role|aria-label|viewBox|height|width|preserveAspectRatio|x|y)="[^"<>`]*")*)>$/;

const language = fc.constantFrom('en' as const, 'zh' as const);

/** Markdown without its code spans; a backtick behind a backslash opens none. */
function withoutCode(markdown: string): string {
  return markdown.replace(/\\[\s\S]|`[^`\n]*`/g, (part) => (part.startsWith('`') ? '' : part));
}

/** A report in which every text that could come from elsewhere is hostile. */
const hostileReport = fc
  .record({
    flows: arbitraryFlows(hostile),
    texts: fc.array(hostile, { minLength: 8, maxLength: 8 }),
    partial: fc.boolean(),
  })
  .map(
    ({ flows, texts: [file, schema, title, remediation, where, subject, name, kind], partial }) => {
      const renamed = flows.map(({ flow, verdict }) => ({
        flow,
        verdict:
          verdict.outcome.kind === 'failed' && verdict.outcome.cause === 'code_used'
            ? { ...verdict, outcome: { ...verdict.outcome, cause: name } }
            : verdict,
      }));
      return buildReport(tally(renamed, COUNTED), {
        ...FACTS,
        input: {
          ...INPUT,
          sources: [{ ...INPUT.sources[0], name: file }],
          samples: REJECT_CODES.map((code) => ({ file, line: 1, code, reason: file })),
          schemas: { [schema]: 3 },
          partial,
        },
        rules: [
          ...FACTS.rules,
          rule(name, {
            title: { en: title, zh: title },
            remediation: { en: remediation, zh: remediation },
          }),
        ],
        whereText: where,
        selection: { ...EVERYTHING, sinceMs: 0 },
        findings: [{ kind, severity: 'warning', subject, count: 2 }],
      });
    },
  );

describe('hostile text', () => {
  test('never reaches the terminal', () => {
    fc.assert(
      fc.property(hostileReport, language, hostile, (report, language, input) => {
        const options = { ...TEXT, language, inputs: [input] };
        const plain = reportText(report, options);
        expect(plain).not.toMatch(HARMFUL);
        const coloured = reportText(report, { ...options, colorLevel: 1 });
        expect(coloured.replaceAll(OWN_COLOURS, '')).toBe(plain);
      }),
      { numRuns: runs(500) },
    );
  });

  test('never makes a line too wide', () => {
    fc.assert(
      fc.property(
        hostileReport,
        language,
        fc.integer({ min: 80, max: 140 }),
        fc.boolean(),
        (report, language, width, ascii) => {
          const [body] = reportText(report, { ...TEXT, language, width, ascii }).split(
            /\n\n(?=next|下一步)/,
          );
          for (const line of body.split('\n'))
            expect(stringWidth(line), line).toBeLessThanOrEqual(width);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  test('never becomes markup or a control character in Markdown', () => {
    fc.assert(
      fc.property(hostileReport, language, (report, language) => {
        const markdown = reportMarkdown(report, { ...TEXT, language });
        expect(markdown).not.toMatch(HARMFUL);
        // Outside of code, nothing is left that could start a tag, a link or a mention.
        const plain = withoutCode(markdown.replace(/^```sh\n[\s\S]*?^```$/gm, ''));
        expect(plain).not.toMatch(/<|@|(?<!\\)[\][]/);
        for (const table of markdown.matchAll(/(?:^\|.*\|$\n?)+/gm)) {
          const cells = table[0]
            .trim()
            .split('\n')
            .map((line) => line.match(/(?<!\\)\|/g)?.length);
          expect(new Set(cells).size).toBe(1);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test('never becomes markup, a style or a control character in HTML', () => {
    fc.assert(
      fc.property(hostileReport, language, hostile, (report, language, input) => {
        const page = reportHtml(report, { ...TEXT, language, inputs: [input] });
        expect(page).not.toMatch(HARMFUL);
        expect(page).not.toMatch(/<script|javascript:[^1]/i);
        const [, head, body] = /^<!doctype html>\n(.*)<style>[^<]*<\/style>(.*)$/s.exec(page)!;
        const open: string[] = [];
        for (const [tag, closing, name] of `${head}${body}`.matchAll(/<(\/?)(\w*)[^>]*>?/g)) {
          expect(tag).toMatch(OWN_TAG);
          if (closing !== '') expect(open.pop(), tag).toBe(name);
          else if (name !== 'meta' && name !== 'br') open.push(name);
        }
        expect(open).toEqual([]);
        const words = `${head}${body}`.replace(/<[^>]*>/g, '');
        expect(words).not.toMatch(/[<>"'`]/);
      }),
      { numRuns: runs(500) },
    );
  });

  test('survives in JSON, escaped', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const json = reportJson(report);
        expect(json).not.toMatch(HARMFUL);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(report)));
      }),
      { numRuns: runs(500) },
    );
  });

  test('never leaves a verdict or an explanation', () => {
    const rules = loadRules([]);
    const line = fc.record({
      place: fc.record({ file: hostile, line: fc.nat(1000) }),
      timeMs: fc.option(
        fc.nat(1e6).map((ms) => FACTS.window.fromMs! + ms),
        { nil: undefined },
      ),
      kind: fc.constantFrom(...Object.values(RecordKind)),
      severity: fc.constant('error' as const),
      stage: fc.option(fc.constantFrom(...STAGES), { nil: undefined }),
      outcome: fc.constantFrom(...STEP_OUTCOMES),
      durationMs: fc.option(fc.nat(5000), { nil: undefined }),
      rules: fc.constant([]),
      ids: fc.array(hostile),
      text: hostile,
    });
    const evidence = (lines: readonly FlowLine[], name: string) =>
      lines.slice(0, 2).map(({ place, timeMs }) => ({ rule: name, place, timeMs }));
    fc.assert(
      fc.property(
        arbitraryJudged(hostile),
        fc.array(line, { maxLength: 40 }),
        hostile,
        language,
        fc.boolean(),
        ({ flow, verdict }, lines, name, language, ascii) => {
          const judged: Judged = {
            flow: { ...flow, id: name },
            verdict: { ...verdict, evidence: evidence(lines, name) },
          };
          expect(verdictJson(judged, new Map())).not.toMatch(HARMFUL);
          const facts = { judged, lines, rules, window: FACTS.window, showIds: false };
          const options = { ...TEXT, language, ascii, inputs: [name] };
          expect(explainText(facts, options)).not.toMatch(HARMFUL);
          const coloured = explainText(facts, { ...options, colorLevel: 1 });
          expect(coloured.replaceAll(OWN_COLOURS, '')).toBe(explainText(facts, options));
        },
      ),
      { numRuns: runs(500) },
    );
  });
});

test('rules of the example day all have words in both languages', () => {
  for (const { title, remediation } of RULES)
    for (const text of [title, remediation]) expect(text.en && text.zh).toBeTruthy();
});
