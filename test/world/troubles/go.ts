import { type Failure, type Tongue, wechatAnswer } from '../trouble.ts';
import { callUrl, localSocket, WECHAT_HOST, wechatPeer } from './places.ts';

function error(type: string, message: string): Failure {
  const stack = [
    'example.com/portal/login.(*Handler).finish',
    '\t/build/login/handler.go:214',
    'github.com/gin-gonic/gin.(*Context).Next',
    '\t/go/pkg/mod/github.com/gin-gonic/gin@v1.10.0/context.go:185',
    'net/http.serverHandler.ServeHTTP',
    '\t/usr/local/go/src/net/http/server.go:3142',
  ].join('\n');
  return { type, message, stack };
}

export const go: Tongue = {
  wechat: ({ errcode }, at) => {
    const answer = wechatAnswer(errcode, at);
    const message = at.rng.pick([
      `errcode=${answer.errcode}, errmsg=${answer.errmsg}`,
      `wechat api error: errcode: ${answer.errcode}, errmsg: ${answer.errmsg}`,
      `{"errcode":${answer.errcode},"errmsg":"${answer.errmsg}"}`,
    ]);
    return { ...error('*wechat.APIError', message), code: errcode, answer };
  },
  ticket_empty: () => error('*errors.errorString', 'wechat qrcode create returned an empty ticket'),
  ticket_unknown: () => error('*errors.errorString', 'ticket not found'),
  timeout: ({ endpoint }, at) =>
    error(
      '*url.Error',
      `Get "${callUrl(endpoint, at)}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    ),
  refused: ({ endpoint }, at) =>
    error(
      '*url.Error',
      `Get "${callUrl(endpoint, at)}": dial tcp ${wechatPeer(at.rng)}: connect: connection refused`,
    ),
  reset: ({ endpoint }, at) =>
    error(
      '*url.Error',
      `Get "${callUrl(endpoint, at)}": ${at.rng.pick([
        `read tcp ${localSocket(at.rng)}->${wechatPeer(at.rng)}: read: connection reset by peer`,
        'unexpected EOF',
      ])}`,
    ),
  dns: ({ endpoint }, at) =>
    error(
      '*url.Error',
      `Get "${callUrl(endpoint, at)}": dial tcp: lookup ${WECHAT_HOST} on 10.96.0.10:53: ${at.rng.pick(
        [
          'no such host',
          'server misbehaving',
          'read udp 10.42.1.9:41234->10.96.0.10:53: i/o timeout',
        ],
      )}`,
    ),
  tls: ({ endpoint }, at) =>
    error(
      '*url.Error',
      `Get "${callUrl(endpoint, at)}": ${at.rng.pick([
        'tls: failed to verify certificate: x509: certificate signed by unknown authority',
        'net/http: TLS handshake timeout',
      ])}`,
    ),
  http_pool: () => error('*errors.errorString', 'no free connections available to host'),
  breaker: () => error('*errors.errorString', 'circuit breaker is open'),
  db_pool: (_, { rng }) =>
    rng.chance(0.5)
      ? error('*mysql.MySQLError', 'Error 1040 (08004): Too many connections')
      : error('*pgconn.PgError', 'FATAL: sorry, too many clients already (SQLSTATE 53300)'),
  db_deadlock: (_, { rng }) =>
    rng.chance(0.5)
      ? error(
          '*mysql.MySQLError',
          'Error 1213 (40001): Deadlock found when trying to get lock; try restarting transaction',
        )
      : error('*pgconn.PgError', 'ERROR: deadlock detected (SQLSTATE 40P01)'),
  db_lock: (_, { rng }) =>
    rng.chance(0.5)
      ? error(
          '*mysql.MySQLError',
          'Error 1205 (HY000): Lock wait timeout exceeded; try restarting transaction',
        )
      : error('*pgconn.PgError', 'ERROR: canceling statement due to lock timeout (SQLSTATE 55P03)'),
  db_down: (_, { rng }) =>
    error('*net.OpError', `dial tcp 10.0.3.${rng.whole(10, 14)}:3306: connect: connection refused`),
  redis_pool: () => error('*errors.errorString', 'redis: connection pool timeout'),
  redis_down: (_, { rng }) =>
    error('*net.OpError', `dial tcp 10.0.4.${rng.whole(10, 14)}:6379: connect: connection refused`),
  threads: () =>
    error(
      '*errors.errorString',
      'ants: too many goroutines blocked on submit or Nonblocking is set',
    ),
  limited: () => error('*errors.errorString', 'rate limit exceeded'),
  odd: (_, { rng }) =>
    error(
      'runtime.Error',
      rng.pick([
        'runtime error: index out of range [3] with length 3',
        'runtime error: invalid memory address or nil pointer dereference',
        'json: cannot unmarshal string into Go struct field Profile.sex of type int',
      ]),
    ),
};
