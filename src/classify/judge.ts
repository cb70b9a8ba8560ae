import type { CauseTimes, CorrelationHits } from '../correlate/index.ts';
import {
  type AbandonReason,
  type Evidence,
  type Flow,
  type Outcome,
  type Rule,
  STAGES,
  type Stage,
  type Verdict,
} from '../model/index.ts';
import { namedRules, type RuleSet } from '../ruleset/index.ts';
import { type AttributionContext, attribute, explanationsBySymptom } from './attribution.ts';
import { type Candidate, flowRuleCandidate, signalCandidate } from './candidate.ts';
import { flowRecord } from './flow-record.ts';
import { isRipe } from './ripe.ts';
import {
  bitOf,
  bitsFrom,
  firstOf,
  lastPlaceOf,
  type StagesByOutcome,
  stagesByOutcome,
} from './stages-by-outcome.ts';

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

const ISSUED = bitOf('issued');
const FROM_SCANNED = bitsFrom('scanned');
const FROM_CALLBACK = bitsFrom('callback');
const CALLBACK = STAGES.indexOf('callback');

/** Makes the function that decides how a flow ended. It reads no clock and keeps no state. */
export function createJudge(context: JudgeContext): (flow: Flow) => Verdict {
  const { ruleSet } = context;
  const attribution: AttributionContext = {
    explanationsOf: explanationsBySymptom(ruleSet.explanations),
    ruleNamed: new Map(namedRules(ruleSet).map((rule) => [rule.name, rule])),
    causes: context.causes,
    correlations: context.correlations,
  };

  return (flow) => {
    // Most logins. Their shape tells nothing, and to ask for it would cost more than all else.
    const isThrough = wentThrough(flow);
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
    const stages = stagesByOutcome(flow);
    const failures = hits.filter((hit) => hit.rule.effect === 'failure');
    const byShape = flowHits
      .filter((rule) => rule.effect === 'failure')
      .map((rule) => flowRuleCandidate(rule, flow.lastMs));
    const lasting = failures.filter((failure) => !isRecovered(failure, flow));
    const open = isOpen(flow, stages, context);
    // With nothing else to go by, a login that is over is blamed on what seemed to be recovered.
    const blamed = lasting.length > 0 || open ? lasting : failures;
    const candidates = [...blamed, ...byShape];
    const leaving = reasonToLeave(stages, [...hits.map((hit) => hit.rule), ...flowHits]);

    if (isFailure(stages, candidates, leaving)) {
      if (candidates.length === 0) return failed(undefined, [], failureStage(stages));
      const { cause, symptoms } = attribute(candidates, hits, attribution);
      return failed(cause, symptoms, cause.stage ?? failureStage(stages));
    }
    if (leaving !== undefined) return abandoned(stages, leaving);
    if (open) return withoutEvidence({ kind: 'open', stage: furthest(stages) });
    if (isEngaged(stages)) return failed(undefined, [], failureStage(stages));
    return abandoned(stages, 'never_scanned');
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

function abandoned(stages: StagesByOutcome, reason: AbandonReason): Verdict {
  return withoutEvidence({ kind: 'abandoned', stage: furthest(stages), reason });
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

/** The session was made. Its stage is the last one, and steps stand in the order of stages. */
function wentThrough({ steps }: Flow): boolean {
  for (let i = steps.length - 1; i >= 0 && steps[i]!.stage === 'session'; i -= 1) {
    if (steps[i]!.outcome === 'ok') return true;
  }
  return false;
}

/** Stages that were touched by something other than the end of the login. */
const touched = ({ seen, ok, failed }: StagesByOutcome): number => seen | ok | failed;

/** Stages that failed and did not go well in another attempt. */
const broken = ({ failed, ok }: StagesByOutcome): number => failed & ~ok;

/** Somebody wanted to log in: the code was scanned, or a later stage was reached. */
function isEngaged(stages: StagesByOutcome): boolean {
  return (touched(stages) & FROM_SCANNED) !== 0;
}

function isFailure(
  stages: StagesByOutcome,
  candidates: readonly Candidate[],
  leaving: AbandonReason | undefined,
): boolean {
  // The QR code could not even be issued.
  if ((broken(stages) & ISSUED) !== 0) return true;
  if (!isEngaged(stages)) return false;
  if ((broken(stages) & FROM_CALLBACK) !== 0) return true;
  if (leaving === undefined) return candidates.length > 0;
  return candidates.some(
    ({ stage }) => stage !== undefined && (bitOf(stage) & FROM_CALLBACK) !== 0,
  );
}

function reasonToLeave(
  stages: StagesByOutcome,
  matched: readonly Rule[],
): AbandonReason | undefined {
  if (stages.denied !== 0) return 'denied';
  if (stages.cancelled !== 0) return 'cancelled';
  if (stages.expired !== 0 && !isEngaged(stages)) return 'never_scanned';
  const rule = matched.find((rule) => rule.effect === 'abandoned');
  if (rule === undefined) return undefined;
  if (rule.class === 'user_cancelled') return 'cancelled';
  return isEngaged(stages) ? 'left' : 'never_scanned';
}

/** Too young to be judged, or cut off by the beginning of the data. */
function isOpen(
  flow: Flow,
  stages: StagesByOutcome,
  { window, flowTimeoutMs }: JudgeContext,
): boolean {
  if (window.toMs !== undefined && flow.lastMs !== undefined) {
    if (window.toMs - flow.lastMs < flowTimeoutMs) return true;
  }
  const hasBeginning = (all(stages) & ISSUED) !== 0;
  if (hasBeginning || window.fromMs === undefined || flow.firstMs === undefined) return false;
  return flow.firstMs - window.fromMs < flowTimeoutMs;
}

function all(stages: StagesByOutcome): number {
  return touched(stages) | stages.cancelled | stages.denied | stages.expired;
}

/** The latest stage that was touched, however it went. */
function furthest(stages: StagesByOutcome): Stage {
  return STAGES[Math.max(0, lastPlaceOf(all(stages)))]!;
}

/** The first stage that failed for good; else the one after the latest that was reached. */
function failureStage(stages: StagesByOutcome): Stage {
  if (broken(stages) !== 0) return firstOf(broken(stages));
  return STAGES[Math.min(lastPlaceOf(touched(stages)) + 1, STAGES.length - 1)]!;
}
