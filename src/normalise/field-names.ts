import { FieldRole } from './field-role.ts';

/** What a name means, wherever it stands in its table. */
export interface Meaning {
  readonly role: FieldRole;
  /** Canonical field of the values, or the namespace of the ids. */
  readonly field: string | undefined;
  /** Between paths that say the same, the lowest rank is believed. */
  readonly rank: number;
}

/** Names are compared by their letters and digits alone: `qrcode_id`, `QrCodeID` and `qrcode.id` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

type Names = readonly [role: FieldRole, field: string | undefined, names: string, rank?: number];

/**
 * Names that say what they mean in any place, such as `ctx.login.qrcode_id` or
 * `req.headers.x-request-id`.
 */
const ANYWHERE: readonly Names[] = [
  [FieldRole.id, 'login.flow.id', 'login.flow.id flow_id login_attempt_id'],
  [
    FieldRole.id,
    'login.qrcode_id',
    `login.qrcode_id login.qr.id qr_code_id qr_id qr_code_key qr_key qr_code_uuid qr_uuid qr_code_token
     qr_token qr_code_hash qr_session_id scan_id scan_token scan_uuid login_uuid wechat_qr_code_id`,
  ],
  [
    FieldRole.id,
    'login.ticket',
    'login.ticket qr_ticket qr_code_ticket login_ticket wx_ticket wechat_ticket scan_ticket ticket_hash',
  ],
  [
    FieldRole.id,
    'login.scene',
    'login.scene scene_str scene_id scene_key scene_value scene_hash qr_scene login_scene event_key',
  ],
  [
    FieldRole.id,
    'login.state',
    'login.state oauth_state oauth2_state auth_state wx_state wechat_state state_token state_param state_hash callback_state',
  ],
  [
    FieldRole.id,
    'login.code',
    'login.code oauth_code oauth2_code auth_code wx_code wechat_code authorization_code code_hash',
  ],
  [
    FieldRole.traceId,
    'trace_id',
    `trace_id trace.trace_id trace.id otel_trace_id dd.trace_id traceparent x-b3-traceid b3.trace_id b3
     uber-trace-id x-amzn-trace-id x-cloud-trace-context logging.googleapis.com/trace
     eagleeye_trace_id skywalking_trace_id x-trace-id`,
  ],
  [FieldRole.value, 'sampling.threshold', 'sampling.threshold'],
  [
    FieldRole.value,
    'sampling.policy',
    'sampling.policy tailsampling.policy tailsampling.composite_policy',
  ],
  [FieldRole.value, 'sampler.type', 'sampler.type'],
  [
    FieldRole.value,
    'otel.dropped_attributes_count',
    'otel.dropped_attributes_count dropped_attributes_count',
  ],
  [FieldRole.value, 'otel.dropped_events_count', 'otel.dropped_events_count dropped_events_count'],
  [FieldRole.value, 'otel.dropped_links_count', 'otel.dropped_links_count dropped_links_count'],
  [
    FieldRole.requestId,
    'request_id',
    `request_id x-request-id req_id correlation_id x-correlation-id request_uuid aws_request_id
     http_request_id x-req-id`,
  ],
  [FieldRole.errcode, 'wechat.errcode', 'errcode wechat.errcode wechat_error_code wx_error_code'],
  [FieldRole.qrErrcode, 'wechat.qr_errcode', 'wx_errcode wechat.qr_errcode qr_errcode'],
  [FieldRole.text, 'wechat.errmsg', 'errmsg wechat.errmsg wx_errmsg'],
  [FieldRole.rid, 'wechat.rid', 'rid wechat.rid wx_rid'],
  [FieldRole.value, 'wechat.appid', 'appid wechat.appid wx_appid'],
  // A span's status is a level: set to OK or not at all it says nothing, neither success nor failure.
  [FieldRole.severity, undefined, 'otel.status_code', 3],
  [FieldRole.stage, 'login.stage', 'login.stage'],
  [FieldRole.outcome, 'login.outcome', 'login.outcome login.result'],
  [FieldRole.kind, 'login.kind', 'login.kind login.method login.type'],
  [
    FieldRole.status,
    'login.status',
    'login.status qr_status qr_code_status scan_status qr_state scan_state',
  ],
  [FieldRole.errorCode, 'error.code', 'error_code'],
  [FieldRole.value, 'error.type', 'error.type error.name error.class error.kind'],
  [FieldRole.text, 'error.message', 'error.message error.msg status.message'],
  [
    FieldRole.value,
    'exception.type',
    'exception.type exception.class exception.name exc_type thrown.name',
  ],
  [
    FieldRole.text,
    'exception.message',
    'exception.message thrown.message exc_value exception.value',
  ],
  [
    FieldRole.text,
    'exception.stacktrace',
    `exception.stacktrace exception.stack_trace error.stack error.stack_trace stack_trace
     error_verbose exc_info exc_text backtrace thrown.extended_stack_trace`,
  ],
  [
    FieldRole.value,
    'http.request.method',
    'http.request.method http.method request_method req.method',
  ],
  [
    FieldRole.status,
    'http.response.status_code',
    `http.response.status_code http.status_code http.status status_code response.status
     response.status_code response_code res.status res.status_code http_request.status
     err.status err.status_code error.status
     downstream_status`,
  ],
  [FieldRole.value, 'http.route', 'http.route route_path url_rule request_pattern'],
  [
    FieldRole.url,
    'url.path',
    `url.path url.full url.original http.url http.target http.path request_uri request_url request_path
     request.uri request.url request.path req.url req.path original_url http_request.request_url`,
  ],
  [FieldRole.query, 'url.query', 'url.query query_string raw_query'],
  [
    FieldRole.link,
    undefined,
    `redirect_url redirect_uri authorize_url authorization_url auth_url login_url qr_url qr_code_url
     callback_url qr_connect_url redirect_to`,
  ],
  [FieldRole.value, 'server.address', 'server.address net.peer.name http.host'],
  [FieldRole.value, 'server.port', 'server.port net.peer.port'],
  [
    FieldRole.value,
    'client.address',
    'client.address client_ip client_addr remote_addr remote_address remote_ip net.sock.peer.addr http.client_ip',
  ],
  [
    FieldRole.value,
    'user_agent.original',
    'user_agent.original user_agent http.user_agent http_user_agent',
  ],
  [FieldRole.value, 'db.system.name', 'db.system.name db.system'],
  [
    FieldRole.value,
    'db.response.status_code',
    'db.response.status_code sql_state err.sql_state pg_code err.sql_errno',
  ],
  [
    FieldRole.value,
    'rpc.grpc.status_code',
    'rpc.grpc.status_code grpc.code grpc.status grpc_status_code',
  ],
  [FieldRole.value, 'peer.service', 'peer.service service.peer.name'],
  [FieldRole.value, 'upstream.pod', 'upstream.pod upstream_pod_name'],
  [
    FieldRole.value,
    'upstream.address',
    'upstream.address upstream_addr upstream_host upstream_cluster',
  ],
  [FieldRole.value, 'response_flags', 'response_flags'],
  [
    FieldRole.value,
    'circuit_breaker.state',
    'circuit_breaker.state circuit_breaker circuit_state breaker_state breaker.state',
  ],
  [FieldRole.value, 'nodejs.eventloop.delay.max', 'nodejs.eventloop.delay.max'],
  [FieldRole.value, 'clock.offset_ms', 'clock.offset_ms clock_offset_ms clock_skew_ms'],
  [
    FieldRole.value,
    'duration_ms',
    'duration_ms elapsed_ms latency_ms cost_ms took_ms time_ms response_time',
  ],
  [
    FieldRole.value,
    'retry.attempt',
    'retry.attempt retry_count retry_attempt attempt_no http.request.resend_count',
  ],
  [FieldRole.value, 'service.name', 'service.name service_name app_name application_name'],
  [
    FieldRole.value,
    'service.version',
    'service.version service_version app_version application_version',
  ],
  [FieldRole.host, 'service.instance.id', 'service.instance.id instance_id'],
  [
    FieldRole.value,
    'deployment.environment.name',
    'deployment.environment.name deployment.environment service.environment',
  ],
  [FieldRole.host, 'k8s.pod.name', 'k8s.pod.name kubernetes.pod.name kubernetes.pod_name pod_name'],
  [
    FieldRole.value,
    'k8s.namespace.name',
    'k8s.namespace.name kubernetes.namespace kubernetes.namespace_name',
  ],
  [
    FieldRole.value,
    'k8s.container.name',
    'k8s.container.name kubernetes.container.name kubernetes.container_name container_name',
  ],
  [FieldRole.value, 'cloud.region', 'cloud.region'],
  [FieldRole.host, 'host.name', 'host.name hostname host_name'],
  [FieldRole.value, 'log.logger', 'log.logger logger_name source_context'],
  [FieldRole.value, 'thread.name', 'thread.name thread_name'],
  [FieldRole.value, 'span_id', 'span_id'],
  [FieldRole.value, 'span.name', 'span.name span_name'],
];

/**
 * Names that mean this only at the top of a record, or below something that merely holds the
 * caller's fields ({@link NEUTRAL}).
 */
const AT_TOP: readonly Names[] = [
  [FieldRole.time, undefined, 'time_unix_nano instant.epoch_second time_millis', 0],
  [FieldRole.time, undefined, 'timestamp timestamp.seconds timestamp_seconds', 1],
  [
    FieldRole.time,
    undefined,
    'time ts datetime datetime.date event_time log_time log_timestamp',
    2,
  ],
  [
    FieldRole.time,
    undefined,
    'time_iso8601 time_local start_time created __time__ __realtime_timestamp @t',
    3,
  ],
  [FieldRole.time, undefined, 'asctime date t t.$date', 4],
  // When a collector saw a record: less than what any record inside says of itself.
  [FieldRole.time, undefined, 'observed_time_unix_nano receive_timestamp', 500],
  [FieldRole.time, undefined, 'wrapper.time', 8],
  [FieldRole.timeNanos, undefined, 'timestamp.nanos timestamp_nanos instant.nano_of_second'],
  [FieldRole.timeZone, undefined, 'datetime.timezone timezone'],
  [FieldRole.severity, undefined, 'log.level severity_text severity level_name levelname', 0],
  [FieldRole.severity, undefined, 'level lvl loglevel', 1],
  [FieldRole.severity, undefined, 'level_value levelno l', 2],
  [FieldRole.severity, undefined, 'wrapper.severity', 8],
  [FieldRole.severityNumber, undefined, 'severity_number', 3],
  [FieldRole.weakId, 'login.qrcode_id', 'qrcode uuid'],
  [FieldRole.weakId, 'login.ticket', 'ticket'],
  [FieldRole.weakId, 'login.scene', 'scene'],
  [FieldRole.weakId, 'trace_id', 'trace tid trace_id operation_id tr'],
  [FieldRole.state, 'login.state', 'state'],
  [FieldRole.code, 'login.code', 'code'],
  [FieldRole.status, 'http.response.status_code', 'status'],
  [FieldRole.stage, 'login.stage', 'stage step phase login_step'],
  [
    FieldRole.event,
    'event.name',
    'event.name event_name event event_type evt event.action action operation op event_id',
  ],
  [
    FieldRole.text,
    'message',
    'message msg short_message body log text text_payload content m mt line log_message',
  ],
  [FieldRole.text, 'error.message', 'error err error_message err_message'],
  [FieldRole.text, 'exception.message', 'exception_message'],
  [FieldRole.text, 'exception.stacktrace', 'exception stack stacktrace full_message throwable x s'],
  [
    FieldRole.value,
    'error.type',
    'error_type err_type error_name error_class exception_class exception_type',
  ],
  [FieldRole.value, 'http.request.method', 'method verb'],
  [FieldRole.value, 'http.route', 'route endpoint'],
  [FieldRole.url, 'url.path', 'url uri path'],
  [FieldRole.query, 'url.query', 'query args'],
  [FieldRole.link, undefined, 'location redirect'],
  [FieldRole.text, 'message', 'request', 1],
  [FieldRole.value, 'client.address', 'ip client remote'],
  [FieldRole.value, 'retry.attempt', 'attempt retry retries'],
  [FieldRole.value, 'service.name', 'service app application'],
  [FieldRole.value, 'service.version', 'version release build'],
  [FieldRole.value, 'deployment.environment.name', 'env environment'],
  [FieldRole.host, 'k8s.pod.name', 'pod resource.labels.pod_name'],
  [FieldRole.host, 'host.name', 'host'],
  [FieldRole.host, undefined, 'pid process.pid'],
  [FieldRole.value, 'k8s.namespace.name', 'namespace'],
  [FieldRole.value, 'k8s.container.name', 'container'],
  [FieldRole.value, 'cloud.region', 'region'],
  [FieldRole.value, 'log.logger', 'logger channel target'],
  [FieldRole.value, 'thread.name', 'thread'],
  [FieldRole.value, 'duration_ms', 'duration'],
];

/** What holds the fields of the caller without giving them another meaning. */
export const NEUTRAL: ReadonlySet<string> = new Set(
  `context ctx contextmap fields extra extras labels attributes attrs attr mdc properties props data
   payload params param query body json jsonpayload record kv meta metadata tags log message msg req
   request resource resourceattributes logattributes spanattributes annotations custom details info
   args input form values bindings vars source login auth oauth oauth2 wechat weixin wx qr qrcode scan`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** A last segment that ends like this names prose about an answer or a mishap. */
export const PROSE_NAME: RegExp =
  /(?:error|errors|err|exception|reason|cause|message|msg|response|resp|reply|answer|body|detail|details|stack|stacktrace|result|description|desc|output|raw|content|text|failure|fault)$/;

function table(rows: readonly Names[], usualRank: number): ReadonlyMap<string, Meaning> {
  const meanings = new Map<string, Meaning>();
  for (const [role, field, names, rank = usualRank] of rows) {
    names.split(/\s+/).forEach((name, index) => {
      const plain = plainName(name);
      // Among names of one row the earlier are the more telling.
      if (!meanings.has(plain)) meanings.set(plain, { role, field, rank: rank + index / 100 });
    });
  }
  return meanings;
}

export const MEANING_ANYWHERE: ReadonlyMap<string, Meaning> = table(ANYWHERE, 0);
export const MEANING_AT_TOP: ReadonlyMap<string, Meaning> = table(AT_TOP, 1);

/** What a mapping file may name beside the fields of events. */
export const USER_TARGETS: ReadonlyMap<string, FieldRole> = new Map<string, FieldRole>([
  ['time', FieldRole.time],
  ['severity', FieldRole.severity],
]);
