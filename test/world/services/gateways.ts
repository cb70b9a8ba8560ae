import { isoTime } from '../clock.ts';
import type { Entry, Logger } from '../entry.ts';
import type { Ids, RouteName, Telling, Upstream } from '../happening.ts';
import { writeJson } from '../json.ts';
import type { Service } from '../service.ts';
import type { Stack } from '../stack.ts';

type Access = Telling<'access'>;
type Routes = Stack['routes'];

/** Proxies print what their format says and nothing of the process that runs them. */
const bare: Logger = (entry) => writeJson(entry.fields ?? {});

/** Query parameters as the page and WeChat send them. */
const PARAMETERS: readonly (readonly [keyof Ids, string])[] = [
  ['login.qrcode_id', 'qrcode_id'],
  ['login.ticket', 'ticket'],
  ['login.scene', 'scene'],
  ['login.code', 'code'],
  ['login.state', 'state'],
];

function queryOf(telling: Access): string {
  const pairs = PARAMETERS.flatMap(([namespace, name]) => {
    const id = telling.request.query[namespace];
    return id === undefined ? [] : [`${name}=${encodeURIComponent(id)}`];
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function upstreamAddress(telling: Access): string {
  return `10.42.${telling.rng.below(4)}.${telling.rng.whole(10, 60)}:8080`;
}

function access(
  words: (telling: Access, route: Routes[RouteName]) => Entry['fields'],
  routes: Routes,
) {
  return (telling: Access): Entry => ({
    level: 'info',
    message: '',
    fields: words(telling, routes[telling.request.route]) ?? {},
  });
}

const NO_WORDS = { tongue: {}, logger: bare } as const;

/** nginx with `log_format … escape=json`; `request_uri` holds the query when asked to. */
export function nginx(
  name: string,
  routes: Routes,
  { logsQuery, traceName }: { logsQuery: boolean; traceName: 'trace_id' | undefined },
): Service {
  return {
    ...NO_WORDS,
    name,
    idNames: {},
    carries: {
      access: [
        ...(logsQuery ? PARAMETERS.map(([namespace]) => namespace) : []),
        ...(traceName ? (['trace_id'] as const) : []),
        'request_id',
      ],
    },
    words: {
      access: access((telling, route) => {
        const { status, durationMs, upstream } = telling.what;
        const seconds = (durationMs / 1000).toFixed(3);
        const tried = upstream !== 'none' && upstream !== 'limited';
        return {
          time: isoTime(telling.atMs, 0, '+08:00'),
          remote_addr: telling.person.address,
          request_method: route.method,
          ...(logsQuery ? { request_uri: route.path + queryOf(telling) } : { uri: route.path }),
          status,
          body_bytes_sent: telling.rng.whole(120, 900),
          request_time: Number(seconds),
          upstream_addr: tried ? upstreamAddress(telling) : '-',
          upstream_status: tried && upstream !== 'left' ? String(status) : '-',
          upstream_response_time: tried ? seconds : '-',
          http_user_agent: telling.person.userAgent,
          request_id: telling.request.requestId,
          ...(traceName ? { [traceName]: telling.request.traceId } : {}),
        };
      }, routes),
    },
  };
}

const ENVOY_FLAGS: Readonly<Record<Upstream, string>> = {
  answered: '-',
  silent: 'UT',
  refused: 'UF,URX',
  cut: 'UC',
  none: 'UH',
  limited: 'RL',
  left: 'DC',
};

/** Envoy's JSON access log in Istio's default format. */
export function envoy(name: string, routes: Routes): Service {
  return {
    ...NO_WORDS,
    name,
    idNames: {},
    carries: { access: [...PARAMETERS.map(([namespace]) => namespace), 'request_id'] },
    words: {
      access: access((telling, route) => {
        const { status, durationMs, upstream } = telling.what;
        return {
          start_time: isoTime(telling.atMs - durationMs, 3),
          method: route.method,
          path: route.path + queryOf(telling),
          protocol: 'HTTP/1.1',
          response_code: status,
          response_flags: ENVOY_FLAGS[upstream],
          response_code_details: upstream === 'answered' ? 'via_upstream' : null,
          bytes_received: 0,
          bytes_sent: telling.rng.whole(90, 700),
          duration: Math.round(durationMs),
          upstream_service_time: upstream === 'answered' ? String(Math.round(durationMs)) : null,
          x_forwarded_for: telling.person.address,
          user_agent: telling.person.userAgent,
          request_id: telling.request.requestId,
          authority: 'login.example.com',
          upstream_host: upstream === 'none' ? null : upstreamAddress(telling),
          upstream_cluster: `outbound|8080||${name.replace('gateway', 'auth')}.prod.svc.cluster.local`,
        };
      }, routes),
    },
  };
}

/** The load balancer of Google Cloud: `httpRequest`, and the trace under its project. */
export function cloudLoadBalancer(name: string, routes: Routes): Service {
  return {
    ...NO_WORDS,
    name,
    idNames: {},
    carries: { access: [...PARAMETERS.map(([namespace]) => namespace), 'trace_id'] },
    words: {
      access: access((telling, route) => {
        const { status, durationMs, upstream } = telling.what;
        return {
          severity: status >= 500 ? 'WARNING' : 'INFO',
          timestamp: isoTime(telling.atMs, 6),
          httpRequest: {
            requestMethod: route.method,
            requestUrl: `https://login.example.com${route.path}${queryOf(telling)}`,
            status,
            userAgent: telling.person.userAgent,
            remoteIp: telling.person.address,
            latency: `${(durationMs / 1000).toFixed(6)}s`,
          },
          jsonPayload: {
            statusDetails:
              upstream === 'answered' ? 'response_sent_by_backend' : 'failed_to_connect_to_backend',
          },
          'logging.googleapis.com/trace': `projects/metro-prod/traces/${telling.request.traceId}`,
        };
      }, routes),
    },
  };
}
