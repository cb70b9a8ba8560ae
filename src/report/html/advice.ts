import type { Report } from '../../model/index.ts';
import { findingDetail } from '../finding-words.ts';
import { nextCommands } from '../next-commands.ts';
import { html, type Part } from './html.ts';
import { type Sheet, say, section } from './sheet.ts';

/** Causes that get a word on what to do; the table lists more. */
const MOST_REMEDIES = 5;

const MOST_EXAMPLES = 3;

/** What to do about the causes that matter most, with logins to look at. */
export function remedies({ causes }: Report, sheet: Sheet): Part {
  const listed = causes
    .filter(({ remediation }) => say(remediation, sheet) !== '')
    .slice(0, Math.min(MOST_REMEDIES, sheet.top));
  if (listed.length === 0) return undefined;
  const items = listed.map(({ rule, title, remediation, examples }) => {
    const ids = examples.slice(0, MOST_EXAMPLES).map((id) => html`<code>${id}</code> `);
    return html`<dt>${say(title, sheet)} <code class="faint">${rule}</code></dt>
<dd>${say(remediation, sheet)}</dd>
<dd class="faint">${sheet.wording.examples} ${ids}</dd>`;
  });
  return section(sheet.wording.whatToDo, html`<dl>${items}</dl>`);
}

const LOOK_OF = { critical: 'bad', warning: 'warning', info: 'faint' } as const;

/** What the input as a whole gave away, such as a constant state. */
export function findings({ findings }: Report, sheet: Sheet): Part {
  if (findings.length === 0) return undefined;
  const { wording } = sheet;
  const items = findings.map((finding) => {
    const { severity, message, remediation } = finding;
    const remedy = remediation && html`<br><span class="faint">${say(remediation, sheet)}</span>`;
    return html`<li><b class="${LOOK_OF[severity]}">${wording.severity[severity]}</b>${wording.colon}${say(message, sheet)}${wording.bracketed(findingDetail(finding, sheet))}${remedy ?? undefined}</li>`;
  });
  return section(wording.findings, html`<ul>${items}</ul>`);
}

/** Commands that lead on. */
export function next(report: Report, { wording, inputs }: Sheet): Part {
  const commands = nextCommands(report, inputs);
  if (commands.length === 0) return undefined;
  return section(
    wording.next,
    html`<pre>${commands.map((command, index) => (index === 0 ? command : html`\n${command}`))}</pre>`,
  );
}
