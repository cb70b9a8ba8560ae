import { type Failure, type Tongue, wechatAnswer } from '../trouble.ts';
import { WECHAT_HOST, wechatPeer } from './places.ts';

function exception(type: string, message: string): Failure {
  const stack = [
    'Traceback (most recent call last):',
    '  File "/srv/campus/callback.py", line 96, in handle_callback',
    '    token = await client.fetch_access_token(code)',
    '  File "/srv/campus/wechat.py", line 41, in fetch_access_token',
    '    return await self._get(path, params)',
    `${type}: ${message}`,
  ].join('\n');
  return { type, message, stack };
}

export const python: Tongue = {
  wechat: ({ errcode }, at) => {
    const answer = wechatAnswer(errcode, at);
    const { errmsg } = answer;
    return {
      ...exception(
        'wechatpy.exceptions.WeChatClientException',
        `Error code: ${errcode}, message: ${errmsg}`,
      ),
      code: errcode,
      answer,
    };
  },
  timeout: (_, { rng }) =>
    rng.chance(0.5)
      ? exception('httpx.ReadTimeout', 'The read operation timed out')
      : exception(
          'requests.exceptions.ReadTimeout',
          `HTTPSConnectionPool(host='${WECHAT_HOST}', port=443): Read timed out. (read timeout=5)`,
        ),
  refused: (_, { rng }) =>
    rng.chance(0.5)
      ? exception('httpx.ConnectError', '[Errno 111] Connection refused')
      : exception(
          'aiohttp.client_exceptions.ClientConnectorError',
          `Cannot connect to host ${WECHAT_HOST}:443 ssl:default [Connect call failed ('${wechatPeer(rng).slice(0, -4)}', 443)]`,
        ),
  reset: (_, { rng }) =>
    rng.pick([
      exception('ConnectionResetError', '[Errno 104] Connection reset by peer'),
      exception(
        'requests.exceptions.ConnectionError',
        "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
      ),
    ]),
  dns: (_, { rng }) =>
    rng.chance(0.5)
      ? exception('httpx.ConnectError', '[Errno -3] Temporary failure in name resolution')
      : exception('socket.gaierror', '[Errno -2] Name or service not known'),
  tls: () =>
    exception(
      'ssl.SSLCertVerificationError',
      '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)',
    ),
  http_pool: () =>
    exception('httpx.PoolTimeout', 'timed out waiting for a connection from the pool'),
  breaker: () =>
    exception(
      'pybreaker.CircuitBreakerError',
      'Failures threshold reached, circuit breaker still open',
    ),
  db_pool: () =>
    exception(
      'sqlalchemy.exc.TimeoutError',
      'QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)',
    ),
  db_deadlock: (_, { rng }) =>
    exception(
      'sqlalchemy.exc.OperationalError',
      `(psycopg2.errors.DeadlockDetected) deadlock detected\nDETAIL:  Process ${rng.whole(900, 9000)} waits for ShareLock on transaction ${rng.whole(70000, 90000)}; blocked by process ${rng.whole(900, 9000)}.`,
    ),
  db_lock: () =>
    exception(
      'pymysql.err.OperationalError',
      "(1205, 'Lock wait timeout exceeded; try restarting transaction')",
    ),
  db_down: () =>
    exception(
      'sqlalchemy.exc.OperationalError',
      '(psycopg2.OperationalError) could not connect to server: Connection refused\n\tIs the server running on host "db-campus" (10.0.3.21) and accepting TCP/IP connections on port 5432?',
    ),
  redis_pool: (_, { rng }) =>
    exception(
      'redis.exceptions.ConnectionError',
      rng.pick(['Too many connections', 'No connection available.']),
    ),
  redis_down: () =>
    exception(
      'redis.exceptions.ConnectionError',
      'Error 111 connecting to redis-campus:6379. Connection refused.',
    ),
  limited: () => exception('slowapi.errors.RateLimitExceeded', '429: 10 per 1 minute'),
  odd: (_, { rng }) =>
    rng.pick([
      exception('KeyError', "'department_id'"),
      exception('ValueError', "invalid literal for int() with base 10: '2021级'"),
      exception('AssertionError', 'student record has two owners'),
    ]),
};
