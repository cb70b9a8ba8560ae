import { type Failure, type Tongue, wechatAnswer } from '../trouble.ts';
import { WECHAT_HOST } from './places.ts';

function exception(type: string, message: string, inner?: string): Failure {
  const stack = [
    `${type}: ${message}${inner === undefined ? '' : `\n ---> ${inner}\n   --- End of inner exception stack trace ---`}`,
    '   at Clinic.Auth.WeChatClient.SendAsync(HttpRequestMessage request) in /src/Auth/WeChatClient.cs:line 74',
    '   at Clinic.Auth.WeChatController.Callback(String code, String state) in /src/Auth/WeChatController.cs:line 58',
  ].join('\n');
  return { type, message, stack };
}

export const dotnet: Tongue = {
  wechat: ({ errcode }, at) => {
    const answer = wechatAnswer(errcode, at);
    const { errmsg } = answer;
    return {
      ...exception(
        'Senparc.Weixin.Exceptions.ErrorJsonResultException',
        `微信请求发生错误！错误代码：${errcode}，说明：${errmsg}`,
      ),
      code: errcode,
      answer,
    };
  },
  timeout: () =>
    exception(
      'System.Threading.Tasks.TaskCanceledException',
      'The request was canceled due to the configured HttpClient.Timeout of 5 seconds elapsing.',
      'System.TimeoutException: The operation was canceled.',
    ),
  refused: () =>
    exception(
      'System.Net.Http.HttpRequestException',
      `Connection refused (${WECHAT_HOST}:443)`,
      'System.Net.Sockets.SocketException (111): Connection refused',
    ),
  reset: (_, { rng }) =>
    rng.chance(0.5)
      ? exception(
          'System.Net.Http.HttpRequestException',
          'An error occurred while sending the request.',
          'System.IO.IOException: Unable to read data from the transport connection: Connection reset by peer.',
        )
      : exception(
          'System.Net.Http.HttpIOException',
          'The response ended prematurely. (ResponseEnded)',
        ),
  dns: (_, { rng }) =>
    exception(
      'System.Net.Http.HttpRequestException',
      `${rng.pick(['Name or service not known', 'Resource temporarily unavailable'])} (${WECHAT_HOST}:443)`,
      'System.Net.Sockets.SocketException (00000001, 11): Name or service not known',
    ),
  tls: () =>
    exception(
      'System.Net.Http.HttpRequestException',
      'The SSL connection could not be established, see inner exception.',
      'System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: PartialChain',
    ),
  breaker: () =>
    exception(
      'Polly.CircuitBreaker.BrokenCircuitException',
      'The circuit is now open and is not allowing calls.',
    ),
  db_pool: () =>
    exception(
      'System.InvalidOperationException',
      'Timeout expired.  The timeout period elapsed prior to obtaining a connection from the pool.  This may have occurred because all pooled connections were in use and max pool size was reached.',
    ),
  db_deadlock: (_, { rng }) =>
    exception(
      'Microsoft.Data.SqlClient.SqlException',
      `Transaction (Process ID ${rng.whole(51, 190)}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.`,
    ),
  db_lock: () =>
    exception('Microsoft.Data.SqlClient.SqlException', 'Lock request time out period exceeded.'),
  redis_down: () =>
    exception(
      'StackExchange.Redis.RedisConnectionException',
      'No connection is active/available to service this operation: GETDEL login:state; UnableToConnect on redis-clinic:6379/Interactive',
    ),
  limited: () =>
    exception('Clinic.Auth.RateLimitRejectedException', 'Rate limit lease was not acquired (429)'),
  odd: (_, { rng }) =>
    rng.chance(0.5)
      ? exception(
          'System.NullReferenceException',
          'Object reference not set to an instance of an object.',
        )
      : exception(
          'System.InvalidCastException',
          "Unable to cast object of type 'System.String' to type 'System.Guid'.",
        ),
};
