export { flowRecord } from './flow-record.ts';
export { asksAllFlows, hitsAcrossFlows } from './hits-across-flows.ts';
export { createJudge, DEFAULT_FLOW_TIMEOUT_MS, type JudgeContext } from './judge.ts';
