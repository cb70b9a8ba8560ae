import { countText } from './figures.ts';
import type { Glyphs } from './glyphs.ts';
import type { Wording } from './wording/index.ts';

const MOST_FORMS = 4;

/**
 * In which forms the records stood, most frequent first: `JSON lines`, or with their numbers
 * where there are several.
 */
export function formsText(
  forms: Readonly<Record<string, number>>,
  { wording, glyphs }: { readonly wording: Wording; readonly glyphs: Glyphs },
): string {
  const found = Object.entries(forms).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (found.length === 0) return wording.noForm;
  const name = (form: string) => (form === 'json' ? wording.jsonLines : form);
  if (found.length === 1) return name(found[0][0]);
  const rest = found.length - MOST_FORMS;
  return [
    ...found.slice(0, MOST_FORMS).map(([form, count]) => `${name(form)} ${countText(count)}`),
    ...(rest > 0 ? [`+${rest}`] : []),
  ].join(glyphs.dot);
}
