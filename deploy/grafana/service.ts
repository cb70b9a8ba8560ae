import type { Dashboard, Query } from './panels.ts';

const JOB = 'job=~"$job"';

const quantile = (share: number, histogram: string, by: string, labels = JOB): Query => ({
  expr: `histogram_quantile(${share}, sum by (${by}, le) (rate(${histogram}_bucket{${labels}}[$__rate_interval])))`,
  legend: `{{${by}}}`,
});

/** What a person responsible for the service looks at: its requests, and what it could run out of. */
export const SERVICE: Dashboard = {
  uid: 'scan-login-service',
  title: 'Scan login · service',
  about: 'Requests by route; use, saturation and errors of pool, event loop, process and WeChat.',
  rows: [
    {
      title: 'Requests: rate, errors, duration',
      panels: [
        {
          title: 'Requests by route',
          about: 'Requests a second.',
          unit: 'reqps',
          width: 8,
          queries: [
            {
              expr: `sum by (http_route) (rate(http_server_request_duration_seconds_count{${JOB}}[$__rate_interval]))`,
              legend: '{{http_route}}',
            },
          ],
        },
        {
          title: 'Server errors by route',
          about: 'Share of requests answered with 5xx.',
          unit: 'percentunit',
          width: 8,
          queries: [
            {
              expr:
                `sum by (http_route) (rate(http_server_request_duration_seconds_count{${JOB}, http_response_status_code=~"5.."}[$__rate_interval]))` +
                ` / sum by (http_route) (rate(http_server_request_duration_seconds_count{${JOB}}[$__rate_interval]))`,
              legend: '{{http_route}}',
            },
          ],
        },
        {
          title: 'Duration by route (p95)',
          about: 'Long polls, streams and sockets last as long as they are held.',
          unit: 's',
          width: 8,
          queries: [
            quantile(
              0.95,
              'http_server_request_duration_seconds',
              'http_route',
              `${JOB}, http_route!~".*/status/.+"`,
            ),
          ],
        },
      ],
    },
    {
      title: 'Database pool: use, saturation, errors',
      panels: [
        {
          title: 'Connections',
          about: 'Used and idle connections of all instances.',
          unit: 'short',
          as: 'bars',
          width: 8,
          queries: [
            {
              expr: `sum by (state) (db_client_connection_count{${JOB}})`,
              legend: '{{state}}',
            },
          ],
        },
        {
          title: 'Requests that wait for a connection',
          about: 'Above zero the pool is the bottleneck.',
          unit: 'short',
          width: 8,
          queries: [
            {
              expr: `sum by (instance) (db_client_connection_pending_requests{${JOB}})`,
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'Waits in vain',
          about: 'Logins a second that failed for want of a connection.',
          unit: 'cps',
          width: 8,
          queries: [
            {
              expr: `sum by (instance) (rate(db_client_connection_timeouts_total{${JOB}}[$__rate_interval]))`,
              legend: '{{instance}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Event loop and process: use, saturation',
      panels: [
        {
          title: 'Event loop lag (p99)',
          about:
            'What keeps the thread keeps every request. Beyond a second the service answers 503.',
          unit: 's',
          width: 8,
          limits: { warn: 0.1, bad: 0.5 },
          queries: [
            {
              expr: `max by (instance) (nodejs_eventloop_lag_p99_seconds{${JOB}})`,
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'CPU',
          about: 'Cores in use; the event loop can use one.',
          unit: 'short',
          width: 8,
          queries: [
            {
              expr: `sum by (instance) (rate(process_cpu_seconds_total{${JOB}}[$__rate_interval]))`,
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'Memory',
          about: 'Resident memory, and the part of it that is JavaScript’s heap.',
          unit: 'bytes',
          width: 8,
          queries: [
            {
              expr: `max by (instance) (process_resident_memory_bytes{${JOB}})`,
              legend: '{{instance}} resident',
            },
            {
              expr: `max by (instance) (nodejs_heap_size_used_bytes{${JOB}})`,
              legend: '{{instance}} heap',
            },
          ],
        },
      ],
    },
    {
      title: 'WeChat: rate, errors, duration',
      panels: [
        {
          title: 'Calls',
          about: 'Calls a second by endpoint.',
          unit: 'reqps',
          width: 8,
          queries: [
            {
              expr: `sum by (url_template) (rate(http_client_request_duration_seconds_count{${JOB}}[$__rate_interval]))`,
              legend: '{{url_template}}',
            },
          ],
        },
        {
          title: 'Calls that failed',
          about: 'No answer, an unreadable one, or one with an errcode.',
          unit: 'cps',
          as: 'bars',
          width: 8,
          queries: [
            {
              expr: `sum by (url_template, error_type) (rate(http_client_request_duration_seconds_count{${JOB}, error_type!=""}[$__rate_interval]))`,
              legend: '{{url_template}} · {{error_type}}',
            },
          ],
        },
        {
          title: 'Duration (p95)',
          about: 'Of calls answered or not; those that ran out of time lie at the timeout.',
          unit: 's',
          width: 8,
          queries: [quantile(0.95, 'http_client_request_duration_seconds', 'url_template')],
        },
      ],
    },
  ],
};
