import type { Report } from '../../model/index.ts';
import { widthOf } from '../layout.ts';
import { nextCommands } from '../next-commands.ts';
import { blindSection } from './blind.ts';
import { breakdownSections } from './breakdowns.ts';
import { causesSection, recoveredSection } from './causes.ts';
import { findingsSection } from './findings.ts';
import { funnelSection } from './funnel.ts';
import { headlineSection } from './headline.ts';
import { inputSection } from './input.ts';
import { type Page, pageOf, type TextOptions } from './page.ts';
import { remediesSection } from './remedies.ts';

/** The report for people, ending in a newline. */
export function reportText(report: Report, options: TextOptions): string {
  const page = pageOf(options);
  const sections = [
    inputSection(report, page),
    headlineSection(report, page),
    blindSection(report, page),
    funnelSection(report, page),
    causesSection(report, page),
    recoveredSection(report, page),
    ...breakdownSections(report, page),
    remediesSection(report, page),
    findingsSection(report, page),
    nextSection(report, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function nextSection(report: Report, { wording, paint, inputs }: Page): string[] {
  return nextCommands(report, inputs).map(
    (command, i) =>
      (i === 0 ? `${paint.faint(wording.next)}  ` : ' '.repeat(widthOf(wording.next) + 2)) +
      paint.command(command),
  );
}
