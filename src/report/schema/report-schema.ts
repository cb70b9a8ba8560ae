import {
  ABANDON_REASONS,
  FLOW_KINDS,
  LEVELS,
  OUTCOME_KINDS,
  REJECT_CODES,
  STAGES,
} from '../../model/index.ts';
import {
  COUNT,
  FLAG,
  type JsonSchema,
  list,
  MILLISECONDS,
  MOMENT,
  object,
  oneOf,
  orNull,
  recordOf,
  SHARE,
  TEXT,
} from './schema.ts';

const counts = (keys: readonly string[]): JsonSchema =>
  object(Object.fromEntries(keys.map((key) => [key, COUNT])));

const bilingual = object({ en: TEXT, zh: TEXT });

const stage = oneOf(STAGES);

const rejected: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(REJECT_CODES.map((code) => [code, COUNT])),
  additionalProperties: false,
};

const damaged: JsonSchema = { ...rejected, description: 'parts of lines that carry records' };

const FORMS = recordOf(COUNT, 'records by form, wrappers first');

const rate = {
  value: { ...SHARE, description: 'failed / (failed + succeeded)' },
  low: SHARE,
  high: SHARE,
  confidence: { ...SHARE, description: 'of the Wilson score interval from low to high' },
};

const latency = { p50Ms: MILLISECONDS, p95Ms: MILLISECONDS, p99Ms: MILLISECONDS };

const failures = {
  flows: COUNT,
  share: { ...SHARE, description: 'of all failed flows' },
  rate: { ...SHARE, description: 'of all decided flows' },
  stages: recordOf(COUNT, 'where they failed'),
  symptoms: recordOf(COUNT, 'further rules that matched'),
  examples: list({ type: 'string', pattern: '^f-' }, 'the smallest flow ids'),
};

/** `scanlens.report/1`, what `--output json` writes. */
export const REPORT_SCHEMA: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:scanlens:report:1',
  title: 'scanlens report',
  description:
    'Failures of WeChat scan logins. Shares are 0 to 1 with 6 decimals; durations are milliseconds within 0.8 %; times are UTC.',
  ...object({
    schema: { const: 'scanlens.report/1' },
    tool: object({ version: TEXT, rulesDigest: TEXT }),
    input: object({
      files: list(
        object({
          name: TEXT,
          bytes: COUNT,
          lines: COUNT,
          blank: COUNT,
          joined: COUNT,
          records: COUNT,
          events: COUNT,
          other: COUNT,
          rejected,
          damaged,
          forms: FORMS,
        }),
      ),
      bytes: COUNT,
      lines: {
        ...COUNT,
        description: 'blank + rejected + joined + lines that records begin on',
      },
      blank: COUNT,
      joined: { ...COUNT, description: 'lines that continue a record of another line' },
      records: { ...COUNT, description: 'events + other' },
      events: { ...COUNT, description: 'records about logins' },
      other: { ...COUNT, description: 'records about other things' },
      rejected,
      damaged,
      forms: FORMS,
      samples: list(
        object({ file: TEXT, line: COUNT, code: oneOf(REJECT_CODES), reason: TEXT }),
        'the first few rejected lines',
      ),
      unlinked: { ...COUNT, description: 'events that carry no id of any login' },
      timeless: { ...COUNT, description: 'events without a readable time' },
      schemas: recordOf(COUNT, 'logger schemas recognised, with their lines'),
      partial: { ...FLAG, description: 'reading was interrupted' },
    }),
    window: object(
      { from: orNull(MOMENT), to: orNull(MOMENT) },
      { description: 'first and last event of the input' },
    ),
    selection: object({
      since: orNull(MOMENT),
      until: orNull(MOMENT),
      where: orNull(TEXT),
      rules: list(TEXT),
      stages: list(stage),
      flows: { ...COUNT, description: 'scan logins before since, until and where' },
    }),
    flows: object({
      total: COUNT,
      ...Object.fromEntries(OUTCOME_KINDS.map((kind) => [kind, COUNT])),
      abandonedBy: counts(ABANDON_REASONS),
      otherKinds: object(
        Object.fromEntries(
          FLOW_KINDS.filter((kind) => kind !== 'qr').map((kind) => [kind, counts(OUTCOME_KINDS)]),
        ),
      ),
    }),
    failureRate: {
      ...orNull(object(rate)),
      description: 'null when nothing is decided, or no success was ever recognised',
    },
    focus: {
      ...orNull(object({ failed: COUNT, ...rate })),
      description: 'failures within --rule and --stage; null without them',
    },
    recognition: object({
      success: { ...FLAG, description: 'any flow at all was seen to succeed' },
      stages: counts(STAGES),
    }),
    funnel: list(
      object({
        stage,
        reached: { ...COUNT, description: 'settled flows that got past the stage' },
        failed: COUNT,
        abandoned: COUNT,
        ...latency,
      }),
    ),
    login: object(latency, { description: 'first stage to session, where it succeeded' }),
    causes: list(
      object({
        rule: TEXT,
        class: TEXT,
        title: bilingual,
        level: oneOf(LEVELS),
        ...failures,
        remediation: bilingual,
      }),
    ),
    unclassified: object(failures),
    recovered: list(object({ rule: TEXT, title: bilingual, flows: COUNT })),
    breakdowns: recordOf(
      list(
        object({
          value: {
            ...orNull(TEXT),
            description: 'null for flows without the field, and for folded ones',
          },
          folded: { ...FLAG, description: 'all values beyond the cap' },
          decided: COUNT,
          failed: COUNT,
          rate: SHARE,
          low: SHARE,
          high: SHARE,
        }),
      ),
    ),
    trend: list(
      object({
        from: orNull(MOMENT),
        to: orNull(MOMENT),
        decided: COUNT,
        failed: COUNT,
        byCause: recordOf(COUNT),
        unclassified: COUNT,
      }),
    ),
    findings: list(
      object({
        kind: TEXT,
        severity: oneOf(['info', 'warning', 'critical']),
        subject: TEXT,
        message: bilingual,
        remediation: orNull(bilingual),
        count: COUNT,
        firstAt: orNull(MOMENT),
        groups: list(object({ values: recordOf(TEXT), count: COUNT, firstAt: MOMENT })),
        groupCount: COUNT,
      }),
    ),
  }),
};
