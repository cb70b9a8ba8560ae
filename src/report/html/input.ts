import type { Report } from '../../model/index.ts';
import { rejectText } from '../code-words.ts';
import { bytesText, countText, percentText } from '../figures.ts';
import { windowText } from '../moments.ts';
import { html, type Part } from './html.ts';
import { type Sheet, section } from './sheet.ts';

/** What was read: files, window, what was understood and what was not. */
export function input({ input, window, tool }: Report, sheet: Sheet): Part {
  const { wording, glyphs, zone } = sheet;
  const rejected = Object.entries(input.rejected).sort(
    ([a, x], [b, y]) => y - x || (a < b ? -1 : 1),
  );
  const skipped = rejected.reduce((sum, [, lines]) => sum + lines, 0);
  const readable = input.lines - input.blank;
  const when =
    window.from === null || window.to === null
      ? wording.noTimes
      : windowText(Date.parse(window.from), Date.parse(window.to), zone, glyphs.to);
  const parsed =
    readable === 0
      ? []
      : [
          wording.parsed(percentText((readable - skipped) / readable), countText(input.lines)),
          wording.aboutLogins(countText(input.events)),
          ...(input.other > 0 ? [wording.aboutOthers(countText(input.other))] : []),
          ...(input.unlinked > 0 ? [wording.unlinked(countText(input.unlinked))] : []),
          ...(input.timeless > 0 ? [wording.timeless(countText(input.timeless))] : []),
        ];
  const reasons = rejected.map(([code, lines]) =>
    wording.counted(countText(lines), rejectText(code, { wording })),
  );
  const places = input.samples.map(
    ({ file, line, reason }) => html`<li><code>${file}:${line}</code> ${reason}</li>`,
  );
  const files = input.files.map(
    ({ name, bytes }) =>
      html`<li><code>${name}</code> <span class="faint">${bytesText(bytes)}</span></li>`,
  );
  return section(
    wording.files(countText(input.files.length)),
    html`<p>${[when, bytesText(input.bytes), ...parsed].join(glyphs.dot)}</p>
${skipped > 0 ? html`<p class="warning">${wording.skipped(countText(skipped))}${wording.colon}${reasons.join(glyphs.dot)}</p><ul>${places}</ul>` : undefined}
<ul>${files}</ul>
<p class="faint">scanlens ${tool.version}</p>`,
  );
}
