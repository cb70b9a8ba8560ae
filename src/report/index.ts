export { buildReport, type ReportFacts } from './build-report.ts';
export { detectionText } from './detection/detection-text.ts';
export { reportJson, verdictJson, verdictLine } from './json.ts';
export { type MarkdownOptions, reportMarkdown } from './markdown/report-markdown.ts';
export type { ColorLevel } from './paint.ts';
export type { TextOptions } from './text/page.ts';
export { reportText } from './text/report-text.ts';
export { visible } from './visible.ts';
export type { Language } from './wording/index.ts';
