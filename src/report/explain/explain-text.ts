import { redact, redactValue } from '../../aggregate/index.ts';
import type { Evidence, FlowLine, Judged, Rule, Verdict } from '../../model/index.ts';
import { namedRules, type RuleSet } from '../../ruleset/index.ts';
import { countText, durationText } from '../figures.ts';
import { cut, flowed, truncate, widthOf, wrap } from '../layout.ts';
import { localTime, zoneText } from '../moments.ts';
import { nextOfFlow } from '../next-commands.ts';
import { type Page, pageOf, prose, say, shown, shownPath, type TextOptions } from '../text/page.ts';
import { visible } from '../visible.ts';
import { evidenceLines } from './evidence-lines.ts';
import { nearMisses } from './near-misses.ts';
import { waterfall } from './waterfall.ts';

export interface ExplainFacts {
  readonly judged: Judged;
  /** The lines of the flow by time; empty when they were not read again. */
  readonly lines: readonly FlowLine[];
  readonly rules: { readonly ruleSet: RuleSet };
  /** Of the whole input: ages count to its end. */
  readonly window: { readonly toMs: number | undefined };
  readonly showIds: boolean;
}

/** One login: its stages through time, why it ended so, and the lines that say it. */
export function explainText(facts: ExplainFacts, options: TextOptions): string {
  const page = pageOf(options);
  const sections = [
    headSection(facts, page),
    waterfall(facts.judged, facts.lines, page),
    [...whySection(facts, page), ...nearSection(facts, page)],
    linesSection(facts, page),
    nextSection(facts, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headSection({ judged, rules, showIds }: ExplainFacts, page: Page): string[] {
  const { wording, paint, glyphs } = page;
  const { flow, verdict } = judged;
  const { outcome } = verdict;
  const stage = outcome.kind === 'succeeded' ? '' : wording.stage[outcome.stage];
  const ending = wording.endedAt[outcome.kind](stage);
  const colour =
    outcome.kind === 'failed'
      ? paint.bad
      : outcome.kind === 'succeeded'
        ? paint.good
        : paint.warning;
  const parts = [paint.strong(visible(flow.id)), colour(ending)];
  if (outcome.kind === 'abandoned') parts.push(wording.reason[outcome.reason]);
  if (outcome.kind === 'failed') {
    const rule = named(rules, outcome.cause);
    parts.push(
      outcome.cause === undefined
        ? wording.unclassified
        : [shown(outcome.cause, 32, page), ...(rule ? [say(rule.title, page)] : [])].join('  '),
    );
  }
  const flowLines = (texts: readonly string[], separator: string) =>
    texts.length === 0
      ? []
      : flowed(texts, { first: '  ', separator, indent: 2, width: page.width });
  const values = [...flow.values].map(
    ([name, value]) =>
      `${shown(name, 32, page)} ${shown(redactValue(name, value, { showIds }), 40, page)}`,
  );
  return [
    ...flowed(parts, { separator: '  ', indent: 2, width: page.width }),
    ...flowLines(whenParts(judged, page), '  '),
    ...flowLines(values, glyphs.dot),
    ...flowLines(idParts(judged, page), glyphs.dot),
  ];
}

/** Ids of one kind that are shown; a login may have dozens of requests. */
const MOST_IDS = 3;

function idParts({ flow }: Judged, page: Page): string[] {
  const ids = new Map<string, string[]>();
  for (const { namespace, hash, text } of flow.identities) {
    const name = namespace.replace(/^login\./, '');
    const id = text === undefined ? hash.slice(0, 8) : shown(text, 48, page);
    ids.set(name, [...(ids.get(name) ?? []), id]);
  }
  return [...ids].map(([name, all]) => {
    const more = all.length > MOST_IDS ? [`+${all.length - MOST_IDS}`] : [];
    return [name, ...all.slice(0, MOST_IDS), ...more].join(' ');
  });
}

function whenParts({ flow }: Judged, { zone }: Page): string[] {
  if (flow.firstMs === undefined) return [];
  const { date, time } = localTime(flow.firstMs, zone);
  const lastMs = flow.lastMs ?? flow.firstMs;
  return [
    `${date} ${time} ${zoneText(zone, flow.firstMs)}`,
    `+${durationText(Math.max(0, lastMs - flow.firstMs))}`,
  ];
}

function whySection({ judged, rules }: ExplainFacts, page: Page): string[] {
  const { wording, paint } = page;
  const { evidence, outcome } = judged.verdict;
  if (evidence.length === 0) {
    return outcome.kind === 'failed' ? aside(wording.why, [wording.noRule], page) : [];
  }
  const texts = evidence.flatMap((one, i) => {
    const rule = named(rules, one.rule);
    const name = shown(one.rule, 32, page);
    const title = rule === undefined ? '' : `  ${say(rule.title, page)}`;
    const isCause = outcome.kind === 'failed' && i === 0;
    const head = truncate(`${name}${title}`, page.width - ASIDE, page.glyphs.ellipsis);
    return [isCause ? paint.strong(head) : head, `  ${paint.faint(evidencePlace(one, page))}`];
  });
  return aside(wording.why, texts, page);
}

function evidencePlace({ place, timeMs }: Evidence, page: Page): string {
  if (place === undefined) return page.wording.wholeFlow;
  const at = timeMs === undefined ? '' : `  ${localTime(timeMs, page.zone).time}`;
  return `${shownPath(place.file, page.width - 40, page)}:${place.line}${at}`;
}

function nearSection({ judged, rules, window, showIds }: ExplainFacts, page: Page): string[] {
  if (judged.verdict.outcome.kind === 'succeeded') return [];
  const { wording } = page;
  const texts = nearMisses(judged.flow, rules.ruleSet, window.toMs)
    .slice(0, MOST_NEAR)
    .flatMap(({ rule, wanted, actual }) => {
      const met =
        actual === undefined ? wording.absent : shown(redact(actual, { showIds }), 48, page);
      const missed = wording.missed(shown(wanted, 60, page), met);
      return wrap(`${shown(rule, 32, page)}  ${missed}`, page.width - ASIDE);
    });
  return texts.length === 0 ? [] : aside(wording.near, texts, page);
}

const MOST_NEAR = 5;

/** Lines at either end of a long login that are shown in any case, beside the evidence. */
const LINES_AT_EITHER_END = 15;

function linesSection({ judged, lines, showIds }: ExplainFacts, page: Page): string[] {
  const { wording, paint, glyphs } = page;
  if (lines.length === 0) return aside(wording.lines, [paint.faint(wording.noLines)], page);
  const places = placeTexts(lines, page);
  const placeWidth = Math.max(...places.map(widthOf));
  const texts: string[] = [];
  let left = 0;
  const evidence = evidenceLines(judged.verdict.evidence, lines);
  lines.forEach((line, i) => {
    const isEvidence =
      [...evidence.values()].some((those) => those.has(line)) || tells(judged.verdict, line);
    const isInside = i >= LINES_AT_EITHER_END && i < lines.length - LINES_AT_EITHER_END;
    if (isInside && !isEvidence) {
      left++;
      return;
    }
    if (left > 0) texts.push(paint.faint(leftOutText(left, page)));
    left = 0;
    const time = line.timeMs === undefined ? '' : localTime(line.timeMs, page.zone).time;
    const start = `${isEvidence ? glyphs.failed : ' '} ${places[i]}${' '.repeat(placeWidth - widthOf(places[i]))}  ${time.padEnd(12)}  `;
    const room = Math.max(20, page.width - ASIDE - widthOf(start));
    const text = redact(line.text.slice(0, LONGEST_LINE), { showIds, ids: line.ids });
    if (!isEvidence) {
      texts.push(paint.faint(start) + shown(text, room, page));
      return;
    }
    const wide = page.width - ASIDE - EVIDENCE_INDENT;
    const whole = shown(text, wide * EVIDENCE_ROWS, page);
    const [beside] = cut(whole, room);
    texts.push(paint.bad(start) + beside);
    const below = whole.slice(beside.length).trimStart();
    if (below !== '')
      texts.push(...cut(below, wide).map((row) => ' '.repeat(EVIDENCE_INDENT) + row));
  });
  return aside(wording.lines, texts, page);
}

/** Whether the line shows why a login failed that no rule explains: by its outcome. */
function tells({ outcome }: Verdict, line: FlowLine): boolean {
  const isUnexplained = outcome.kind === 'failed' && outcome.cause === undefined;
  return isUnexplained && line.stage !== undefined && line.outcome === 'failed';
}

/** What is looked at of a line: far more than is shown. */
const LONGEST_LINE = 16_384;

/** A line that is evidence may fill so many rows. */
const EVIDENCE_ROWS = 6;

const EVIDENCE_INDENT = 4;

function leftOutText(left: number, { glyphs, wording }: Page): string {
  return `${glyphs.ellipsis} ${wording.moreLines(countText(left))}`;
}

/** `file:line` of each line, without the folders that all files share. */
function placeTexts(lines: readonly FlowLine[], page: Page): readonly string[] {
  const [first, ...others] = lines.map(({ place }) => place.file);
  let shared = first.lastIndexOf('/') + 1;
  while (shared > 0 && others.some((file) => !file.startsWith(first.slice(0, shared))))
    shared = first.lastIndexOf('/', shared - 2) + 1;
  return lines.map(({ place }) => `${shownPath(place.file.slice(shared), 32, page)}:${place.line}`);
}

function nextSection({ judged, rules }: ExplainFacts, page: Page): string[] {
  const { wording, paint } = page;
  const { outcome } = judged.verdict;
  const cause = outcome.kind === 'failed' ? outcome.cause : undefined;
  const rule = named(rules, cause);
  const remediation = rule === undefined ? '' : say(rule.remediation, page);
  const texts = [
    ...(remediation === '' ? [] : prose(remediation, ASIDE, page)),
    ...nextOfFlow(judged, page.inputs).map((command) => paint.command(command)),
  ];
  return texts.length === 0 ? [] : aside(wording.next, texts, page);
}

function named({ ruleSet }: ExplainFacts['rules'], wanted: string | undefined): Rule | undefined {
  return namedRules(ruleSet).find(({ name }) => name === wanted);
}

const ASIDE = 8;

/** Lines beside their name. */
function aside(name: string, texts: readonly string[], { paint }: Page): string[] {
  return texts.map((text, i) =>
    i === 0
      ? `${paint.faint(name)}${' '.repeat(Math.max(1, ASIDE - widthOf(name)))}${text}`
      : `${' '.repeat(ASIDE)}${text}`,
  );
}
