import { Agent, request } from 'undici';
import { UnansweredCall, UnreadableAnswer, WechatError } from './wechat-error.ts';

/** An API by its path; a metric label and nothing else, so never a query. */
export type Endpoint =
  | '/sns/oauth2/access_token'
  | '/sns/oauth2/refresh_token'
  | '/sns/userinfo'
  | '/sns/auth'
  | '/cgi-bin/token'
  | '/cgi-bin/stable_token'
  | '/cgi-bin/qrcode/create'
  | '/cgi-bin/user/info';

export interface WechatCall {
  readonly endpoint: Endpoint;
  readonly query?: Readonly<Record<string, string>>;
  /** Makes it a POST of JSON. */
  readonly body?: unknown;
}

/** What became of one call, for metrics. */
export interface WechatCallReport {
  readonly endpoint: Endpoint;
  readonly serverAddress: string;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly error: unknown;
}

export interface WechatHttpOptions {
  readonly base: URL;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly onCall: (report: WechatCallReport) => void;
}

/** One host of WeChat's, with its own connections. */
export interface WechatHttp {
  /**
   * @returns the members of the JSON answer.
   * @throws {WechatError} for an answer with an errcode other than 0
   * @throws {UnreadableAnswer} for what is no JSON object
   * @throws {UnansweredCall} when no whole answer came in time
   */
  call(call: WechatCall): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/** More than any of the answers; a host that sends more is not WeChat. */
const MAX_ANSWER_BYTES = 256 * 1024;

export function createWechatHttp(options: WechatHttpOptions): WechatHttp {
  const { base, timeoutMs, connections, onCall } = options;
  const dispatcher = new Agent({
    connections,
    connect: { timeout: timeoutMs },
    maxResponseSize: MAX_ANSWER_BYTES,
    // Undici's own timers tick by the second; the signal below is exact.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    async call({ endpoint, query = {}, body }) {
      const url = new URL(endpoint, base);
      url.search = new URLSearchParams(query).toString();
      const started = performance.now();
      let status: number | undefined;
      const report = (error: unknown) =>
        onCall({
          endpoint,
          serverAddress: base.hostname,
          durationMs: performance.now() - started,
          status,
          error,
        });
      try {
        const response = await request(url, {
          dispatcher,
          signal: AbortSignal.timeout(timeoutMs),
          ...(body !== undefined && {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
        });
        status = response.statusCode;
        const answer = parseAnswer(
          await response.body.text(),
          status,
          String(response.headers['content-type'] ?? 'no type'),
        );
        report(undefined);
        return answer;
      } catch (cause) {
        const answered = cause instanceof WechatError || cause instanceof UnreadableAnswer;
        const error = answered ? cause : new UnansweredCall(base.host + endpoint, cause as Error);
        report(error);
        throw error;
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** WeChat labels its JSON `text/plain`, so the type decides nothing. */
function parseAnswer(
  text: string,
  status: number,
  contentType: string,
): Readonly<Record<string, unknown>> {
  const about = `${status} ${contentType.split(';')[0]}, ${text.length} characters`;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold a token.
    const what = text.startsWith('{')
      ? 'a JSON answer that breaks off'
      : 'an answer that is no JSON';
    throw new UnreadableAnswer(`${what}: ${about}`, status);
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new UnreadableAnswer(`a JSON answer that is no object: ${about}`, status);
  }
  const { errcode, errmsg } = answer as { errcode?: unknown; errmsg?: unknown };
  if (errcode !== undefined && errcode !== 0) {
    throw new WechatError(Number(errcode), String(errmsg ?? ''));
  }
  if (status !== 200) throw new UnreadableAnswer(`an unexpected status: ${about}`, status);
  return answer as Record<string, unknown>;
}
