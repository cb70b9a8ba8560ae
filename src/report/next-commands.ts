import type { Judged, Report } from '../model/index.ts';
import { visible } from './visible.ts';

/** A share of events without a login beyond which the mapping deserves a look. */
const MUCH_UNLINKED = 0.1;

/** Commands that lead on from a report, the likeliest first; at most three. */
export function nextCommands(report: Report, inputs: readonly string[]): readonly string[] {
  const files = filesText(inputs);
  const commands: string[] = [];
  const [top] = report.causes;
  const example = top?.examples[0] ?? report.unclassified.examples[0];
  if (report.failureRate === null) commands.push(`scanlens detect ${files}`);
  if (example !== undefined) commands.push(`scanlens explain ${example} ${files}`);
  if (report.failureRate !== null && top !== undefined && report.selection.rules.length === 0)
    commands.push(`scanlens ${files} --rule ${quoted(top.rule)} --by pod,version`);
  const { rejected, unlinked, events } = report.input;
  const doubtful = Object.keys(rejected).length > 0 || unlinked > events * MUCH_UNLINKED;
  if (report.failureRate !== null && doubtful) commands.push(`scanlens detect ${files}`);
  return commands.slice(0, 3).map(visible);
}

/** Commands that lead on from one login. */
export function nextOfFlow({ verdict }: Judged, inputs: readonly string[]): readonly string[] {
  const { outcome } = verdict;
  if (outcome.kind !== 'failed') return [];
  const cause = outcome.cause ?? 'unclassified';
  return [visible(`scanlens ${filesText(inputs)} --rule ${quoted(cause)}`)];
}

/** What came through a pipe is gone: the user has to put a file in its place. */
export function filesText(inputs: readonly string[]): string {
  return inputs.length === 0 || inputs.includes('-') ? 'FILE' : inputs.map(quoted).join(' ');
}

/** As a shell needs it: in single quotes unless it is plain. */
export function quoted(argument: string): string {
  if (/^[\w./:=@%+,\u00c0-\u1fff\u3040-\uffdc-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
