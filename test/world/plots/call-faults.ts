import type { Stage } from '../../../src/model/index.ts';
import { canSuffer, type LoginKind, type Stack } from '../stack.ts';
import type { Trouble, TroubleKind } from '../trouble.ts';
import { breakAt, endpointOf, type Plot, upTo } from './plot.ts';

interface CallFault {
  readonly kind: Exclude<TroubleKind, 'wechat' | 'ticket_empty' | 'ticket_unknown'>;
  readonly class: string | null;
  readonly weight: number;
  readonly website: readonly Stage[];
  readonly officialAccount: readonly Stage[];
}

const TO_WECHAT = {
  website: ['exchange', 'exchange', 'userinfo'],
  officialAccount: ['issued', 'userinfo'],
} as const;
const TO_DATABASE = { website: ['persist'], officialAccount: ['persist'] } as const;
const TO_REDIS = {
  website: ['callback', 'session', 'issued'],
  officialAccount: ['issued'],
} as const;

const CALL_FAULTS: readonly CallFault[] = [
  { kind: 'timeout', class: 'upstream_timeout', weight: 2.4, ...TO_WECHAT },
  { kind: 'refused', class: 'upstream_refused', weight: 1.4, ...TO_WECHAT },
  { kind: 'reset', class: 'upstream_reset', weight: 1.4, ...TO_WECHAT },
  { kind: 'dns', class: 'dns_failure', weight: 1.5, ...TO_WECHAT },
  { kind: 'tls', class: 'tls_failure', weight: 1.3, ...TO_WECHAT },
  { kind: 'http_pool', class: 'http_pool_exhausted', weight: 1.6, ...TO_WECHAT },
  { kind: 'breaker', class: 'circuit_open', weight: 1.7, ...TO_WECHAT },
  { kind: 'db_pool', class: 'db_pool_exhausted', weight: 1.8, ...TO_DATABASE },
  { kind: 'db_deadlock', class: 'db_deadlock', weight: 1.5, ...TO_DATABASE },
  { kind: 'db_lock', class: 'db_lock_timeout', weight: 1.3, ...TO_DATABASE },
  { kind: 'db_down', class: 'db_unavailable', weight: 0.8, ...TO_DATABASE },
  { kind: 'redis_pool', class: 'redis_pool_exhausted', weight: 1.6, ...TO_REDIS },
  { kind: 'redis_down', class: 'redis_unavailable', weight: 1.5, ...TO_REDIS },
  {
    kind: 'threads',
    class: 'thread_pool_exhausted',
    weight: 1.3,
    website: ['callback'],
    officialAccount: ['scanned'],
  },
  {
    kind: 'limited',
    class: 'rate_limited',
    weight: 1.3,
    website: ['callback'],
    officialAccount: ['issued'],
  },
  {
    kind: 'odd',
    class: null,
    weight: 1.6,
    website: ['persist', 'session'],
    officialAccount: ['persist'],
  },
];

function callFault(fault: CallFault): Plot {
  const stagesFor = (stack: Stack, kind: LoginKind): readonly Stage[] =>
    (kind === 'website' ? fault.website : fault.officialAccount).filter((stage) =>
      canSuffer(stack, stage, fault.kind),
    );
  return {
    name: fault.kind,
    weight: fault.weight,
    ending: { outcome: 'failed', stage: fault.website[0] as Stage, class: fault.class },
    fits: (stack, kind) => stagesFor(stack, kind).length > 0,
    play(scene) {
      const stage = scene.rng.pick(stagesFor(scene.stack, scene.kind));
      // At the callback and at the scan the request has come in before it goes wrong.
      if (stage === 'callback') upTo(scene, 'exchange');
      else if (stage === 'scanned') upTo(scene, 'userinfo');
      else upTo(scene, stage);
      breakAt(scene, stage, troubleAt(fault.kind, stage, scene.kind));
    },
  };
}

function troubleAt(kind: CallFault['kind'], stage: Stage, login: LoginKind): Trouble {
  switch (kind) {
    case 'timeout':
    case 'refused':
    case 'reset':
    case 'dns':
    case 'tls':
    case 'http_pool':
    case 'breaker':
      return { kind, endpoint: endpointOf(stage, login) };
    default:
      return { kind };
  }
}

/** Calls that fail on their way, and what the services lean on. */
export const callFaults: readonly Plot[] = CALL_FAULTS.map(callFault);
