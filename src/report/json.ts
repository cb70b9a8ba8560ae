import type { Judged, Report, Rule, VerdictLine } from '../model/index.ts';
import { iso } from './build-report.ts';
import { visibleJson } from './visible.ts';

/** The report for programs, indented, with a newline at its end. */
export function reportJson(report: Report): string {
  return `${visibleJson(JSON.stringify(report, undefined, 2))}\n`;
}

/** One line of `--verdicts`, with its newline. */
export function verdictJson(judged: Judged, rules: ReadonlyMap<string, Rule>): string {
  return `${visibleJson(JSON.stringify(verdictLine(judged, rules)))}\n`;
}

/** A verdict as programs read it; the signals of a flow that succeeded are its `symptoms`. */
export function verdictLine(
  { flow, verdict }: Judged,
  rules: ReadonlyMap<string, Rule>,
): VerdictLine {
  const { outcome } = verdict;
  const cause = outcome.kind === 'failed' ? (outcome.cause ?? null) : null;
  return {
    flowId: flow.id,
    ids: idsOf(flow),
    kind: flow.kind,
    outcome: outcome.kind,
    cause,
    class: cause === null ? null : (rules.get(cause)?.class ?? null),
    stage: outcome.kind === 'succeeded' ? null : outcome.stage,
    reason: outcome.kind === 'abandoned' ? outcome.reason : null,
    symptoms:
      outcome.kind === 'failed'
        ? outcome.symptoms
        : outcome.kind === 'succeeded'
          ? outcome.recovered
          : [],
    startedAt: iso(flow.firstMs),
    endedAt: iso(flow.lastMs),
    evidence: verdict.evidence.map(({ rule, place, timeMs }) => ({
      rule,
      file: place?.file ?? null,
      line: place?.line ?? null,
      time: iso(timeMs),
    })),
  };
}

function idsOf({ identities }: Judged['flow']): VerdictLine['ids'] {
  const ids = new Map<string, string[]>();
  for (const { namespace, hash, text } of identities) {
    const name = namespace.replace(/^login\./, '');
    ids.set(name, [...(ids.get(name) ?? []), text ?? hash]);
  }
  return Object.fromEntries(
    [...ids].map(([name, texts]) => [name, texts.length === 1 ? texts[0] : texts.sort()]),
  );
}
