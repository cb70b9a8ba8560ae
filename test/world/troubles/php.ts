import { type Failure, type Tongue, wechatAnswer } from '../trouble.ts';
import { callUrl, WECHAT_HOST } from './places.ts';

function exception(type: string, message: string, code: string | number = 0): Failure {
  const stack = [
    `${type}: ${message}`,
    '#0 /var/www/html/vendor/guzzlehttp/guzzle/src/Handler/CurlFactory.php:158',
    '#1 /var/www/html/app/Services/WechatLogin.php:118',
    '#2 /var/www/html/public/index.php:55',
  ].join('\n');
  return { type, message, stack, code };
}

const curl = (number: number, text: string, url: string): Failure =>
  exception(
    'GuzzleHttp\\Exception\\ConnectException',
    `cURL error ${number}: ${text} (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for ${url}`,
  );

export const php: Tongue = {
  wechat: ({ errcode }, at) => {
    const answer = wechatAnswer(errcode, at);
    const { errmsg } = answer;
    const failure = exception(
      'Overtrue\\Socialite\\Exceptions\\AuthorizeFailedException',
      at.rng.pick([
        `Authorize Failed: {"errcode":${errcode},"errmsg":"${errmsg}"}`,
        `Request fail: [${errcode}] ${errmsg}`,
      ]),
      errcode,
    );
    return { ...failure, answer };
  },
  ticket_empty: () => exception('RuntimeException', '获取二维码ticket失败: ticket 为空'),
  ticket_unknown: () => exception('RuntimeException', '未找到对应的二维码ticket'),
  timeout: ({ endpoint }, at) =>
    curl(
      28,
      `Operation timed out after ${at.rng.whole(5000, 5003)} milliseconds with 0 bytes received`,
      callUrl(endpoint, at),
    ),
  refused: ({ endpoint }, at) =>
    curl(
      7,
      `Failed to connect to ${WECHAT_HOST} port 443 after 3 ms: Connection refused`,
      callUrl(endpoint, at),
    ),
  reset: ({ endpoint }, at) =>
    at.rng.chance(0.5)
      ? curl(56, 'Recv failure: Connection reset by peer', callUrl(endpoint, at))
      : curl(52, 'Empty reply from server', callUrl(endpoint, at)),
  dns: ({ endpoint }, at) =>
    curl(6, `Could not resolve host: ${WECHAT_HOST}`, callUrl(endpoint, at)),
  tls: ({ endpoint }, at) =>
    at.rng.chance(0.5)
      ? curl(
          60,
          'SSL certificate problem: unable to get local issuer certificate',
          callUrl(endpoint, at),
        )
      : curl(
          35,
          'error:0A000410:SSL routines::sslv3 alert handshake failure',
          callUrl(endpoint, at),
        ),
  db_pool: () => exception('PDOException', 'SQLSTATE[HY000] [1040] Too many connections', 1040),
  db_deadlock: () =>
    exception(
      'Illuminate\\Database\\QueryException',
      'SQLSTATE[40001]: Serialization failure: 1213 Deadlock found when trying to get lock; try restarting transaction (Connection: mysql, SQL: update `users` set `last_login` = ?)',
      '40001',
    ),
  db_lock: () =>
    exception(
      'Illuminate\\Database\\QueryException',
      'SQLSTATE[HY000]: General error: 1205 Lock wait timeout exceeded; try restarting transaction (Connection: mysql, SQL: update `users` set `last_login` = ?)',
      'HY000',
    ),
  db_down: (_, { rng }) =>
    exception(
      'PDOException',
      rng.pick([
        'SQLSTATE[HY000] [2002] Connection refused',
        'SQLSTATE[HY000]: General error: 2006 MySQL server has gone away',
      ]),
      2002,
    ),
  redis_down: () => exception('RedisException', 'Connection refused [tcp://redis-login:6379]'),
  limited: () =>
    exception('Illuminate\\Http\\Exceptions\\ThrottleRequestsException', 'Too Many Attempts.'),
  odd: (_, { rng }) =>
    rng.chance(0.5)
      ? exception('ErrorException', 'Undefined array key "tenant"')
      : exception(
          'TypeError',
          'App\\Models\\User::bindForum(): Argument #1 ($id) must be of type int, null given',
        ),
};
