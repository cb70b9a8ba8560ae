import type { Stage } from '../../../src/model/index.ts';
import { canSuffer } from '../stack.ts';
import type { Endpoint, Trouble } from '../trouble.ts';
import { arrive, callback } from '../website.ts';
import {
  breakAt,
  endpointOf,
  isOfficialAccount,
  isWebsite,
  type Plot,
  patienceMs,
  upTo,
} from './plot.ts';

interface Refusal {
  readonly class: string;
  readonly errcode: number;
  readonly weight: number;
  /** Where WeChat refuses, by kind of login; a kind without a stage never meets it. */
  readonly website?: Stage;
  readonly officialAccount?: Stage;
  readonly endpoint?: Endpoint;
}

const REFUSALS: readonly Refusal[] = [
  { class: 'code_invalid_40029', errcode: 40029, weight: 2.2, website: 'exchange' },
  { class: 'code_used_40163', errcode: 40163, weight: 1.4, website: 'exchange' },
  { class: 'code_expired_42003', errcode: 42003, weight: 1.5, website: 'exchange' },
  { class: 'secret_invalid_40125', errcode: 40125, weight: 1.3, website: 'exchange' },
  { class: 'api_minute_quota_45011', errcode: 45011, weight: 1.3, website: 'exchange' },
  {
    class: 'platform_busy_-1',
    errcode: -1,
    weight: 1.6,
    website: 'exchange',
    officialAccount: 'issued',
  },
  {
    class: 'appid_invalid_40013',
    errcode: 40013,
    weight: 1.3,
    website: 'exchange',
    officialAccount: 'issued',
  },
  {
    class: 'token_invalid_40001',
    errcode: 40001,
    weight: 1.4,
    website: 'userinfo',
    officialAccount: 'issued',
  },
  {
    class: 'token_expired_42001',
    errcode: 42001,
    weight: 1.3,
    website: 'userinfo',
    officialAccount: 'userinfo',
  },
  {
    class: 'openid_invalid_40003',
    errcode: 40003,
    weight: 1.2,
    website: 'userinfo',
    officialAccount: 'userinfo',
  },
  {
    class: 'scope_unauthorized_48001',
    errcode: 48001,
    weight: 1.5,
    website: 'userinfo',
    officialAccount: 'issued',
  },
  {
    class: 'ip_not_whitelisted_40164',
    errcode: 40164,
    weight: 1.3,
    officialAccount: 'issued',
    endpoint: '/cgi-bin/token',
  },
  {
    class: 'api_quota_45009',
    errcode: 45009,
    weight: 1.3,
    officialAccount: 'issued',
    endpoint: '/cgi-bin/token',
  },
  { class: 'qr_ticket_error', errcode: 40053, weight: 0.5, officialAccount: 'issued' },
];

function refused(refusal: Refusal): Plot {
  const stageFor = (kind: string): Stage | undefined =>
    kind === 'website' ? refusal.website : refusal.officialAccount;
  return {
    name: `wechat_${refusal.errcode}`,
    weight: refusal.weight,
    ending: {
      outcome: 'failed',
      stage: (refusal.website ?? refusal.officialAccount) as Stage,
      class: refusal.class,
    },
    fits: (_, kind) => stageFor(kind) !== undefined,
    play(scene) {
      const stage = stageFor(scene.kind) as Stage;
      const endpoint = refusal.endpoint ?? endpointOf(stage, scene.kind);
      upTo(scene, stage);
      scene.pass(70);
      breakAt(scene, stage, { kind: 'wechat', errcode: refusal.errcode, endpoint });
    },
  };
}

const CODE_USED: Trouble = {
  kind: 'wechat',
  errcode: 40163,
  endpoint: '/sns/oauth2/access_token',
};

/** The answer to the exchange is lost, the code is spent all the same, and the retry hears so. */
function lostAnswer(name: string, label: string, trouble: Trouble): Plot {
  return {
    name,
    weight: 0.6,
    ending: { outcome: 'failed', stage: 'exchange', class: label },
    fits: (stack, kind) => kind === 'website' && canSuffer(stack, 'exchange', trouble.kind),
    play(scene) {
      upTo(scene, 'exchange');
      scene.nowMs += patienceMs(scene, trouble);
      scene.tell({ kind: 'retried', stage: 'exchange', trouble });
      scene.pass(300, 0.2);
      breakAt(scene, 'exchange', CODE_USED);
    },
  };
}

const EXCHANGE = '/sns/oauth2/access_token';

export const wechatRefusals: readonly Plot[] = [
  ...REFUSALS.map(refused),
  lostAnswer('40163_after_timeout', 'upstream_timeout', { kind: 'timeout', endpoint: EXCHANGE }),
  lostAnswer('40163_after_reset', 'upstream_reset', { kind: 'reset', endpoint: EXCHANGE }),
  lostAnswer('40163_after_busy', 'platform_busy_-1', {
    kind: 'wechat',
    errcode: -1,
    endpoint: EXCHANGE,
  }),
  {
    // The service takes a refusal on the phone for a success and exchanges a code it never got.
    name: 'wechat_41008',
    weight: 1.3,
    ending: { outcome: 'failed', stage: 'exchange', class: 'code_missing_41008' },
    fits: isWebsite,
    play(scene) {
      upTo(scene, 'callback');
      scene.pass(260);
      scene.forget('login.code');
      arrive(scene);
      scene.tell({ kind: 'callback' });
      scene.pass(60);
      breakAt(scene, 'exchange', { kind: 'wechat', errcode: 41008, endpoint: EXCHANGE });
    },
  },
  {
    // A reload after a failure repeats the callback: the second error is an echo of the first.
    name: 'reload_after_failure',
    weight: 1,
    ending: { outcome: 'failed', stage: 'persist', class: 'db_unavailable' },
    fits: (stack, kind) => kind === 'website' && canSuffer(stack, 'persist', 'db_down'),
    play(scene) {
      upTo(scene, 'persist');
      breakAt(scene, 'persist', { kind: 'db_down' });
      scene.pass(4000);
      callback(scene);
      breakAt(scene, 'exchange', CODE_USED);
    },
  },
  {
    name: 'ticket_empty',
    weight: 1,
    ending: { outcome: 'failed', stage: 'issued', class: 'qr_ticket_error' },
    fits: (stack, kind) =>
      isOfficialAccount(stack, kind) && canSuffer(stack, 'issued', 'ticket_empty'),
    play(scene) {
      breakAt(scene, 'issued', { kind: 'ticket_empty', ticket: '' });
    },
  },
  {
    name: 'ticket_unknown',
    weight: 0.9,
    ending: { outcome: 'failed', stage: 'scanned', class: 'qr_ticket_error' },
    fits: (stack, kind) =>
      isOfficialAccount(stack, kind) && canSuffer(stack, 'scanned', 'ticket_unknown'),
    play(scene) {
      upTo(scene, 'userinfo');
      breakAt(scene, 'scanned', {
        kind: 'ticket_unknown',
        ticket: scene.ids['login.ticket'] as string,
      });
    },
  },
];
