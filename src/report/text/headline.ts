import type { Report, ReportRate } from '../../model/index.ts';
import { abandonedText, latencyTexts, otherKindsText } from '../code-words.ts';
import { confidenceText, countText, percentRange, percentText } from '../figures.ts';
import { flowed } from '../layout.ts';
import { explained, labelled, type Page, shown } from './page.ts';
import { trendLines } from './trend.ts';

/** The one number, how sure it is, and what it leaves out. */
export function headlineSection(report: Report, page: Page): string[] {
  return [
    ...rateLines(report, page),
    ...focusLines(report, page),
    ...leftOutLines(report, page),
    ...otherKindsLines(report, page),
    ...trendLines(report, page),
    ...durationLines(report, page),
  ];
}

function rateLines({ flows, failureRate }: Report, page: Page): readonly string[] {
  const { wording, paint } = page;
  const name = paint.heading(wording.failureRate);
  if (failureRate === null) return [`${name}  ${paint.strong(wording.unknown)}`];
  const decided = countText(flows.succeeded + flows.failed);
  const figure = paint.strong(percentText(failureRate.value));
  const parts = [
    flows.failed === 0 ? paint.good(figure) : figure,
    intervalText(failureRate, page),
    flows.failed === 0
      ? wording.noFailure(decided)
      : wording.decidedOf(countText(flows.failed), decided),
  ];
  return flowed(parts, { first: `${name}  `, separator: '  ', indent: 2, width: page.width });
}

function focusLines({ focus, flows, selection }: Report, page: Page): readonly string[] {
  if (focus === null) return [];
  const { wording, paint } = page;
  const decided = countText(flows.succeeded + flows.failed);
  const what = wording.focusOn(
    shown(selection.rules.join(wording.comma), page.width / 2, page),
    selection.stages.join(wording.comma),
  );
  const parts = [
    what,
    paint.strong(percentText(focus.value)),
    intervalText(focus, page),
    wording.decidedOf(countText(focus.failed), decided),
  ];
  return labelled(wording.inFocus, parts, page);
}

function intervalText({ low, high, confidence }: ReportRate, { wording, glyphs }: Page): string {
  return `${wording.interval(confidenceText(confidence))} ${percentRange(low, high, glyphs.to)}`;
}

function leftOutLines(report: Report, page: Page): readonly string[] {
  const { wording, glyphs } = page;
  const { open } = report.flows;
  const parts = [
    abandonedText(report, wording),
    open > 0 ? wording.open(countText(open)) : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? explained(wording.notCounted, parts.join(glyphs.dot), page) : [];
}

function otherKindsLines(report: Report, page: Page): readonly string[] {
  const kinds = otherKindsText(report, page.wording, page.glyphs);
  return kinds === '' ? [] : explained(page.wording.otherLogins, kinds, page);
}

function durationLines({ login }: Report, page: Page): readonly string[] {
  const figures = latencyTexts(login);
  return figures.length === 0 ? [] : labelled(page.wording.loginTime, figures, page);
}
