import { startAnalysis } from '../analysis/index.ts';
import { flowRecord } from '../classify/index.ts';
import { EVENT_FIELDS, type Finding, type Judged, type Rule } from '../model/index.ts';
import type { Mapping } from '../normalise/index.ts';
import type { RuleSet } from '../ruleset/index.ts';
import type { SigmaRecord } from '../sigma/index.ts';

/** A flow with its verdict, and the record that flow rules read. */
export interface ReadFlow extends Judged {
  readonly record: SigmaRecord;
}

/** What an analysis makes of some lines. */
export interface ReadFlows {
  readonly flows: readonly ReadFlow[];
  readonly findings: readonly Finding[];
}

/** Analyses JSON lines. Ids stay in clear, so that a test can name its flows. */
export type FlowReader = (lines: readonly string[]) => ReadFlows;

export function createFlowReader(ruleSet: RuleSet, mappings: readonly Mapping[]): FlowReader {
  const keep = EVENT_FIELDS.filter((field) => ruleSet.flows.fields.has(field));
  const utf8 = new TextEncoder();
  return (lines) => {
    const run = startAnalysis({ ruleSet, mappings, keep, showIds: true });
    const source = run.source('test');
    source.chunk(utf8.encode(lines.map((line) => `${line}\n`).join('')));
    source.end();
    const analysis = run.finish();
    const { toMs } = analysis.window;
    const flows = [...analysis.flows()].map((judged) => ({
      ...judged,
      record: flowRecord(judged.flow, ruleSet.rules, toMs),
    }));
    return { flows, findings: analysis.findings };
  };
}

/** Whether a rule about absence may speak of the flow yet: its deadline lies before the watermark. */
export function isRipe(rule: Rule, record: SigmaRecord): boolean {
  if (rule.deadline === undefined) return true;
  const age = record.get(`age_ms.${rule.deadline.from}`)?.[0];
  return age === undefined || age === null || Number(age) >= rule.deadline.withinMs;
}
