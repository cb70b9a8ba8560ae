import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FlowEvent,
  isRefusal,
  type LoginFlow,
  outcomeOf,
  type QrKind,
  transition,
} from '../../src/service/login-flow/index.ts';

const flowOf = (kind: QrKind, more: Partial<LoginFlow> = {}): LoginFlow => ({
  id: 'f-0000000000000000',
  kind,
  state: 'waiting',
  version: 1,
  createdAtMs: 0,
  expiresAtMs: 1000,
  pollSecretHash: 'p',
  browserKey: 'b',
  traceparent: '',
  device: '',
  address: '',
  ...more,
});

const claimByMs = 2000;
const scan: FlowEvent = { type: 'scan', openid: 'o1' };

type Step = readonly [event: FlowEvent, nowMs: number, expected: string];

/** Each row walks one flow; `!reason` is a refusal that leaves it where it is. */
const WALKS: readonly { name: string; kind: QrKind; steps: readonly Step[] }[] = [
  {
    name: 'the straight way',
    kind: 'official_account',
    steps: [
      [scan, 1, 'scanned'],
      [{ type: 'confirm', claimByMs }, 2, 'confirmed'],
      [{ type: 'complete' }, 3, 'completed'],
      [{ type: 'complete' }, 4, '!over'],
    ],
  },
  {
    name: 'no confirming before the scan',
    kind: 'official_account',
    steps: [
      [{ type: 'confirm', claimByMs }, 1, '!out_of_order'],
      [{ type: 'complete' }, 1, '!out_of_order'],
    ],
  },
  {
    name: 'the first scanner wins, and may scan again',
    kind: 'official_account',
    steps: [
      [scan, 1, 'scanned'],
      [{ type: 'scan', openid: 'o2' }, 2, '!taken'],
      [scan, 3, 'scanned'],
    ],
  },
  {
    name: 'cancelling ends an official-account flow',
    kind: 'official_account',
    steps: [
      [scan, 1, 'scanned'],
      [{ type: 'cancel' }, 2, 'cancelled'],
      [scan, 3, '!over'],
    ],
  },
  {
    name: 'the account flow knows no callback',
    kind: 'official_account',
    steps: [
      [{ type: 'return', claimByMs }, 1, '!out_of_order'],
      [{ type: 'deny' }, 1, '!out_of_order'],
    ],
  },
  {
    name: 'time runs out',
    kind: 'official_account',
    steps: [
      [{ type: 'expire' }, 999, '!early'],
      [scan, 1000, '!expired'],
      [{ type: 'expire' }, 1000, 'expired'],
      [{ type: 'fail' }, 1001, '!over'],
    ],
  },
  {
    name: 'confirming gives time for the session',
    kind: 'official_account',
    steps: [
      [scan, 1, 'scanned'],
      [{ type: 'confirm', claimByMs }, 999, 'confirmed'],
      [{ type: 'expire' }, 1500, '!early'],
      [{ type: 'expire' }, 2000, 'expired'],
    ],
  },
  {
    name: 'a callback needs no report before it',
    kind: 'website',
    steps: [
      [{ type: 'return', claimByMs }, 1, 'confirmed'],
      [{ type: 'complete' }, 5000, 'completed'],
    ],
  },
  {
    name: 'a cancelled website code is scanned again',
    kind: 'website',
    steps: [
      [{ type: 'scan' }, 1, 'scanned'],
      [{ type: 'cancel' }, 2, 'cancelled'],
      [{ type: 'scan' }, 3, 'scanned'],
      [{ type: 'confirm', claimByMs }, 4, 'confirmed'],
      [{ type: 'return', claimByMs }, 5, 'confirmed'],
    ],
  },
  {
    name: 'cancelled and left alone stays cancelled',
    kind: 'website',
    steps: [
      [{ type: 'cancel' }, 1, 'cancelled'],
      [{ type: 'expire' }, 1000, 'cancelled'],
      [{ type: 'scan' }, 1001, '!over'],
    ],
  },
  {
    name: 'refusing the scope ends it',
    kind: 'website',
    steps: [
      [{ type: 'deny' }, 1, 'cancelled'],
      [{ type: 'return', claimByMs }, 2, '!over'],
    ],
  },
];

describe('a walk through the states', () => {
  test.each(WALKS)('$name', ({ kind, steps }) => {
    let flow = flowOf(kind);
    for (const [event, nowMs, expected] of steps) {
      const next = transition(flow, event, nowMs);
      if (isRefusal(next)) expect(`!${next.refused}`).toBe(expected);
      else {
        expect(next.state).toBe(expected);
        flow = next;
      }
    }
  });
});

test.each([
  ['completed', {}, 'succeeded'],
  ['failed', {}, 'failed'],
  ['cancelled', { scannedAtMs: 1 }, 'abandoned'],
  ['expired', {}, 'abandoned'],
  ['expired', { scannedAtMs: 1 }, 'failed'],
  ['expired', { confirmedAtMs: 1 }, 'failed'],
] as const)('%s %j counts as %s', (state, more, outcome) => {
  expect(outcomeOf(flowOf('website', { state, ...more }))).toBe(outcome);
});

const anyEvent: fc.Arbitrary<FlowEvent> = fc.oneof(
  fc.constantFrom(
    ...(['cancel', 'deny', 'complete', 'fail', 'expire', 'supersede'] as const).map((type) => ({
      type,
    })),
  ),
  fc.record({ type: fc.constant('scan' as const), openid: fc.constantFrom('o1', 'o2') }),
  fc.record({
    type: fc.constantFrom('confirm' as const, 'return' as const),
    claimByMs: fc.integer({ min: 0, max: 3000 }),
  }),
);

test('whatever happens: versions count transitions, an end is final, nobody completes unconfirmed', () =>
  fc.assert(
    fc.property(
      fc.constantFrom<QrKind>('website', 'official_account'),
      fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 3000 }))),
      (kind, steps) => {
        let flow = flowOf(kind);
        for (const [event, nowMs] of steps) {
          const next = transition(flow, event, nowMs);
          if (isRefusal(next)) continue;
          expect(flow.endedAtMs).toBeUndefined();
          expect(next.version).toBe(next === flow ? flow.version : flow.version + 1);
          if (next.state === 'completed') expect(flow.state).toBe('confirmed');
          if (flow.openid !== undefined) expect(next.openid).toBe(flow.openid);
          flow = next;
        }
      },
    ),
  ));
