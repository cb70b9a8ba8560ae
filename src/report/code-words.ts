import {
  ABANDON_REASONS,
  FLOW_KINDS,
  OUTCOME_KINDS,
  REJECT_CODES,
  type RejectCode,
  type Report,
  type ReportFailures,
  type ReportLatency,
} from '../model/index.ts';
import { countText, durationText } from './figures.ts';
import type { Glyphs } from './glyphs.ts';
import type { Wording } from './wording/index.ts';

/** What a reject code means, in the report's language. */
export function rejectText(code: string, { wording }: { readonly wording: Wording }): string {
  return (REJECT_CODES as readonly string[]).includes(code)
    ? wording.reject[code as RejectCode]
    : code;
}

/** Where it fails most often, and how many other stages it fails at. */
export function stagesText({ stages }: ReportFailures): string {
  const [[most], ...others] = Object.entries(stages).sort(([, a], [, b]) => b - a);
  return others.length === 0 ? most : `${most} +${others.length}`;
}

/** `60 abandoned (40 never scanned, 20 cancelled on the phone)`; empty when none was. */
export function abandonedText({ flows }: Report, wording: Wording): string {
  if (flows.abandoned === 0) return '';
  const reasons = ABANDON_REASONS.filter((reason) => flows.abandonedBy[reason] > 0);
  const words = reasons.map((reason) =>
    reasons.length === 1
      ? wording.reason[reason]
      : wording.counted(countText(flows.abandonedBy[reason]), wording.reason[reason]),
  );
  return (
    wording.abandoned(countText(flows.abandoned)) + wording.bracketed(words.join(wording.comma))
  );
}

/** Logins that are no scan logins; empty when there are none. */
export function otherKindsText({ flows }: Report, wording: Wording, glyphs: Glyphs): string {
  return FLOW_KINDS.filter((kind) => kind !== 'qr')
    .flatMap((kind) => {
      const outcomes = flows.otherKinds[kind];
      const total = OUTCOME_KINDS.reduce((sum, outcome) => sum + outcomes[outcome], 0);
      if (total === 0) return [];
      const all = wording.counted(countText(total), wording.kind[kind]);
      const failed = wording.counted(countText(outcomes.failed), wording.outcome.failed);
      return [outcomes.failed > 0 ? all + wording.bracketed(failed) : all];
    })
    .join(glyphs.dot);
}

/** `p50 12s`, `p95 26s`, `p99 37s`; none when nothing was measured. */
export function latencyTexts({ p50Ms, p95Ms, p99Ms }: ReportLatency): readonly string[] {
  if (p50Ms === null || p95Ms === null || p99Ms === null) return [];
  return [`p50 ${durationText(p50Ms)}`, `p95 ${durationText(p95Ms)}`, `p99 ${durationText(p99Ms)}`];
}
