import { visibleJson } from '../visible.ts';
import type { GateReport } from './gate-report.ts';

/** The decision for programs, indented, with a newline at its end. */
export function gateJson(report: GateReport): string {
  return `${visibleJson(JSON.stringify(report, undefined, 2))}\n`;
}
