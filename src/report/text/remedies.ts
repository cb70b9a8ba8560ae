import type { Report, ReportCause } from '../../model/index.ts';
import { widthOf } from '../layout.ts';
import { type Page, prose, say, shown } from './page.ts';

/** Causes that are worth a word each; the table above lists more. */
const MOST_REMEDIES = 5;

/** Flow ids shown beside a remedy. */
const MOST_EXAMPLES = 3;

const NAME_WIDTH = 26;

/** What to do about the causes that matter most, with logins to look at. */
export function remediesSection({ causes }: Report, page: Page): string[] {
  const listed = causes
    .filter(({ remediation }) => say(remediation, page) !== '')
    .slice(0, Math.min(MOST_REMEDIES, page.top));
  if (listed.length === 0) return [];
  const { wording, paint } = page;
  const longest = Math.max(...listed.map(({ rule }) => widthOf(shown(rule, NAME_WIDTH, page))));
  return [
    paint.heading(wording.whatToDo),
    ...listed.flatMap((cause) => remedy(cause, longest, page)),
  ];
}

function remedy(cause: ReportCause, nameWidth: number, page: Page): string[] {
  const { wording, paint } = page;
  const name = shown(cause.rule, NAME_WIDTH, page);
  const margin = ' '.repeat(2 + nameWidth + 2);
  const text = prose(say(cause.remediation, page), widthOf(margin), page);
  const first = `  ${name}${' '.repeat(nameWidth - widthOf(name) + 2)}${text[0]}`;
  const ids = cause.examples.slice(0, MOST_EXAMPLES).map((id) => shown(id, 24, page));
  return [
    first,
    ...text.slice(1).map((line) => margin + line),
    `${margin}${paint.faint(wording.examples)} ${ids.join('  ')}`,
  ];
}
