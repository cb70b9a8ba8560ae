import { EVERYTHING, type Selection, tally } from '../../src/aggregate/index.ts';
import {
  type Finding,
  type Flow,
  type InputSummary,
  type Judged,
  type Outcome,
  type Report,
  type Rule,
  STAGES,
  type Stage,
} from '../../src/model/index.ts';
import { parseZone } from '../../src/normalise/index.ts';
import { buildReport } from '../../src/report/index.ts';

const T0 = Date.UTC(2026, 10, 23);
const HOUR = 3_600_000;

export function rule(name: string, changes: Partial<Rule> = {}): Rule {
  return {
    id: name,
    name,
    title: { en: `Title of ${name}`, zh: `${name} 的标题` },
    description: undefined,
    status: 'stable',
    level: 'high',
    scope: 'event',
    stage: undefined,
    class: `class_of_${name}`,
    effect: 'failure',
    priority: 0,
    remediation: { en: `What to do about ${name}.`, zh: `如何处理 ${name}。` },
    references: [],
    falsePositives: [],
    deadline: undefined,
    file: `rules/${name}.yml`,
    line: 1,
    ...changes,
  };
}

export const RULES: readonly Rule[] = [
  rule('code_used_40163', {
    title: { en: 'Authorization code was used before (40163)', zh: '授权码已被使用（40163）' },
    remediation: {
      en: 'Exchange a code once: look for a callback that is served twice, by a proxy that retries or a page that reloads, and make it idempotent.',
      zh: '每个授权码只换取一次：查找被重复处理的回调（代理重试或页面刷新），并使回调幂等。',
    },
  }),
  rule('upstream_timeout', {
    title: { en: 'No answer in time from another service', zh: '等待其他服务应答超时' },
    remediation: {
      en: 'Check the way to api.weixin.qq.com. Do not retry the exchange.',
      zh: '检查到 api.weixin.qq.com 的网络，不要重试换取。',
    },
  }),
  rule('state_mismatch', {
    title: { en: 'State of the callback is not the one issued', zh: '回调的 state 与签发的不一致' },
    remediation: {
      en: 'Keep states where all pods can read them.',
      zh: '将 state 存到所有 Pod 都能读到的地方。',
    },
    level: 'critical',
  }),
  rule('gateway_504'),
];

/** How far each of the outcomes gets, and how often it comes in a cycle of 100 flows. */
const CYCLE: readonly {
  readonly times: number;
  readonly until: Stage;
  readonly outcome: Outcome;
}[] = [
  { times: 84, until: 'session', outcome: { kind: 'succeeded', recovered: [] } },
  { times: 1, until: 'session', outcome: { kind: 'succeeded', recovered: ['upstream_timeout'] } },
  {
    times: 4,
    until: 'polled',
    outcome: { kind: 'abandoned', stage: 'polled', reason: 'never_scanned' },
  },
  {
    times: 2,
    until: 'scanned',
    outcome: { kind: 'abandoned', stage: 'scanned', reason: 'cancelled' },
  },
  {
    times: 3,
    until: 'callback',
    outcome: { kind: 'failed', stage: 'exchange', cause: 'code_used_40163', symptoms: [] },
  },
  {
    times: 2,
    until: 'callback',
    outcome: {
      kind: 'failed',
      stage: 'exchange',
      cause: 'upstream_timeout',
      symptoms: ['gateway_504'],
    },
  },
  {
    times: 1,
    until: 'confirmed',
    outcome: { kind: 'failed', stage: 'callback', cause: 'state_mismatch', symptoms: [] },
  },
  {
    times: 1,
    until: 'userinfo',
    outcome: { kind: 'failed', stage: 'persist', cause: undefined, symptoms: [] },
  },
  { times: 2, until: 'scanned', outcome: { kind: 'open', stage: 'scanned' } },
];

const ENDINGS = CYCLE.flatMap(
  (ending) => Array(ending.times).fill(ending) as (typeof CYCLE)[number][],
);

const PAUSES_MS: Readonly<Record<Stage, number>> = {
  issued: 0,
  polled: 1000,
  scanned: 5000,
  confirmed: 3000,
  callback: 90,
  exchange: 180,
  userinfo: 80,
  persist: 9,
  session: 4,
};

/** Some logins of six hours; in the last two, every tenth success is a used code instead. */
export function someDay(flows = 1000): Judged[] {
  return Array.from({ length: flows }, (_, i) => {
    const firstMs = T0 + Math.floor((6 * HOUR * i) / flows);
    let { until, outcome } = ENDINGS[(i * 37) % 100];
    if (firstMs >= T0 + 4 * HOUR && outcome.kind === 'succeeded' && i % 10 === 3)
      ({ until, outcome } = CYCLE[4]);
    return { flow: flowOf(i, firstMs, until, outcome), verdict: { outcome, evidence: [] } };
  });
}

function flowOf(i: number, firstMs: number, until: Stage, outcome: Outcome): Flow {
  let atMs = firstMs;
  const steps: Flow['steps'][number][] = STAGES.slice(0, STAGES.indexOf(until) + 1).map(
    (stage, k) => {
      atMs += PAUSES_MS[stage] * (1 + ((i * 31 + k * 17) % 100) / 50);
      return { stage, outcome: 'ok', firstMs: atMs, count: 1 };
    },
  );
  if (outcome.kind === 'failed')
    steps.push({ stage: outcome.stage, outcome: 'failed', firstMs: atMs + 40, count: 1 });
  return {
    id: `f-${(Math.imul(i + 1, 2654435761) >>> 0).toString(16).padStart(12, '0')}`,
    kind: i % 250 === 7 ? 'password' : 'qr',
    firstMs,
    lastMs: atMs + 40,
    identities: [],
    steps,
    signals: [],
    values: new Map([
      ['cloud.region', ['上海', '广州', 'beijing'][i % 3]],
      ['client', `8.0.${47 + (i % 4)}`],
    ]),
    stateAt: new Map(),
    podAt: new Map(),
  };
}

export const INPUT: InputSummary = {
  sources: [
    {
      name: 'logs/login-a.jsonl',
      bytes: 4_200_000,
      lines: 9000,
      blank: 3,
      joined: 0,
      records: 8960,
      events: 8000,
      other: 960,
      rejected: { 'not-json': 30, 'too-deep': 7 },
      damaged: {},
      forms: { json: 8960 },
    },
    {
      name: 'logs/登录.jsonl',
      bytes: 200_000,
      lines: 400,
      blank: 0,
      joined: 0,
      records: 400,
      events: 400,
      other: 0,
      rejected: {},
      damaged: {},
      forms: { json: 400 },
    },
  ],
  unlinked: 12,
  timeless: 0,
  samples: [
    { file: 'logs/login-a.jsonl', line: 17, code: 'not-json', reason: 'unexpected character' },
    { file: 'logs/login-a.jsonl', line: 95, code: 'too-deep', reason: 'nested too deep' },
  ],
  schemas: { zap: 8000, pino: 400 },
  partial: false,
};

const FINDINGS: readonly Finding[] = [
  { kind: 'constant_id', severity: 'critical', subject: 'login.state', count: 1204 },
  { kind: 'shared_carrier', severity: 'warning', subject: 'trace_id', count: 12 },
  {
    kind: 'storm',
    severity: 'warning',
    subject: 'upstream_timeout',
    count: 7,
    firstMs: Date.UTC(2026, 10, 23, 1, 2, 3),
    groups: ['login-0', 'login-1', '登录-2', '\u001b[31m_*|login-3'].map((value, i) => ({
      values: [
        { name: 'pod', fields: ['k8s.pod.name'], value },
        { name: 'by', fields: ['login.state'], value: '7d1f0c3b9a5e4d2c8b6a' },
      ],
      count: 4 - i,
      firstMs: Date.UTC(2026, 10, 23, 1, 2, 3 + i),
    })),
    groupCount: 5,
  },
];

export interface DayOptions {
  readonly judged?: readonly Judged[];
  readonly by?: readonly string[];
  readonly selection?: Selection;
  readonly whereText?: string;
  readonly input?: InputSummary;
  readonly findings?: readonly Finding[];
  readonly rules?: readonly Rule[];
}

export function reportOf(options: DayOptions = {}): Report {
  const { judged = someDay(), by = [], selection = EVERYTHING } = options;
  return buildReport(tally(judged, { selection, by, showIds: false }), {
    tool: { version: '0.1.0', rulesDigest: 'abc' },
    input: options.input ?? INPUT,
    window: { fromMs: T0, toMs: T0 + 6 * HOUR },
    selection,
    whereText: options.whereText,
    findings: options.findings ?? FINDINGS,
    rules: options.rules ?? RULES,
    zone: parseZone('Asia/Shanghai'),
    showIds: false,
  });
}
