export { baselineText } from './baseline-text.ts';
export { buildGateReport, type GateFacts } from './build-gate-report.ts';
export { gateAnnotations } from './gate-annotations.ts';
export { gateJson } from './gate-json.ts';
export { gateJunit } from './gate-junit.ts';
export { gateMarkdown, SUMMARY_CAP_BYTES } from './gate-markdown.ts';
export type { GateReport } from './gate-report.ts';
export { GATE_SCHEMA } from './gate-schema.ts';
export { gateText } from './gate-text.ts';
