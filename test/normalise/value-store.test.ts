import { expect, test } from 'vitest';
import { compileStageRules } from '../../src/normalise/stage-rules.ts';
import { ValueStore } from '../../src/normalise/value-store.ts';
import { builtIn } from './read-events.ts';

const store = new ValueStore({
  library: undefined,
  stageRules: compileStageRules(builtIn).index,
  keep: [],
  inFull: new Set(),
});
const message = store.field('message', true);

test('texts of which the same follows share one value', () => {
  const one = store.ofText(message, 'cache warmed for u_1Bs7g5ZXRzcQ');
  expect(store.ofText(message, 'cache warmed for u_QMfKdrK4xoYG')).toBe(one);
  expect(store.ofText(message, 'login success')).not.toBe(one);
});

test('texts with ids, and long ones, share none', () => {
  const ids = ['q-5f3a9c21', 'q-6f3a9c22'].map((id) => `qr code created qrcode_id=${id}`);
  const [a, b] = ids.map((text) => store.ofText(message, text));
  expect(a.ids).not.toEqual(b.ids);
  expect(a.effectHigh).toBe(b.effectHigh);
  const long = ['x', 'y'].map((letter) => store.ofText(message, `${letter} `.repeat(2000)));
  expect(long[0]).not.toBe(long[1]);
});
