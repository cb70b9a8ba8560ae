import { LIMIT_KINDS } from '../../gate/index.ts';
import { LEVELS, STAGES } from '../../model/index.ts';
import {
  COUNT,
  FLAG,
  type JsonSchema,
  list,
  MOMENT,
  object,
  oneOf,
  orNull,
  recordOf,
  SHARE,
  TEXT,
} from '../schema/schema.ts';

const NUMBER: JsonSchema = { type: 'number' };

const VERDICT = oneOf(['pass', 'fail', 'inconclusive']);

const figure = { value: orNull(NUMBER), low: orNull(NUMBER), high: orNull(NUMBER) };

const FIGURE = object(figure, {
  description: 'with one-sided bounds; null where there is none',
});

const SAMPLE = object({ failed: COUNT, decided: COUNT });

const MEASURED = object({
  ...figure,
  flows: COUNT,
  events: orNull(COUNT),
  trials: orNull(COUNT),
});

const SIDE = object({
  name: orNull(TEXT),
  from: orNull(MOMENT),
  to: orNull(MOMENT),
  windows: COUNT,
  decided: COUNT,
  succeeded: COUNT,
  failed: COUNT,
  failureRate: orNull(SHARE),
  abandoned: COUNT,
  open: COUNT,
  cut: COUNT,
});

const LIMIT = object({
  kind: oneOf(LIMIT_KINDS),
  value: NUMBER,
  verdict: VERDICT,
  reason: oneOf([
    'beyond',
    'within',
    'between',
    'few-flows',
    'not-significant',
    'no-candidate-flows',
    'no-baseline-flows',
    'rules-differ',
    'strata-unmatched',
  ]),
  needed: orNull(object({ candidateFlows: COUNT, baselineFlows: orNull(COUNT) })),
});

const COMPARISON = object({
  rule: orNull(TEXT),
  stage: orNull(oneOf(STAGES)),
  candidate: orNull(MEASURED),
  baseline: orNull(MEASURED),
  change: orNull(FIGURE),
  crude: orNull(FIGURE),
  ratio: orNull(FIGURE),
  p: orNull(SHARE),
  q: orNull(SHARE),
  limits: list(LIMIT),
  verdict: VERDICT,
});

const BILINGUAL = object({ en: TEXT, zh: TEXT });

/** JSON Schema of a decision. */
export const GATE_SCHEMA: JsonSchema = object(
  {
    schema: { const: 'scanlens.gate/1' },
    kind: oneOf(['gate', 'compare']),
    tool: object({ version: TEXT, rulesDigest: TEXT }),
    verdict: VERDICT,
    confidence: SHARE,
    minFlows: COUNT,
    onInconclusive: oneOf(['warn', 'fail']),
    candidate: SIDE,
    baseline: orNull(SIDE),
    rulesDiffer: FLAG,
    burstiness: orNull(
      object({
        of: oneOf(['baseline', 'candidate']),
        factor: { type: 'number', minimum: 1 },
        widthMinutes: COUNT,
        buckets: COUNT,
      }),
    ),
    strata: orNull(
      object({
        attributes: list(TEXT),
        unmatched: object({ candidate: SHARE, baseline: SHARE }),
        heterogeneityP: orNull(SHARE),
        groups: list(
          object({
            values: recordOf(orNull(TEXT)),
            candidate: SAMPLE,
            baseline: SAMPLE,
            change: FIGURE,
          }),
        ),
      }),
    ),
    checks: list(
      object({
        id: TEXT,
        metric: TEXT,
        dimension: oneOf(['ratio', 'duration', 'frequency']),
        per: orNull(oneOf(['rule', 'stage'])),
        level: oneOf(['error', 'warn']),
        verdict: VERDICT,
        comparisons: list(COMPARISON),
      }),
    ),
    causes: orNull(
      list(
        object({
          rule: TEXT,
          title: orNull(BILINGUAL),
          level: orNull(oneOf(LEVELS)),
          remediation: orNull(BILINGUAL),
          trend: oneOf(['new', 'vanished', 'up', 'down', 'same']),
          candidate: SAMPLE,
          baseline: SAMPLE,
          change: FIGURE,
          q: SHARE,
        }),
      ),
    ),
  },
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'scanlens.gate/1',
    description: 'What scanlens gate decided (--output json).',
  },
);
