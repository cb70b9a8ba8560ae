export * from './config/index.ts';
export { RISK_METHOD, type RiskQuestion } from './risk/risk-client.ts';
export * from './service.ts';
