import type { CauseTimes, CorrelationHits } from '../correlate/index.ts';
import {
  type AbandonReason,
  type Evidence,
  type Flow,
  type Outcome,
  type Rule,
  STAGES,
  type Stage,
  type StepOutcome,
  type Verdict,
} from '../model/index.ts';
import { namedRules, type RuleSet } from '../ruleset/index.ts';
import { type AttributionContext, attribute } from './attribution.ts';
import { type Candidate, flowRuleCandidate, signalCandidate } from './candidate.ts';
import { flowRecord } from './flow-record.ts';
import { isRipe } from './ripe.ts';

export interface JudgeContext {
  readonly ruleSet: RuleSet;
  readonly causes: CauseTimes;
  readonly correlations: CorrelationHits;
  /** Earliest and latest time in the data; undefined when no line carried a time. */
  readonly window: { readonly fromMs: number | undefined; readonly toMs: number | undefined };
  /** A silent flow stays open for this long. */
  readonly flowTimeoutMs: number;
}

/** Longer than a QR code lives (60–120 s) and a person dallies; as `--flow-timeout` defaults. */
export const DEFAULT_FLOW_TIMEOUT_MS = 300_000;

const SCANNED = STAGES.indexOf('scanned');
const CALLBACK = STAGES.indexOf('callback');

/** Makes the function that decides how a flow ended. It reads no clock and keeps no state. */
export function createJudge(context: JudgeContext): (flow: Flow) => Verdict {
  const { ruleSet } = context;
  const attribution: AttributionContext = {
    explanations: ruleSet.explanations,
    ruleNamed: new Map(namedRules(ruleSet).map((rule) => [rule.name, rule])),
    causes: context.causes,
    correlations: context.correlations,
  };

  return (flow) => {
    // Most logins. Their shape tells nothing, and to ask for it would cost more than all else.
    const isThrough = has(flow, 'session', 'ok');
    if (isThrough && flow.signals.length === 0) return SMOOTH;
    const hits = flow.signals.map((signal) => signalCandidate(signal, ruleSet.rules[signal.rule]!));
    const failures = hits.filter((hit) => hit.rule.effect === 'failure');
    if (isThrough && failures.length === 0) return SMOOTH;
    const flowHits = ruleSet.flows
      .match(flowRecord(flow, ruleSet.rules, context.window.toMs))
      .map((detection) => ruleSet.rules[ruleSet.flowRules[detection]!]!)
      .filter((rule) => isRipe(rule, flow, context.window.toMs));
    const verdict = isThrough ? succeeded(failures) : unfinished(flow, hits, flowHits);
    const found = flowHits.filter((rule) => rule.effect === 'finding').map(({ name }) => name);
    return found.length === 0 ? verdict : { ...verdict, findings: found };
  };

  /** The verdict on a login that did not reach its session. */
  function unfinished(flow: Flow, hits: readonly Candidate[], flowHits: readonly Rule[]): Verdict {
    const failures = hits.filter((hit) => hit.rule.effect === 'failure');
    const byShape = flowHits
      .filter((rule) => rule.effect === 'failure')
      .map((rule) => flowRuleCandidate(rule, flow.lastMs));
    const lasting = failures.filter((failure) => !isRecovered(failure, flow));
    // With nothing else to go by, a login that is over is blamed on what seemed to be recovered.
    const blamed = lasting.length > 0 || isOpen(flow, context) ? lasting : failures;
    const candidates = [...blamed, ...byShape];
    const leaving = reasonToLeave(flow, [...hits.map((hit) => hit.rule), ...flowHits]);

    if (isFailure(flow, candidates, leaving)) {
      if (candidates.length === 0) return failed(undefined, [], failureStage(flow));
      const { cause, symptoms } = attribute(candidates, hits, attribution);
      return failed(cause, symptoms, cause.stage ?? failureStage(flow));
    }
    if (leaving !== undefined) return abandoned(flow, leaving);
    if (isOpen(flow, context)) return withoutEvidence({ kind: 'open', stage: furthest(flow) });
    if (isEngaged(flow)) return failed(undefined, [], failureStage(flow));
    return abandoned(flow, 'never_scanned');
  }
}

/** The login went through, and nothing was in its way. */
const SMOOTH: Verdict = { outcome: { kind: 'succeeded', recovered: [] }, evidence: [] };

function succeeded(failures: readonly Candidate[]): Verdict {
  const recovered = [...new Set(failures.map((failure) => failure.rule.name))].sort();
  return { outcome: { kind: 'succeeded', recovered }, evidence: failures.map(evidenceOf) };
}

function failed(
  cause: Candidate | undefined,
  symptoms: readonly Candidate[],
  stage: Stage,
): Verdict {
  return {
    outcome: {
      kind: 'failed',
      stage,
      cause: cause?.rule.name,
      symptoms: symptoms.map((symptom) => symptom.rule.name),
    },
    evidence: (cause === undefined ? [] : [cause, ...symptoms]).map(evidenceOf),
  };
}

function abandoned(flow: Flow, reason: AbandonReason): Verdict {
  return withoutEvidence({ kind: 'abandoned', stage: furthest(flow), reason });
}

const withoutEvidence = (outcome: Outcome): Verdict => ({ outcome, evidence: [] });

function evidenceOf(candidate: Candidate): Evidence {
  return { rule: candidate.rule.name, timeMs: candidate.timeMs, place: candidate.place };
}

/**
 * A failed attempt is recovered when its stage, or a later one, succeeds after it. A failure at a
 * stage that had succeeded before is a repetition, such as a second callback; only at the callback
 * itself a success may merely mean that the request arrived.
 */
function isRecovered(failure: Candidate, flow: Flow): boolean {
  const at = failure.timeMs ?? Number.NEGATIVE_INFINITY;
  const stage = failure.stage === undefined ? -1 : STAGES.indexOf(failure.stage);
  return flow.steps.some((step) => {
    if (step.outcome !== 'ok') return false;
    const own = STAGES.indexOf(step.stage);
    if (own === stage && own !== CALLBACK) return true;
    return own >= Math.max(stage, 0) && (step.firstMs ?? Number.NEGATIVE_INFINITY) > at;
  });
}

/** Somebody wanted to log in: the code was scanned, or a later stage was reached. */
function isEngaged(flow: Flow): boolean {
  return flow.steps.some(
    (step) => STAGES.indexOf(step.stage) >= SCANNED && !isEnding(step.outcome),
  );
}

const isEnding = (outcome: StepOutcome): boolean =>
  outcome === 'cancelled' || outcome === 'denied' || outcome === 'expired';

/** The QR code could not even be issued. */
function neverIssued(flow: Flow): boolean {
  return has(flow, 'issued', 'failed') && !has(flow, 'issued', 'ok');
}

function isFailure(
  flow: Flow,
  candidates: readonly Candidate[],
  leaving: AbandonReason | undefined,
): boolean {
  const broke = flow.steps.some(
    (step) =>
      step.outcome === 'failed' &&
      STAGES.indexOf(step.stage) >= CALLBACK &&
      !has(flow, step.stage, 'ok'),
  );
  if (neverIssued(flow)) return true;
  if (!isEngaged(flow)) return false;
  if (leaving !== undefined) {
    return (
      broke || candidates.some((c) => c.stage !== undefined && STAGES.indexOf(c.stage) >= CALLBACK)
    );
  }
  return broke || candidates.length > 0;
}

function reasonToLeave(flow: Flow, matched: readonly Rule[]): AbandonReason | undefined {
  if (flow.steps.some((step) => step.outcome === 'denied')) return 'denied';
  if (flow.steps.some((step) => step.outcome === 'cancelled')) return 'cancelled';
  const expired = flow.steps.some((step) => step.outcome === 'expired');
  if (expired && !isEngaged(flow)) return 'never_scanned';
  const rule = matched.find((rule) => rule.effect === 'abandoned');
  if (rule === undefined) return undefined;
  if (!isEngaged(flow)) return rule.class === 'user_cancelled' ? 'cancelled' : 'never_scanned';
  return rule.class === 'user_cancelled' ? 'cancelled' : 'left';
}

/** Too young to be judged, or cut off by the beginning of the data. */
function isOpen(flow: Flow, { window, flowTimeoutMs }: JudgeContext): boolean {
  if (window.toMs !== undefined && flow.lastMs !== undefined) {
    if (window.toMs - flow.lastMs < flowTimeoutMs) return true;
  }
  const beginning = flow.steps.some((step) => step.stage === 'issued');
  if (beginning || window.fromMs === undefined || flow.firstMs === undefined) return false;
  return flow.firstMs - window.fromMs < flowTimeoutMs;
}

function has(flow: Flow, stage: Stage, outcome: StepOutcome): boolean {
  return flow.steps.some((step) => step.stage === stage && step.outcome === outcome);
}

/** The latest stage that was touched, however it went. */
function furthest(flow: Flow): Stage {
  return STAGES[Math.max(0, ...flow.steps.map((step) => STAGES.indexOf(step.stage)))]!;
}

/** The first stage that failed for good; else the one after the latest that was reached. */
function failureStage(flow: Flow): Stage {
  const broken = flow.steps.find(
    (step) => step.outcome === 'failed' && !has(flow, step.stage, 'ok'),
  );
  if (broken !== undefined) return broken.stage;
  const reached = flow.steps.filter((step) => !isEnding(step.outcome));
  const last = Math.max(-1, ...reached.map((step) => STAGES.indexOf(step.stage)));
  return STAGES[Math.min(last + 1, STAGES.length - 1)]!;
}
