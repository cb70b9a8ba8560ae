import { type Failure, type Tongue, wechatAnswer } from '../trouble.ts';
import { localSocket, WECHAT_HOST, wechatPeer } from './places.ts';

function error(type: string, message: string, code?: string | number): Failure {
  const stack = [
    `${type}: ${message}`,
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    '    at async exchangeCode (file:///app/dist/wechat/exchange.js:48:22)',
    '    at async callback (file:///app/dist/routes/callback.js:31:5)',
  ].join('\n');
  return code === undefined ? { type, message, stack } : { type, message, stack, code };
}

export const node: Tongue = {
  wechat: ({ errcode }, at) => {
    const answer = wechatAnswer(errcode, at);
    const { errmsg } = answer;
    return { ...error('WechatApiError', `${errmsg}, errcode: ${errcode}`, errcode), answer };
  },
  ticket_empty: () => error('Error', 'qrcode/create answered without a ticket'),
  ticket_unknown: () => error('Error', 'unknown ticket'),
  timeout: (_, { rng }) =>
    rng.pick([
      error('TimeoutError', 'The operation was aborted due to timeout', 'ETIMEDOUT'),
      error('HeadersTimeoutError', 'Headers Timeout Error', 'UND_ERR_HEADERS_TIMEOUT'),
      error('AxiosError', 'timeout of 5000ms exceeded', 'ECONNABORTED'),
    ]),
  refused: (_, { rng }) =>
    error('Error', `connect ECONNREFUSED ${wechatPeer(rng)}`, 'ECONNREFUSED'),
  reset: (_, { rng }) =>
    rng.pick([
      error('Error', 'socket hang up', 'ECONNRESET'),
      error('Error', 'read ECONNRESET', 'ECONNRESET'),
      error('SocketError', `other side closed ${localSocket(rng)}`, 'UND_ERR_SOCKET'),
    ]),
  dns: (_, { rng }) => {
    const code = rng.pick(['ENOTFOUND', 'EAI_AGAIN']);
    return error('Error', `getaddrinfo ${code} ${WECHAT_HOST}`, code);
  },
  tls: (_, { rng }) =>
    rng.pick([
      error('Error', 'unable to verify the first certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      error('Error', 'certificate has expired', 'CERT_HAS_EXPIRED'),
    ]),
  breaker: () => error('OpenCircuitError', 'Breaker is open', 'EOPENBREAKER'),
  db_pool: (_, { rng }) =>
    rng.pick([
      error('Error', 'timeout exceeded when trying to connect'),
      error(
        'KnexTimeoutError',
        'Knex: Timeout acquiring a connection. The pool is probably full. Are you missing a .transacting(trx) call?',
      ),
      error('error', 'sorry, too many clients already', '53300'),
    ]),
  db_deadlock: (_, { rng }) =>
    rng.chance(0.5)
      ? error('error', 'deadlock detected', '40P01')
      : error(
          'Error',
          'ER_LOCK_DEADLOCK: Deadlock found when trying to get lock; try restarting transaction',
          'ER_LOCK_DEADLOCK',
        ),
  db_lock: (_, { rng }) =>
    rng.chance(0.5)
      ? error('error', 'canceling statement due to lock timeout', '55P03')
      : error(
          'Error',
          'ER_LOCK_WAIT_TIMEOUT: Lock wait timeout exceeded; try restarting transaction',
          'ER_LOCK_WAIT_TIMEOUT',
        ),
  db_down: (_, { rng }) =>
    error('Error', `connect ECONNREFUSED 10.0.3.${rng.whole(10, 14)}:5432`, 'ECONNREFUSED'),
  redis_down: (_, { rng }) =>
    rng.pick([
      error('Error', `connect ECONNREFUSED 10.0.4.${rng.whole(10, 14)}:6379`, 'ECONNREFUSED'),
      error('ReplyError', "READONLY You can't write against a read only replica."),
      error(
        'MaxRetriesPerRequestError',
        'Reached the max retries per request limit (which is 20). Redis connection lost',
      ),
    ]),
  limited: () =>
    error('FastifyError', 'Rate limit exceeded, retry in 1 minute', 'FST_ERR_RATE_LIMIT'),
  odd: (_, { rng }) =>
    error(
      'TypeError',
      rng.pick([
        "Cannot read properties of undefined (reading 'tenantId')",
        'profile.tags.map is not a function',
        'Do not know how to serialize a BigInt',
      ]),
    ),
};
