import type { Report } from '../../model/index.ts';
import { rejectText } from '../code-words.ts';
import { bytesText, countText, percentText } from '../figures.ts';
import { formsText } from '../form-words.ts';
import { flowed } from '../layout.ts';
import { minuteText, windowText } from '../moments.ts';
import { type Page, shown, shownPath } from './page.ts';

/** What was read: files, window, what was understood and what was not. */
export function inputSection(report: Report, page: Page): string[] {
  const { input } = report;
  return [
    ...(input.partial ? [page.paint.warning(page.wording.interrupted), ''] : []),
    ...originLines(report, page),
    ...parsedLines(input, page),
    ...skippedLines(input, page),
    ...loggerLines(input, page),
    ...selectionLines(report, page),
  ];
}

function originLines({ input, window }: Report, page: Page): readonly string[] {
  const { wording, glyphs, paint } = page;
  const when =
    window.from === null || window.to === null
      ? wording.noTimes
      : windowText(Date.parse(window.from), Date.parse(window.to), page.zone, glyphs.to);
  const form = input.records === 0 ? [] : [formsText(input.forms, page)];
  const parts = [...filesParts(input.files, page), when, bytesText(input.bytes), ...form];
  return flowed(
    parts.map((part, i) => (i === 0 ? paint.strong(part) : part)),
    { separator: '  ', indent: 2, width: page.width },
  );
}

/** One or two files by name; more of them as the user named them, with their number. */
function filesParts(files: Report['input']['files'], page: Page): string[] {
  const { wording, width, inputs } = page;
  const [first, second] = files;
  if (first === undefined) return [wording.noInput];
  if (second === undefined) return [shownPath(first.name, width - 40, page)];
  const half = Math.floor(width / 2) - 2;
  if (files.length === 2)
    return [[first, second].map(({ name }) => shownPath(name, half, page)).join(wording.comma)];
  const names = inputs.length > 0 ? inputs : [first.name];
  const more = names.length > 1 ? [page.glyphs.ellipsis] : [];
  return [
    [shownPath(names[0], half, page), ...more].join(' '),
    wording.files(countText(files.length)),
  ];
}

function parsedLines(input: Report['input'], page: Page): readonly string[] {
  const { wording, glyphs } = page;
  const records = input.lines - input.blank;
  if (records === 0) return [];
  const share = percentText((records - rejectedLines(input)) / records);
  const parts = [
    wording.parsed(share, countText(input.lines)),
    wording.aboutLogins(countText(input.events)),
    ...(input.other > 0 ? [wording.aboutOthers(countText(input.other))] : []),
    ...(input.unlinked > 0 ? [wording.unlinked(countText(input.unlinked))] : []),
    ...(input.timeless > 0 ? [wording.timeless(countText(input.timeless))] : []),
  ];
  return flowed(parts, { first: '  ', separator: glyphs.dot, indent: 4, width: page.width });
}

function skippedLines(input: Report['input'], page: Page): readonly string[] {
  const { wording, glyphs, paint } = page;
  const rejected = rejectedLines(input);
  const damaged = Object.values(input.damaged).reduce((sum, count) => sum + count, 0);
  if (rejected + damaged === 0) return [];
  const reasons = Object.entries(input.rejected)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([code, count]) => wording.counted(countText(count), rejectText(code, page)));
  if (damaged > 0) reasons.push(wording.damaged(countText(damaged)));
  const places = input.samples
    .slice(0, 2)
    .map(({ file, line }) => `${shownPath(file, Math.floor(page.width / 2) - 20, page)}:${line}`);
  const first = places.length === 0 ? [] : [`${wording.firstAt} ${places.join(wording.comma)}`];
  return flowed([...reasons, ...first], {
    first: `  ${paint.warning(wording.skipped(countText(rejected)))}${wording.colon}`,
    separator: glyphs.dot,
    indent: 4,
    width: page.width,
  });
}

function rejectedLines({ rejected }: Report['input']): number {
  return Object.values(rejected).reduce((sum, count) => sum + count, 0);
}

const MOST_LOGGERS = 5;

function loggerLines({ schemas }: Report['input'], page: Page): readonly string[] {
  const { wording, glyphs, paint } = page;
  const names = Object.entries(schemas)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name, count]) => `${shown(name, 24, page)} ${countText(count)}`);
  if (names.length === 0) return [];
  const rest = names.length - MOST_LOGGERS;
  return flowed([...names.slice(0, MOST_LOGGERS), ...(rest > 0 ? [`+${rest}`] : [])], {
    first: `  ${paint.faint(wording.loggers)}  `,
    separator: glyphs.dot,
    indent: 4,
    width: page.width,
  });
}

function selectionLines({ selection, flows }: Report, page: Page): readonly string[] {
  const { wording } = page;
  const { since, until, where } = selection;
  if (since === null && until === null && where === null) return [];
  const moment = (iso: string) => minuteText(Date.parse(iso), page.zone);
  const parts = [
    ...(where === null ? [] : [`${wording.where} ${shown(where, page.width - 44, page)}`]),
    ...(since === null ? [] : [`${wording.since} ${moment(since)}`]),
    ...(until === null ? [] : [`${wording.until} ${moment(until)}`]),
  ];
  const selected = wording.selected(countText(flows.total), countText(selection.flows));
  return flowed(parts, {
    first: `  ${selected}${wording.colon}`,
    separator: wording.comma,
    indent: 4,
    width: page.width,
  });
}
