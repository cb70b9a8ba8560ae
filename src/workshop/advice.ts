import { type Problem, STAGES } from '../model/index.ts';
import type { ActiveRule, RuleDocument } from '../ruleset/index.ts';
import {
  compileDetections,
  createReporter,
  type Detection,
  type Expression,
  entryOf,
  type Item,
  type Reporter,
  type Span,
} from '../sigma/index.ts';

/** What is not wrong with a rule but should be better: language, tests, patterns, absence. */
export function adviseOn(
  document: RuleDocument,
  rule: ActiveRule | undefined,
  problems: Problem[],
): void {
  const report = createReporter(document.file, document.text, problems);
  adviseOnLanguage(document, report);
  adviseOnTests(document, report);
  if (rule === undefined) return;
  adviseOnPatterns(rule.detection, report);
  if (document.facts.scope === 'flow') adviseOnAbsence(document, rule.detection, report);
  else adviseOnWitness(document, rule.detection, report);
}

function headOf({ node }: RuleDocument): Span {
  return entryOf(node, 'title')?.keySpan ?? node.entries[0]?.keySpan ?? node;
}

/** Titles, remedies and descriptions stand in English and Chinese. */
function adviseOnLanguage(document: RuleDocument, report: Reporter): void {
  const { node, facts } = document;
  const attributes = entryOf(node, 'custom_attributes');
  const place = attributes?.keySpan ?? headOf(document);
  const own = (key: string) => attributes && entryOf(attributes.value, key);
  const missing = (what: string, where: Span): void =>
    report.warning(where, 'missing-language', `"${facts.name}" has no ${what}`);
  if (own('flow.title.zh') === undefined) missing('"flow.title.zh"', place);
  const remedy = own('flow.remediation');
  const explains = own('flow.explains') !== undefined;
  const needsRemedy = (facts.effect === 'failure' || facts.effect === 'finding') && !explains;
  if (remedy === undefined) {
    if (needsRemedy) missing('"flow.remediation"', place);
  } else {
    for (const language of ['en', 'zh']) {
      if (entryOf(remedy.value, language) !== undefined) continue;
      missing(`"flow.remediation" in ${language}`, remedy.keySpan);
    }
  }
  const description = entryOf(node, 'description');
  const translated = own('flow.description');
  if (description !== undefined && translated === undefined) {
    missing('"flow.description" with zh beside its "description"', description.keySpan);
  }
}

function adviseOnTests({ tests, facts }: RuleDocument, report: Reporter): void {
  const seen = new Map<string, string>();
  for (const { name, events, untilMs, span } of tests) {
    const content = JSON.stringify([events, untilMs]);
    const earlier = seen.get(content);
    if (earlier === undefined) seen.set(content, name);
    else report.warning(span, 'duplicate-test', `"${name}" tests the same as "${earlier}"`);
  }
  const names = tests.map(({ name }) => name);
  for (const [i, { name, span }] of tests.entries()) {
    if (names.indexOf(name) === i) continue;
    report.warning(span, 'duplicate-test', `"${facts.name}" has two tests named "${name}"`);
  }
}

/** Long texts: a pattern that no literal guards runs on every one of them. */
const LONG_TEXTS = [undefined, 'message', 'exception.stacktrace', 'error.message'];

/** One repeated piece alone in a repeated group: many ways to match the same text. */
const NESTED_REPEAT = /\((?:\?:|\?P?<\w+>)?(?:\\.|\[[^\]]*\]|[^()\\[\]])[*+]\)[*+{]/;

function adviseOnPatterns(detection: Detection, report: Reporter): void {
  for (const item of itemsIn(detection.expression)) {
    for (const { ask, span } of item.values) {
      if (ask.kind !== 'predicates') continue;
      for (const predicate of ask.predicates) {
        if (predicate.kind !== 'regex') continue;
        const { regex } = predicate;
        const say = (code: string, message: string, hint?: string): void =>
          report.warning(span, code, `regular expression: ${message}`, hint);
        if (regex.test('')) {
          say('regex-empty', 'it matches the empty text, and so every value');
        } else if (/^\(?\.\*|(?<!\\)\.\*\)?$/.test(regex.source)) {
          const hint = 'it matches anywhere in the value without it';
          say('regex-redundant', '".*" at an end has no effect', hint);
        } else if (LONG_TEXTS.includes(item.field) && regex.needles === undefined) {
          const hint = 'let it contain a word that has to stand in the text';
          say('regex-unguarded', 'no piece of text is sure to stand in a match', hint);
        }
        if (NESTED_REPEAT.test(regex.source)) {
          const hint = 'harmless here, where time is linear, but not in other engines';
          say('regex-nested', 'a repetition repeated takes exponential time elsewhere', hint);
        }
      }
    }
  }
}

const ENDINGS = ['cancelled.ts', 'denied.ts', 'expired.ts'];

/** Absence may only be judged when it had time to be filled. */
function adviseOnAbsence(document: RuleDocument, detection: Detection, report: Reporter): void {
  const attributes = entryOf(document.node, 'custom_attributes')?.value;
  if (attributes && entryOf(attributes, 'flow.deadline') !== undefined) return;
  const reads = [...detection.fields.keys()];
  // An age says how long to wait; a flow that was ended has nothing more to wait for.
  if (reads.some((field) => field.startsWith('age_ms.') || ENDINGS.includes(field))) return;
  // A stage that failed was not merely slow.
  const times = STAGES.filter((stage) =>
    ['failed.ts', 'errors'].every((part) => !detection.fields.has(`${stage}.${part}`)),
  ).map((stage) => `${stage}.ts`);
  const absent = wantedAbsent(detection.expression, false).find(
    ({ field }) => field !== undefined && times.includes(field),
  );
  if (absent === undefined) return;
  report.warning(
    absent.span,
    'absence-without-deadline',
    `"${absent.field}" may only be late: nothing says how long to wait for it`,
    'add flow.deadline, or compare age_ms of an earlier stage',
  );
}

/** Items that hold when a field is absent. */
function wantedAbsent(expression: Expression, negated: boolean): readonly Item[] {
  switch (expression.kind) {
    case 'not':
      return wantedAbsent(expression.part, !negated);
    case 'named':
      return wantedAbsent(expression.part, negated);
    case 'item': {
      const isAbsence = expression.values.some(
        ({ ask }) => ask.kind === 'null' || (ask.kind === 'exists' && !ask.present),
      );
      const isPresence = expression.values.some(({ ask }) => ask.kind === 'exists' && ask.present);
      return (negated !== expression.negated ? isPresence : isAbsence) ? [expression] : [];
    }
    default:
      return expression.parts.flatMap((part) => wantedAbsent(part, negated));
  }
}

function adviseOnWitness(document: RuleDocument, detection: Detection, report: Reporter): void {
  if (compileDetections([detection]).unwitnessed.length === 0) return;
  report.warning(
    entryOf(document.node, 'detection')?.keySpan ?? headOf(document),
    'no-positive-sign',
    `"${document.facts.name}" can match an event by what it lacks alone`,
    'ask for something that has to be there',
  );
}

function itemsIn(expression: Expression): readonly Item[] {
  const items = new Set<Item>();
  const walk = (part: Expression): void => {
    if (part.kind === 'item') items.add(part);
    else if ('parts' in part) part.parts.forEach(walk);
    else walk(part.part);
  };
  walk(expression);
  return [...items];
}
