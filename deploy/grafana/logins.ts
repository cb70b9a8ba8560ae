import type { Dashboard, Query } from './panels.ts';

const JOB = 'job=~"$job"';
/** Password logins have no code to scan, and no part in the funnel. */
const SCAN = `${JOB}, kind!="password"`;

/** Share of logins that may fail. */
const OBJECTIVE = 0.005;

/** How many got so far in the time shown. A stage counts who entered it, whatever came of it. */
function step(legend: string, selector: string): Query {
  return { expr: `sum(increase(${selector}[$__range]))`, legend };
}

const stage = (name: string): string =>
  `wechat_login_stage_duration_seconds_count{${JOB}, stage="${name}"}`;

/** What a person responsible for logins looks at: how many fail, where, why, since when. */
export const LOGINS: Dashboard = {
  uid: 'scan-login-logins',
  title: 'Scan login · logins',
  about: 'How far logins come, how many fail, at which stage and for what reason.',
  rows: [
    {
      title: 'Funnel',
      panels: [
        {
          title: 'How far logins come',
          about:
            'Logins by QR code that reached each step in the time shown. Between code shown and scanned people leave; below that, losses are failures.',
          unit: 'short',
          as: 'steps',
          width: 12,
          height: 10,
          queries: [
            step('code shown', `wechat_login_flows_started_total{${SCAN}}`),
            step('scanned', stage('scanned')),
            step('confirmed', stage('confirmed')),
            step('code exchanged', stage('exchange')),
            step('user known', stage('userinfo')),
            step('user stored', stage('persist')),
            step('session', stage('session')),
            step('succeeded', `wechat_login_flows_total{${SCAN}, outcome="succeeded"}`),
          ],
        },
        {
          title: 'Failure rate',
          about:
            'Failed / (failed + succeeded) in the time shown; abandoned and open ones do not count.',
          unit: 'percentunit',
          as: 'number',
          width: 4,
          height: 5,
          limits: { warn: OBJECTIVE, bad: 4 * OBJECTIVE },
          queries: [
            {
              expr:
                `(sum(increase(wechat_login_flows_total{${SCAN}, outcome="failed"}[$__range])) or vector(0))` +
                ` / sum(increase(wechat_login_flows_total{${SCAN}, outcome=~"failed|succeeded"}[$__range]))`,
              legend: 'failed',
            },
          ],
        },
        {
          title: 'Open now',
          about: 'Logins begun and not ended on all instances.',
          unit: 'short',
          as: 'number',
          width: 4,
          height: 5,
          queries: [{ expr: `sum(wechat_login_flows_open{${SCAN}})`, legend: 'open' }],
        },
        {
          title: 'Login takes (median)',
          about: 'From the code shown to the session, the person’s time included.',
          unit: 's',
          as: 'number',
          width: 4,
          height: 5,
          queries: [
            {
              expr: `histogram_quantile(0.5, sum by (le) (increase(wechat_login_flow_duration_seconds_bucket{${SCAN}, outcome="succeeded"}[$__range])))`,
              legend: 'p50',
            },
          ],
        },
        {
          title: 'How fast the error budget burns',
          about:
            'Failure rate over 0.5 %: at 1 the budget of a month lasts a month. Alerts: 14.4 over 1 h, 6 over 6 h, 3 over 1 d, 1 over 3 d.',
          unit: 'short',
          as: 'steps',
          width: 12,
          height: 5,
          limits: { warn: 1, bad: 6 },
          queries: ['1h', '6h', '1d', '3d'].map((window) => ({
            expr: `max(job:wechat_login_failures:ratio${window}{${JOB}}) / ${OBJECTIVE}`,
            legend: window,
          })),
        },
        {
          title: 'Ended logins',
          about: 'Logins a second by outcome. Abandoned: never scanned, cancelled or refused.',
          unit: 'cps',
          as: 'bars',
          width: 12,
          queries: [
            {
              expr: `sum by (outcome) (rate(wechat_login_flows_total{${SCAN}}[$__rate_interval]))`,
              legend: '{{outcome}}',
            },
          ],
        },
        {
          title: 'Failure rate by kind of login',
          about: 'Failed / (failed + succeeded); wrong passwords count here, under password.',
          unit: 'percentunit',
          width: 12,
          queries: [
            {
              expr:
                `sum by (kind) (rate(wechat_login_flows_total{${JOB}, outcome="failed"}[$__rate_interval]))` +
                ` / sum by (kind) (rate(wechat_login_flows_total{${JOB}, outcome=~"failed|succeeded"}[$__rate_interval]))`,
              legend: '{{kind}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Stages: rate, errors, duration',
      panels: [
        {
          title: 'Rate by stage',
          about: 'Logins a second that enter each stage.',
          unit: 'cps',
          width: 8,
          queries: [
            {
              expr: `sum by (stage) (rate(wechat_login_stage_duration_seconds_count{${JOB}}[$__rate_interval]))`,
              legend: '{{stage}}',
            },
          ],
        },
        {
          title: 'Failures by stage',
          about: 'Logins a second that end at each stage because it failed.',
          unit: 'cps',
          as: 'bars',
          width: 8,
          queries: [
            {
              expr: `sum by (stage) (rate(wechat_login_flows_total{${SCAN}, outcome="failed"}[$__rate_interval]))`,
              legend: '{{stage}}',
            },
          ],
        },
        {
          title: 'Duration by stage (p95)',
          about:
            'Scanned and confirmed are the person’s time, all others the service’s and WeChat’s.',
          unit: 's',
          width: 8,
          queries: [
            {
              expr: `histogram_quantile(0.95, sum by (stage, le) (rate(wechat_login_stage_duration_seconds_bucket{${JOB}}[$__rate_interval])))`,
              legend: '{{stage}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Reasons',
      panels: [
        {
          title: 'Failures by reason',
          about:
            'As the service saw it: the type of the error. scanlens finds the cause behind it.',
          unit: 'cps',
          as: 'bars',
          width: 12,
          queries: [
            {
              expr: `topk(10, sum by (stage, reason) (rate(wechat_login_flows_total{${SCAN}, outcome="failed"}[$__rate_interval])))`,
              legend: '{{stage}} · {{reason}}',
            },
          ],
        },
        {
          title: 'Errcodes of WeChat',
          about: 'Answers with an errcode, those included that a retry mended.',
          unit: 'cps',
          as: 'bars',
          width: 12,
          queries: [
            {
              expr: `sum by (endpoint, errcode) (rate(wechat_api_errors_total{${JOB}}[$__rate_interval]))`,
              legend: '{{errcode}} {{endpoint}}',
            },
          ],
        },
      ],
    },
  ],
};
