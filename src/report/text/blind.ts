import { type Report, STAGES } from '../../model/index.ts';
import { countText } from '../figures.ts';
import { labelled, type Page, prose } from './page.ts';

/** Why there is no rate, and the way to one. Empty where there is a rate. */
export function blindSection(report: Report, page: Page): string[] {
  if (report.failureRate !== null) return [];
  const { wording, glyphs, paint } = page;
  const { flows, selection, recognition } = report;
  const paragraph = (text: string) => prose(text, 2, page).map((line) => `  ${line}`);
  if (selection.flows === 0)
    return [
      paint.strong(wording.noFlows),
      ...paragraph(wording.noFlowsWhy),
      ...paragraph(wording.mapThem),
    ];
  if (flows.total === 0) return [paint.strong(wording.noSelected)];
  if (flows.failed + flows.succeeded === 0) return [paint.strong(wording.nothingDecided)];

  const list = (label: string, stages: readonly string[]) =>
    labelled(label, stages.length === 0 ? [wording.noneOf] : stages, page, glyphs.dot);
  const seen = STAGES.filter((stage) => recognition.stages[stage] > 0);
  const unseen: string[] = STAGES.filter((stage) => recognition.stages[stage] === 0);
  // Attempts at a session were seen, and none that said how it went.
  if (recognition.stages.session > 0) unseen.push(`session${wording.bracketed(wording.step.ok)}`);
  return [
    paint.strong(wording.noSuccess(countText(flows.failed))),
    ...paragraph(wording.noSuccessWhy),
    ...list(
      wording.stagesSeen,
      seen.map((stage) => `${stage} ${countText(recognition.stages[stage])}`),
    ),
    ...list(wording.stagesUnseen, unseen),
    ...paragraph(wording.mapThem),
  ];
}
