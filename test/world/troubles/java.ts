import { type Failure, type Tongue, wechatAnswer } from '../trouble.ts';
import { WECHAT_HOST } from './places.ts';

function exception(
  type: string,
  message: string,
  frames: readonly string[],
  cause?: string,
): Failure {
  const stack = [
    `${type}: ${message}`,
    ...frames.map((frame) => `\tat ${frame}`),
    '\tat com.example.auth.wx.WxLoginService.callback(WxLoginService.java:132)',
    '\tat java.base/java.lang.Thread.run(Thread.java:840)',
    ...(cause === undefined ? [] : [`Caused by: ${cause}`, '\t... 58 common frames omitted']),
  ].join('\n');
  const root = cause?.slice(cause.indexOf(': ') + 2);
  return root === undefined ? { type, message, stack } : { type, message, stack, root };
}

const HTTP_CLIENT = [
  'org.apache.http.impl.conn.PoolingHttpClientConnectionManager.connect(PoolingHttpClientConnectionManager.java:376)',
  'org.apache.http.impl.execchain.MainClientExec.execute(MainClientExec.java:236)',
] as const;
const JDBC = [
  'org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator.doTranslate(SQLErrorCodeSQLExceptionTranslator.java:267)',
  'com.example.user.UserMapper.upsert(UserMapper.java:41)',
] as const;

export const java: Tongue = {
  wechat: ({ errcode }, at) => {
    const answer = wechatAnswer(errcode, at);
    const { errmsg } = answer;
    const raw = `{"errcode":${errcode},"errmsg":"${errmsg}"}`;
    return {
      ...exception(
        'me.chanjar.weixin.common.error.WxErrorException',
        at.rng.pick([
          `错误代码：${errcode}, 错误信息：${errmsg}，微信原始报文：${raw}`,
          `错误代码:${errcode}, 错误信息:${errmsg}`,
          raw,
        ]),
        [
          'me.chanjar.weixin.mp.api.impl.BaseWxMpServiceImpl.executeInternal(BaseWxMpServiceImpl.java:481)',
        ],
      ),
      code: errcode,
      answer,
    };
  },
  ticket_empty: () =>
    exception('com.example.auth.wx.QrCodeException', '创建二维码失败, ticket为空', [
      'com.example.auth.wx.QrCodeClient.create(QrCodeClient.java:64)',
    ]),
  ticket_unknown: () =>
    exception('com.example.auth.wx.QrCodeException', 'ticket不存在或已失效', [
      'com.example.auth.wx.QrCodeClient.resolve(QrCodeClient.java:92)',
    ]),
  timeout: (_, { rng }) =>
    rng.chance(0.5)
      ? exception('java.net.SocketTimeoutException', 'Read timed out', HTTP_CLIENT)
      : exception(
          'org.apache.http.conn.ConnectTimeoutException',
          `Connect to ${WECHAT_HOST}:443 [${WECHAT_HOST}/203.0.113.14] failed: connect timed out`,
          HTTP_CLIENT,
          'java.net.SocketTimeoutException: connect timed out',
        ),
  refused: () =>
    exception(
      'org.apache.http.conn.HttpHostConnectException',
      `Connect to ${WECHAT_HOST}:443 [${WECHAT_HOST}/203.0.113.31] failed: Connection refused`,
      HTTP_CLIENT,
      'java.net.ConnectException: Connection refused',
    ),
  reset: (_, { rng }) =>
    rng.chance(0.6)
      ? exception('java.net.SocketException', 'Connection reset', HTTP_CLIENT)
      : exception(
          'org.apache.http.NoHttpResponseException',
          `${WECHAT_HOST}:443 failed to respond`,
          HTTP_CLIENT,
        ),
  dns: (_, { rng }) =>
    exception(
      'java.net.UnknownHostException',
      rng.pick([
        `${WECHAT_HOST}: Temporary failure in name resolution`,
        `${WECHAT_HOST}: Name or service not known`,
      ]),
      HTTP_CLIENT,
    ),
  tls: (_, { rng }) =>
    rng.chance(0.6)
      ? exception(
          'javax.net.ssl.SSLHandshakeException',
          'PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
          HTTP_CLIENT,
        )
      : exception(
          'javax.net.ssl.SSLHandshakeException',
          'Received fatal alert: handshake_failure',
          HTTP_CLIENT,
        ),
  http_pool: () =>
    exception(
      'org.apache.http.conn.ConnectionPoolTimeoutException',
      'Timeout waiting for connection from pool',
      HTTP_CLIENT,
    ),
  breaker: () =>
    exception(
      'io.github.resilience4j.circuitbreaker.CallNotPermittedException',
      "CircuitBreaker 'wechatApi' is OPEN and does not permit further calls",
      [
        'io.github.resilience4j.circuitbreaker.CircuitBreaker.executeSupplier(CircuitBreaker.java:714)',
      ],
    ),
  db_pool: (_, { rng }) =>
    exception(
      'org.springframework.jdbc.CannotGetJdbcConnectionException',
      'Failed to obtain JDBC Connection',
      JDBC,
      `java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after ${rng.whole(30000, 30012)}ms (total=20, active=20, idle=0, waiting=${rng.whole(3, 60)})`,
    ),
  db_deadlock: () =>
    exception(
      'org.springframework.dao.DeadlockLoserDataAccessException',
      'PreparedStatementCallback; Deadlock found when trying to get lock; try restarting transaction; nested exception is com.mysql.cj.jdbc.exceptions.MySQLTransactionRollbackException: Deadlock found when trying to get lock; try restarting transaction',
      JDBC,
      'com.mysql.cj.jdbc.exceptions.MySQLTransactionRollbackException: Deadlock found when trying to get lock; try restarting transaction',
    ),
  db_lock: () =>
    exception(
      'org.springframework.dao.CannotAcquireLockException',
      'could not execute statement; Lock wait timeout exceeded; try restarting transaction',
      JDBC,
      'java.sql.SQLException: Lock wait timeout exceeded; try restarting transaction',
    ),
  db_down: () =>
    exception(
      'org.springframework.dao.DataAccessResourceFailureException',
      'Unable to acquire JDBC Connection',
      JDBC,
      'com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure',
    ),
  redis_pool: () =>
    exception(
      'redis.clients.jedis.exceptions.JedisException',
      'Could not get a resource from the pool',
      ['redis.clients.jedis.util.Pool.getResource(Pool.java:84)'],
      'java.util.NoSuchElementException: Timeout waiting for idle object',
    ),
  redis_down: () =>
    exception(
      'org.springframework.data.redis.RedisConnectionFailureException',
      'Unable to connect to Redis',
      [
        'org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory.getConnection(LettuceConnectionFactory.java:1689)',
      ],
      'io.lettuce.core.RedisConnectionException: Unable to connect to redis-login:6379',
    ),
  threads: (_, { rng }) =>
    exception(
      'java.util.concurrent.RejectedExecutionException',
      `Task com.example.auth.wx.LoginTask@${rng.hex(8)} rejected from java.util.concurrent.ThreadPoolExecutor@${rng.hex(8)}[Running, pool size = 64, active threads = 64, queued tasks = 500, completed tasks = ${rng.whole(20000, 90000)}]`,
      [
        'java.base/java.util.concurrent.ThreadPoolExecutor$AbortPolicy.rejectedExecution(ThreadPoolExecutor.java:2081)',
      ],
    ),
  limited: () =>
    exception(
      'io.github.resilience4j.ratelimiter.RequestNotPermitted',
      "RateLimiter 'wxCallback' does not permit further calls",
      ['io.github.resilience4j.ratelimiter.RateLimiter.waitForPermission(RateLimiter.java:591)'],
    ),
  odd: (_, { rng }) =>
    rng.chance(0.5)
      ? exception(
          'java.lang.NullPointerException',
          'Cannot invoke "com.example.user.Profile.getTenantId()" because "profile" is null',
          ['com.example.user.TenantBinder.bind(TenantBinder.java:77)'],
        )
      : exception('java.lang.IllegalStateException', '会员等级配置为空, 无法初始化账户', [
          'com.example.user.MemberLevelService.init(MemberLevelService.java:53)',
        ]),
};
