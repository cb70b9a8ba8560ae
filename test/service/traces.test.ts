import { beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/analysis/index.ts';
import { analyse } from '../analysis/run.ts';
import { ANN, accountLogin, actAtWechat, BEN, browse, websiteLogin } from './walk.ts';
import { startWorld } from './world.ts';

/** What became of each login, whatever told of it. */
function verdictsOf(analysis: Analysis): string[] {
  return [...analysis.flows()]
    .map(({ flow, verdict }) => {
      const { outcome } = verdict;
      const why = 'cause' in outcome ? outcome.cause : 'reason' in outcome ? outcome.reason : '';
      return `${flow.id} ${flow.kind} ${outcome.kind} ${why ?? 'unclassified'}`;
    })
    .sort();
}

const utf8 = new TextEncoder();
const source = (name: string, text: string) => ({ name, chunks: [utf8.encode(text)] });

describe('the spans of the service', () => {
  let log: string;
  let traces: string;

  beforeAll(async () => {
    let spoilt: { path: string; answer: object } | undefined;
    const world = await startWorld({
      env: { WECHAT_RETRIES: '0' },
      async intercept(call, proceed) {
        const answer = await proceed();
        if (call.path !== spoilt?.path) return answer;
        return { status: 200, type: 'application/json', body: JSON.stringify(spoilt.answer) };
      },
    });
    await websiteLogin(world, ANN);
    await accountLogin(world, BEN);
    for (const [path, errcode] of [
      ['/sns/oauth2/access_token', 40029],
      ['/sns/oauth2/access_token', 40163],
      ['/sns/oauth2/access_token', 40125],
      ['/sns/userinfo', 42001],
      ['/sns/userinfo', 45011],
    ] as const) {
      spoilt = { path, answer: { errcode, errmsg: 'refused, rid: 6affc065-c005942b-99f06022' } };
      await websiteLogin(world, BEN);
    }
    spoilt = undefined;
    const browser = await browse(world);
    const code = await browser.show('website');
    await browser.get(await actAtWechat(world, code, ANN, 'deny'), { accept: 'text/html' });
    const forged = await browse(world);
    await forged.show('website');
    await forged.get('/callback?code=0123456789abcdef0123456789abcdef&state=forged-state-0123456', {
      accept: 'text/html',
    });
    ({ log, traces } = await world.output());
    await world.close();
  }, 60_000);

  test('tell of the same logins, ends and causes as its log', () => {
    const fromLog = verdictsOf(analyse([source('log', log)]));
    expect(verdictsOf(analyse([source('traces', traces)]))).toEqual(fromLog);
    const causes = fromLog.map((verdict) => verdict.split(' ')[3]);
    expect(new Set(causes).size).toBeGreaterThanOrEqual(6);
    expect(causes).not.toContain('unclassified');
  });

  test('beside the log make no login twice', () => {
    const fromLog = verdictsOf(analyse([source('log', log)]));
    const both = analyse([source('log', log), source('traces', traces)]);
    expect(verdictsOf(both)).toEqual(fromLog);
  });

  test('are known by what they are', () => {
    const { input } = analyse([source('traces', traces)]);
    expect(Object.keys(input.sources[0]!.forms)).toEqual([
      'otlp-json/span-events',
      'otlp-json/spans',
    ]);
    expect(input.schemas).toEqual({});
    expect(input.sources[0]!.rejected).toEqual({});
  });
});
