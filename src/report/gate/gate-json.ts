import { visibleJson } from '../visible.ts';
import type { GateReport } from './gate-report.ts';

/**
 * The decision for programs, indented, with a newline at its end. Where CI prints it, no command
 * is found in it: `##` stands within strings only, where an escape means the same.
 */
export function gateJson(report: GateReport): string {
  const json = JSON.stringify(report, undefined, 2).replace(/#(?=#)/g, '\\u0023');
  return `${visibleJson(json)}\n`;
}
