import { redact } from '../../aggregate/index.ts';
import type { Detection } from '../../analysis/index.ts';
import { ID_NAMESPACES, type Place, STAGES, STEP_OUTCOMES } from '../../model/index.ts';
import { rejectText } from '../code-words.ts';
import { countText, percentText } from '../figures.ts';
import { formsText } from '../form-words.ts';
import { columns, flowed } from '../layout.ts';
import { windowText } from '../moments.ts';
import { type Page, pageOf, prose, shown, shownPath, type TextOptions } from '../text/page.ts';
import { visible } from '../visible.ts';
import { DETECTION_WORDS, type DetectionWords } from './detection-words.ts';

/** What was understood of an input, for people; ends in a newline. */
export function detectionText(
  detection: Detection,
  options: TextOptions & { readonly showIds: boolean },
): string {
  const page = { ...pageOf(options), showIds: options.showIds };
  const words = DETECTION_WORDS[options.language];
  const sections = [
    inputSection(detection, page, words),
    stagesSection(detection, page, words),
    idsSection(detection, page, words),
    understoodSection(detection, page, words),
    notUnderstoodSection(detection, page, words),
    unrecognisedSection(detection, page, words),
    rejectedSection(detection, page, words),
    adviceSection(detection, page, words),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

type DetectionPage = Page & { readonly showIds: boolean };

function inputSection(detection: Detection, page: Page, words: DetectionWords): string[] {
  const { wording, glyphs, paint } = page;
  const { sources, fromMs, toMs, lines, blank, events, other, timeless } = detection;
  const rejected = sum(Object.values(detection.rejected));
  const records = lines - blank;
  const window =
    fromMs === undefined || toMs === undefined
      ? wording.noTimes
      : windowText(fromMs, toMs, page.zone, glyphs.to);
  const whole = [...(sources.length > 1 ? [wording.files(countText(sources.length))] : []), window];
  const schemas = Object.entries(detection.schemas)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${countText(count)}`);
  return [
    ...sourceLines(sources, page, words),
    ...flowed(whole, { first: '  ', separator: '  ', indent: 4, width: page.width }),
    ...flowed(
      [
        wording.parsed(
          percentText(records === 0 ? 0 : (records - rejected) / records),
          countText(lines),
        ),
        wording.aboutLogins(countText(events)),
        wording.aboutOthers(countText(other)),
        ...(timeless > 0 ? [wording.timeless(countText(timeless))] : []),
      ],
      { first: '  ', separator: glyphs.dot, indent: 4, width: page.width },
    ),
    ...(schemas.length === 0
      ? []
      : flowed(schemas, {
          first: `  ${paint.faint(wording.loggers)}  `,
          separator: glyphs.dot,
          indent: 4,
          width: page.width,
        })),
  ];
}

/** What each source is, a line each. */
function sourceLines(
  sources: Detection['sources'],
  page: Page,
  words: DetectionWords,
): readonly string[] {
  if (sources.length === 0) return [page.wording.noInput];
  const half = Math.floor(page.width / 2);
  return [
    ...sources
      .slice(0, page.top)
      .map(
        ({ name, forms }) =>
          `${page.paint.strong(shownPath(name, half, page))}  ${shown(formsText(forms, { ...page, counted: true }), half - 2, page)}`,
      ),
    ...restLine(sources.length - page.top, page, words),
  ];
}

function stagesSection({ stages }: Detection, page: Page, words: DetectionWords) {
  const { wording, glyphs, paint } = page;
  const outcomes = STEP_OUTCOMES.filter(
    (outcome) =>
      outcome === 'ok' ||
      outcome === 'failed' ||
      STAGES.some((stage) => stages[stage][outcome] > 0),
  );
  const count = (n: number) => (n === 0 ? paint.faint(glyphs.dash) : countText(n));
  return columns(
    [
      paint.heading(words.stages),
      paint.faint(words.lines),
      ...outcomes.map((outcome) => paint.faint(wording.step[outcome] || words.seen)),
      '',
    ],
    STAGES.map((stage) => {
      const total = sum(Object.values(stages[stage]));
      return [
        wording.stage[stage],
        count(total),
        ...outcomes.map((outcome) => count(stages[stage][outcome])),
        total === 0 ? paint.warning(words.never) : '',
      ];
    }),
    { aligns: ['left', 'right', ...outcomes.map(() => 'right' as const), 'left'] },
  );
}

function idsSection({ ids }: Detection, { paint }: Page, words: DetectionWords) {
  const found = ID_NAMESPACES.filter((name) => ids[name] > 0);
  if (found.length === 0) return [];
  return columns(
    [paint.heading(words.ids), paint.faint(words.lines)],
    found.map((name) => [name, countText(ids[name])]),
    { aligns: ['left', 'right'] },
  );
}

/** By meaning, with the names that bear it. */
function understoodSection({ fields }: Detection, page: Page, words: DetectionWords) {
  const { paint, glyphs } = page;
  // One line may bear several of the names, so their lines are told apart and only order the rows.
  const byMeaning = new Map<string, { readonly names: string[]; most: number }>();
  for (const { meaning, path, lines } of fields) {
    if (meaning === undefined) continue;
    const one = byMeaning.get(meaning) ?? { names: [], most: 0 };
    one.names.push(`${shown(path, 60, page)} ${countText(lines)}`);
    one.most = Math.max(one.most, lines);
    byMeaning.set(meaning, one);
  }
  if (byMeaning.size === 0) return [];
  const rows = [...byMeaning]
    .sort(([a, x], [b, y]) => y.most - x.most || (a < b ? -1 : 1))
    .map(([meaning, { names }]) => [meaning, names.join(glyphs.dot)]);
  return columns([paint.heading(words.understood), paint.faint(words.lines)], rows, {
    aligns: ['left', 'left'],
    flexible: { column: 1, width: page.width, ellipsis: glyphs.ellipsis },
  });
}

function notUnderstoodSection({ fields }: Detection, page: Page, words: DetectionWords) {
  const { paint } = page;
  const unknown = fields.filter(({ meaning }) => meaning === undefined);
  if (unknown.length === 0) return fields.length === 0 ? [] : [words.allUnderstood];
  return [
    ...columns(
      [paint.heading(words.notUnderstood), paint.faint(words.lines)],
      unknown
        .slice(0, page.top)
        .map(({ path, lines }) => [shown(path, page.width - 20, page), countText(lines)]),
      { aligns: ['left', 'right'] },
    ),
    ...restLine(unknown.length - page.top, page, words),
  ];
}

function unrecognisedSection(
  { unrecognised }: Detection,
  page: DetectionPage,
  words: DetectionWords,
) {
  const { paint, glyphs } = page;
  if (unrecognised.length === 0) return [words.allRecognised];
  const rows = unrecognised.slice(0, page.top).map(({ place, lines, text, ids, idTexts }) => {
    const own = ids.filter((name) => name.startsWith('login.'));
    const carried = own.length === 0 ? '' : `${words.carries} ${own.join(page.wording.comma)}`;
    return [
      placeText(place, page),
      countText(lines),
      `${shown(redact(text, { showIds: page.showIds, ids: idTexts }), page.width, page)}${carried === '' ? '' : page.wording.bracketed(carried)}`,
    ];
  });
  return [
    ...columns([paint.heading(words.unrecognised), paint.faint(words.lines), ''], rows, {
      aligns: ['left', 'right', 'left'],
      flexible: { column: 2, width: page.width, ellipsis: glyphs.ellipsis },
    }),
    ...restLine(unrecognised.length - page.top, page, words),
  ];
}

function rejectedSection({ rejected, samples }: Detection, page: Page, words: DetectionWords) {
  const { paint } = page;
  const codes = Object.entries(rejected).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (codes.length === 0) return [];
  return columns(
    [paint.heading(words.rejected), paint.faint(words.lines), ''],
    codes.map(([code, count]) => [
      rejectText(code, page),
      countText(count),
      samples
        .filter((sample) => sample.code === code)
        .map((place) => placeText(place, page))
        .join(page.wording.comma),
    ]),
    { aligns: ['left', 'right', 'left'] },
  );
}

const PLACE_CELLS = 36;

/** `…/pod-a/app.log:12`: of a long path the end tells more than the beginning. */
function placeText({ file, line }: Place, { glyphs }: Page): string {
  const name = visible(file);
  const cut = [...name].length > PLACE_CELLS;
  return `${cut ? glyphs.ellipsis + [...name].slice(-PLACE_CELLS).join('') : name}:${line}`;
}

function adviceSection({ capped }: Detection, page: Page, words: DetectionWords): string[] {
  return [...(capped ? prose(words.capped, 0, page) : []), ...prose(words.teach, 0, page)];
}

function restLine(count: number, { paint }: Page, words: DetectionWords): string[] {
  return count > 0 ? [`  ${paint.faint(words.more(countText(count)))}`] : [];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
