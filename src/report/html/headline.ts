import { type Report, type ReportRate, STAGES } from '../../model/index.ts';
import { abandonedText, latencyTexts, otherKindsText } from '../code-words.ts';
import { confidenceText, countText, percentRange, percentText } from '../figures.ts';
import { headingCase } from '../heading-case.ts';
import { minuteText } from '../moments.ts';
import { spelledOutTrend, trendWords } from '../trend-words.ts';
import { type Html, html, type Part } from './html.ts';
import { rateChart } from './rate-chart.ts';
import { type Sheet, section } from './sheet.ts';

/** The one number, how sure it is, and what it leaves out. */
export function headline(report: Report, sheet: Sheet): Html {
  const { flows, failureRate, focus, selection, input } = report;
  const { wording, glyphs } = sheet;
  const rate = failureRate === null ? wording.unknown : percentText(failureRate.value);
  const decided = countText(flows.succeeded + flows.failed);
  const notCounted = [
    abandonedText(report, wording),
    flows.open > 0 ? wording.open(countText(flows.open)) : '',
  ].filter((text) => text !== '');
  const others = otherKindsText(report, wording, glyphs);
  const login = latencyTexts(report.login);
  return html`<h1>${headingCase(wording.failureRate)}</h1>
${input.partial ? html`<p class="notice">${wording.interrupted}</p>` : undefined}
<p class="rate ${failureRate !== null && flows.failed === 0 ? 'good' : ''}">${rate}</p>
${
  failureRate === null
    ? undefined
    : html`<p>${flows.failed === 0 ? wording.noFailure(decided) : wording.decidedOf(countText(flows.failed), decided)}${glyphs.dot}<span class="faint">${intervalText(failureRate, sheet)}</span></p>`
}
${
  focus === null
    ? undefined
    : html`<p><b>${headingCase(wording.inFocus)}</b> ${wording.focusOn(selection.rules.join(wording.comma), selection.stages.join(wording.comma))}${wording.colon}<b>${percentText(focus.value)}</b> ${intervalText(focus, sheet)}${glyphs.dot}${wording.decidedOf(countText(focus.failed), decided)}</p>`
}
${labelled(wording.notCounted, notCounted.join(glyphs.dot))}
${labelled(wording.otherLogins, others)}
${labelled(wording.loginTime, login.join(glyphs.dot))}
${selectionLine(report, sheet)}`;
}

function labelled(label: string, text: string): Html | undefined {
  return text === ''
    ? undefined
    : html`<p><span class="faint">${headingCase(label)}</span> ${text}</p>`;
}

function intervalText({ low, high, confidence }: ReportRate, { wording, glyphs }: Sheet): string {
  return `${wording.interval(confidenceText(confidence))} ${percentRange(low, high, glyphs.to)}`;
}

function selectionLine({ selection, flows }: Report, { wording, zone }: Sheet): Html | undefined {
  const { since, until, where } = selection;
  const moment = (iso: string) => minuteText(Date.parse(iso), zone);
  const parts = [
    ...(where === null ? [] : [`${wording.where} ${where}`]),
    ...(since === null ? [] : [`${wording.since} ${moment(since)}`]),
    ...(until === null ? [] : [`${wording.until} ${moment(until)}`]),
  ];
  if (parts.length === 0) return undefined;
  const selected = wording.selected(countText(flows.total), countText(selection.flows));
  return html`<p>${selected}${wording.colon}${parts.join(wording.comma)}</p>`;
}

/** Why there is no rate, and the way to one. */
export function blind({ failureRate, flows, selection, recognition }: Report, sheet: Sheet): Part {
  if (failureRate !== null) return undefined;
  const { wording, glyphs } = sheet;
  const notice = (title: string, ...more: readonly string[]) =>
    html`<div class="notice"><p><b>${title}</b></p>${more.map((text) => html`<p>${text}</p>`)}</div>`;
  if (selection.flows === 0) return notice(wording.noFlows, wording.noFlowsWhy, wording.mapThem);
  if (flows.total === 0) return notice(wording.noSelected);
  if (flows.failed + flows.succeeded === 0) return notice(wording.nothingDecided);
  const list = (label: string, wanted: boolean) =>
    `${headingCase(label)}${wording.colon}${
      STAGES.filter((stage) => recognition.stages[stage] > 0 === wanted).join(glyphs.dot) ||
      wording.noneOf
    }`;
  return notice(
    wording.noSuccess(countText(flows.failed)),
    wording.noSuccessWhy,
    list(wording.stagesSeen, true),
    list(wording.stagesUnseen, false),
    wording.mapThem,
  );
}

/** Pixels. */
const TREND_HEIGHT = 110;

export function trend(report: Report, sheet: Sheet): Part {
  const words = trendWords(report, sheet);
  if (words === undefined) return undefined;
  const { wording, glyphs } = sheet;
  const numbers = [words.every, ...words.numbers, ...(words.outside ? [words.outside] : [])];
  const caption = numbers.join(glyphs.dot);
  return section(
    wording.trend,
    html`${rateChart(spelledOutTrend(report, sheet), TREND_HEIGHT, `${wording.failureRate} ${wording.trend} ${caption}`)}
<p class="axis"><span>${words.from}</span><span>${caption}</span><span>${words.to}</span></p>`,
  );
}
