import { filesText, quoted } from '../next-commands.ts';
import { ciText } from './ci-text.ts';
import type { GateReport } from './gate-report.ts';
import { movedCauses } from './gate-words.ts';

/** Commands that lead on from a decision, the likeliest first; at most three. */
export function nextOfGate(report: GateReport, inputs: readonly string[]): readonly string[] {
  const files = filesText(inputs);
  const strata = report.strata?.attributes.join(',') ?? '';
  const by = strata !== '' && strata.length <= 60 ? strata : 'pod,version';
  const commands: string[] = [];
  const risen = movedCauses(report).find(({ trend }) => trend === 'up' || trend === 'new');
  const compares = report.kind === 'compare';
  if ((report.verdict !== 'pass' || compares) && risen !== undefined)
    commands.push(`scanlens ${files} --rule ${quoted(risen.rule)} --by ${quoted(by)}`);
  if (!compares && report.verdict === 'fail' && risen === undefined)
    commands.push(`scanlens ${files} --by ${quoted(by)}`);
  if (report.rulesDiffer && report.baseline?.name)
    commands.push(`scanlens baseline create FILE --out ${quoted(report.baseline.name)}`);
  return commands.slice(0, 3).map(ciText);
}
