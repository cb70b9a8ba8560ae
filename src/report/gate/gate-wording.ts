import type { CauseChange, GateVerdict, Reason } from '../../gate/index.ts';
import type { Language } from '../wording/index.ts';

/** Every word that a decision says beside those of a report. Numbers come formatted. */
export interface GateWording {
  readonly gate: string;
  readonly comparison: string;
  readonly verdict: Readonly<Record<GateVerdict, string>>;
  /** In the table of checks; `warn` is a failure that does not fail the gate. */
  readonly row: Readonly<Record<GateVerdict | 'warn', string>>;
  readonly failedOf: (failed: string, checks: string) => string;
  readonly unsureOf: (unsure: string) => string;
  readonly allPass: (checks: string) => string;
  readonly warned: (warned: string) => string;
  readonly noChecks: string;

  readonly candidate: string;
  readonly baseline: string;
  readonly before: string;
  readonly after: string;
  readonly noBaseline: string;
  readonly decided: (decided: string) => string;
  readonly failed: (failed: string, rate: string) => string;
  readonly windows: (count: string) => string;
  readonly cut: (flows: string) => string;
  readonly judgedBy: string;
  readonly oneSided: (confidence: string) => string;
  readonly bursts: (factor: string, width: string) => string;
  readonly evenly: string;
  readonly burstsUnknown: string;
  readonly adjustedFor: (attributes: string) => string;
  readonly unmatched: (candidate: string, baseline: string) => string;
  readonly rulesDiffer: string;
  readonly noSuccess: string;

  readonly checks: string;
  readonly figures: string;
  readonly columns: {
    readonly check: string;
    readonly metric: string;
    readonly baseline: string;
    readonly candidate: string;
    readonly change: string;
    readonly bounds: string;
    readonly limit: string;
    readonly group: string;
  };
  readonly per: Readonly<Record<'rule' | 'stage', string>>;
  readonly moreRows: (count: string) => string;
  readonly unadjusted: string;

  readonly why: string;
  readonly reason: Readonly<Record<Reason, string>>;
  readonly minimum: (flows: string) => string;
  readonly needed: (candidate: string) => string;
  readonly neededBoth: (candidate: string, baseline: string) => string;
  readonly onTheLimit: string;

  readonly moved: string;
  readonly nothingMoved: string;
  readonly trend: Readonly<Record<CauseChange['trend'], string>>;
  readonly uncertain: string;
  readonly fromTo: (baseline: string, candidate: string) => string;
  readonly of: (events: string, trials: string) => string;
  readonly groups: string;
  readonly unlike: (p: string) => string;
  readonly truncated: string;

  // A baseline by itself
  readonly detects: string;
  readonly detectsRise: (rise: string, flows: string) => string;
  readonly detectsNot: (rise: string) => string;
  readonly strata: string;
  readonly groupCount: (count: string) => string;
  readonly windowsTitle: string;
  readonly rules: string;
}

const ENGLISH: GateWording = {
  gate: 'GATE',
  comparison: 'COMPARISON',
  verdict: { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' },
  row: { pass: 'pass', fail: 'FAIL', inconclusive: 'unsure', warn: 'warn' },
  failedOf: (failed, checks) => `${failed} of ${checks} checks failed`,
  unsureOf: (unsure) => `${unsure} inconclusive`,
  allPass: (checks) => `${checks} ${checks === '1' ? 'check' : 'checks'} passed`,
  warned: (warned) => `${warned} ${warned === '1' ? 'warning' : 'warnings'}`,
  noChecks: 'nothing was checked',

  candidate: 'candidate',
  baseline: 'baseline',
  before: 'before',
  after: 'after',
  noBaseline: 'none',
  decided: (decided) => `${decided} decided logins`,
  failed: (failed, rate) => `${failed} failed (${rate})`,
  windows: (count) => `${count} windows`,
  cut: (flows) => `${flows} cut off by an end of the data`,
  judgedBy: 'judged by',
  oneSided: (confidence) => `one-sided ${confidence} bounds`,
  bursts: (factor, width) => `failures come ${factor} at a time (by ${width})`,
  evenly: 'failures come one at a time',
  burstsUnknown: 'too few failures to tell whether they come in bursts',
  adjustedFor: (attributes) => `adjusted for ${attributes}`,
  unmatched: (candidate, baseline) =>
    `in groups of one side only: ${candidate} of the candidate, ${baseline} of the baseline`,
  rulesDiffer: 'the baseline was judged by other rules: only totals are compared',
  noSuccess:
    'no login of the candidate was seen to succeed: an outage, or its logs no longer say so',

  checks: 'CHECKS',
  figures: 'FIGURES',
  columns: {
    check: 'check',
    metric: 'metric',
    baseline: 'baseline',
    candidate: 'candidate',
    change: 'change',
    bounds: 'bounds',
    limit: 'limit',
    group: 'group',
  },
  per: { rule: 'per rule', stage: 'per stage' },
  moreRows: (count) => `${count} more`,
  unadjusted: 'not adjusted',

  why: 'WHY UNSURE',
  reason: {
    beyond: 'beyond the limit',
    within: 'within the limit',
    between: 'the limit lies between the bounds',
    'few-flows': 'within the limit, over too few logins to pass',
    'not-significant': 'beyond the limit, and may still be chance among so many comparisons',
    'no-candidate-flows': 'the candidate has nothing to measure',
    'no-baseline-flows': 'the baseline has nothing to compare with',
    'rules-differ': 'the baseline was judged by other rules',
    'strata-unmatched': 'too many logins are in groups that the baseline does not have',
  },
  minimum: (flows) => `at least ${flows} are asked for`,
  needed: (candidate) => `about ${candidate} candidate logins would decide`,
  neededBoth: (candidate, baseline) =>
    `about ${candidate} candidate and ${baseline} baseline logins would decide`,
  onTheLimit: 'the figure lies on the limit itself: more logins would hardly decide',

  moved: 'WHAT MOVED',
  nothingMoved: 'no cause moved more than chance',
  trend: { new: 'NEW', vanished: 'gone', up: 'up', down: 'down', same: '' },
  uncertain: 'may be chance',
  fromTo: (baseline, candidate) => `${baseline}, now ${candidate}`,
  of: (events, trials) => `${events} of ${trials}`,
  groups: 'WHERE',
  unlike: (p) => `groups do not move alike (Woolf p ${p}): the adjusted change is their average`,
  truncated: 'cut off here: the rest is in the JSON output',

  detects: 'CAN TELL',
  detectsRise: (rise, flows) => `a rise of ${rise}, from about ${flows} candidate logins on`,
  detectsNot: (rise) =>
    `a rise of ${rise} not at all: this baseline is too small, whatever the candidate`,
  strata: 'strata',
  groupCount: (count) => `${count} ${count === '1' ? 'group' : 'groups'}`,
  windowsTitle: 'WINDOWS',
  rules: 'rules',
};

const CHINESE: GateWording = {
  gate: '门禁',
  comparison: '对比',
  verdict: { pass: '通过', fail: '未通过', inconclusive: '无法判定' },
  row: { pass: '通过', fail: '未通过', inconclusive: '未定', warn: '警告' },
  failedOf: (failed, checks) => `${checks} 项检查中 ${failed} 项未通过`,
  unsureOf: (unsure) => `${unsure} 项无法判定`,
  allPass: (checks) => `${checks} 项检查通过`,
  warned: (warned) => `${warned} 项警告`,
  noChecks: '没有任何检查',

  candidate: '候选',
  baseline: '基线',
  before: '之前',
  after: '之后',
  noBaseline: '无',
  decided: (decided) => `${decided} 次已有结果的登录`,
  failed: (failed, rate) => `${failed} 次失败（${rate}）`,
  windows: (count) => `${count} 个时间窗`,
  cut: (flows) => `${flows} 次被数据边界截断`,
  judgedBy: '判定方法',
  oneSided: (confidence) => `单侧 ${confidence} 界限`,
  bursts: (factor, width) => `失败成批出现，每批约 ${factor} 次（按${width}统计）`,
  evenly: '失败逐次出现，不成批',
  burstsUnknown: '失败太少，无法判断是否成批出现',
  adjustedFor: (attributes) => `已按 ${attributes} 调整`,
  unmatched: (candidate, baseline) => `只在一侧出现的分组：候选的 ${candidate}，基线的 ${baseline}`,
  rulesDiffer: '基线由另一套规则判定，只比较总量',
  noSuccess: '候选中没有任何登录成功：要么全面故障，要么日志不再记录成功',

  checks: '检查',
  figures: '指标',
  columns: {
    check: '检查',
    metric: '指标',
    baseline: '基线',
    candidate: '候选',
    change: '变化',
    bounds: '界限',
    limit: '阈值',
    group: '分组',
  },
  per: { rule: '逐条规则', stage: '逐个阶段' },
  moreRows: (count) => `另有 ${count} 项`,
  unadjusted: '未调整',

  why: '为何未定',
  reason: {
    beyond: '超出阈值',
    within: '在阈值之内',
    between: '阈值落在界限之间',
    'few-flows': '在阈值之内，但登录次数太少，不能算通过',
    'not-significant': '超出阈值，但比较项很多，仍可能是偶然',
    'no-candidate-flows': '候选中没有可度量的数据',
    'no-baseline-flows': '基线中没有可比较的数据',
    'rules-differ': '基线由另一套规则判定',
    'strata-unmatched': '太多登录属于基线没有的分组',
  },
  minimum: (flows) => `至少需要 ${flows} 次`,
  needed: (candidate) => `候选约有 ${candidate} 次登录即可判定`,
  neededBoth: (candidate, baseline) =>
    `候选约有 ${candidate} 次、基线约有 ${baseline} 次登录即可判定`,
  onTheLimit: '数值恰在阈值上，再多的登录也难以判定',

  moved: '变化',
  nothingMoved: '各原因的变化均在偶然范围内',
  trend: { new: '新增', vanished: '消失', up: '上升', down: '下降', same: '' },
  uncertain: '可能是偶然',
  fromTo: (baseline, candidate) => `原 ${baseline}，现 ${candidate}`,
  of: (events, trials) => `${trials} 中 ${events}`,
  groups: '分布',
  unlike: (p) => `各组变化不一（Woolf p ${p}）：调整后的变化是它们的平均`,
  truncated: '此处截断，其余见 JSON 输出',

  detects: '可分辨的上升',
  detectsRise: (rise, flows) => `上升 ${rise}：候选约需 ${flows} 次登录`,
  detectsNot: (rise) => `上升 ${rise}：基线太小，无论候选多少都无法分辨`,
  strata: '分层',
  groupCount: (count) => `${count} 组`,
  windowsTitle: '时间窗',
  rules: '规则',
};

export const GATE_WORDINGS: Readonly<Record<Language, GateWording>> = { en: ENGLISH, zh: CHINESE };
