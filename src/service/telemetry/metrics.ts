import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FlowOutcome, LoginKind } from '../login-flow/index.ts';
import type { PoolCounts } from '../store/index.ts';
import { type WechatCallReport, WechatError } from '../wechat/index.ts';
import { typeOf } from './error-facts.ts';
import type { Stage } from './event-table.ts';

const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const HUMAN_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600];

export interface FlowEnd {
  readonly kind: LoginKind;
  readonly outcome: FlowOutcome;
  readonly stage: Stage;
  /** From a small set: error types, never ids. */
  readonly reason: string;
  /** Undefined for a login that this instance knows nothing of but its failure. */
  readonly durationMs: number | undefined;
}

export interface HttpExchange {
  readonly method: string;
  /** The route's pattern, so that no id becomes a label. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

/** The service's figures for Prometheus; every label has few values. */
export interface Metrics {
  flowStarted(kind: LoginKind): void;
  flowEnded(end: FlowEnd): void;
  stageTook(stage: Stage, durationMs: number): void;
  wechatCalled(report: WechatCallReport): void;
  httpServed(exchange: HttpExchange): void;
  /** The text of `/metrics`. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export function createMetrics(poolCounts: () => PoolCounts): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const started = new Counter({
    name: 'wechat_login_flows_started_total',
    help: 'Logins begun',
    labelNames: ['kind'],
    registers,
  });
  const ended = new Counter({
    name: 'wechat_login_flows_total',
    help: 'Logins ended, by outcome',
    labelNames: ['kind', 'outcome', 'stage', 'reason'],
    registers,
  });
  const open = new Gauge({
    name: 'wechat_login_flows_open',
    help: 'Logins begun here less those ended here; the sum over all instances is what is open',
    labelNames: ['kind'],
    registers,
  });
  const flowSeconds = new Histogram({
    name: 'wechat_login_flow_duration_seconds',
    help: 'From the begin of a login to its end',
    labelNames: ['kind', 'outcome'],
    buckets: HUMAN_SECONDS,
    registers,
  });
  const stageSeconds = new Histogram({
    name: 'wechat_login_stage_duration_seconds',
    help: 'Time one stage took; scanned and confirmed are the person’s',
    labelNames: ['stage'],
    buckets: [...CALL_SECONDS, 20, 30, 60, 120],
    registers,
  });
  const apiErrors = new Counter({
    name: 'wechat_api_errors_total',
    help: 'Answers of WeChat with an errcode',
    labelNames: ['endpoint', 'errcode'],
    registers,
  });
  const serverSeconds = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'HTTP requests served',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: [...CALL_SECONDS, 30],
    registers,
  });
  const clientSeconds = new Histogram({
    name: 'http_client_request_duration_seconds',
    help: 'Calls of WeChat',
    labelNames: ['server_address', 'url_template', 'http_response_status_code', 'error_type'],
    buckets: CALL_SECONDS,
    registers,
  });
  new Counter({
    name: 'db_client_connection_timeouts_total',
    help: 'Waits for a database connection that ran out',
    registers,
    collect() {
      this.reset();
      this.inc(poolCounts().timeouts);
    },
  });
  new Gauge({
    name: 'db_client_connection_count',
    help: 'Database connections',
    labelNames: ['state'],
    registers,
    collect() {
      const { idle, used } = poolCounts();
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'used' }, used);
    },
  });
  new Gauge({
    name: 'db_client_connection_pending_requests',
    help: 'Requests that wait for a database connection',
    registers,
    collect() {
      this.set(poolCounts().pending);
    },
  });

  return {
    flowStarted(kind) {
      started.inc({ kind });
      open.inc({ kind });
    },
    flowEnded({ kind, outcome, stage, reason, durationMs }) {
      ended.inc({ kind, outcome, stage, reason });
      if (durationMs === undefined) return;
      open.dec({ kind });
      flowSeconds.observe({ kind, outcome }, durationMs / 1000);
    },
    stageTook(stage, durationMs) {
      stageSeconds.observe({ stage }, durationMs / 1000);
    },
    wechatCalled({ endpoint, serverAddress, durationMs, status, error }) {
      clientSeconds.observe(
        {
          server_address: serverAddress,
          url_template: endpoint,
          http_response_status_code: status ?? '',
          error_type: error === undefined ? '' : typeOf(error),
        },
        durationMs / 1000,
      );
      if (error instanceof WechatError) apiErrors.inc({ endpoint, errcode: error.errcode });
    },
    httpServed({ method, route, status, durationMs }) {
      serverSeconds.observe(
        {
          http_request_method: method,
          http_route: route,
          http_response_status_code: status,
        },
        durationMs / 1000,
      );
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
