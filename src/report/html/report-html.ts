import type { Report } from '../../model/index.ts';
import { percentText } from '../figures.ts';
import { headingCase } from '../heading-case.ts';
import { findings, next, remedies } from './advice.ts';
import { blind, headline, trend } from './headline.ts';
import { html } from './html.ts';
import { input } from './input.ts';
import { type HtmlOptions, sheetOf } from './sheet.ts';
import { STYLE } from './style.ts';
import { breakdowns, causes, funnel, recovered } from './tables.ts';

/**
 * The report as one HTML page that needs nothing beside it: no script, no font, no network. Its
 * own policy forbids all of these, so that log text could not bring any in.
 */
export function reportHtml(report: Report, options: HtmlOptions): string {
  const sheet = sheetOf(options);
  const { wording, glyphs } = sheet;
  const rate =
    report.failureRate === null ? wording.unknown : percentText(report.failureRate.value);
  const page = html`<!doctype html>
<html lang="${wording.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${headingCase(wording.failureRate)} ${rate}${glyphs.dot}scanlens</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${[
  headline(report, sheet),
  blind(report, sheet),
  trend(report, sheet),
  funnel(report, sheet),
  causes(report, sheet),
  recovered(report, sheet),
  breakdowns(report, sheet),
  remedies(report, sheet),
  findings(report, sheet),
  next(report, sheet),
  input(report, sheet),
]}
</main>
</body>
</html>
`;
  return page.text;
}
