import { expect, test } from 'vitest';
import { createVitals } from '../../src/service/telemetry/index.ts';
import { ANN, browse, websiteLogin } from './walk.ts';
import { startWorld } from './world.ts';

test('a clock that differs from the shared one is told, and its offset remembered', async () => {
  const differences: number[] = [];
  const vitals = createVitals({
    now: () => 700_000,
    sharedNow: async () => 100_000,
    onClockDiffers: (offsetMs) => differences.push(offsetMs),
  });
  await expect.poll(() => differences).toEqual([600_000]);
  expect(vitals.facts()).toMatchObject({ 'clock.offset_ms': 600_000 });
  vitals.close();
});

test('a loop that was blocked is remembered for a while', async () => {
  const vitals = createVitals({
    now: Date.now,
    sharedNow: async () => Date.now(),
    onClockDiffers: () => {},
  });
  const until = performance.now() + 1500;
  while (performance.now() < until);
  const { 'nodejs.eventloop.delay.max': seconds } = vitals.facts();
  expect(seconds).toBeGreaterThan(1);
  vitals.close();
});

test('a store that does not answer says nothing of the clock', async () => {
  const vitals = createVitals({
    now: () => 700_000,
    sharedNow: () => Promise.reject(new Error('gone')),
    onClockDiffers: () => expect.unreachable(),
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(vitals.facts()).not.toHaveProperty('clock.offset_ms');
  vitals.close();
});

test('failures carry what was wrong with the process; the end of the login does not', async () => {
  const world = await startWorld({ platform: { codeTtlMs: 0 } });
  try {
    await browse(world);
    const until = performance.now() + 1500;
    while (performance.now() < until);
    await websiteLogin(world, ANN);
    const log = await world.log();
    const named = (name: string) =>
      log.find((line) => line['event.name'] === `wechat.login.${name}`) as object;
    expect(named('token.failed')).toHaveProperty(['nodejs.eventloop.delay.max']);
    expect(named('flow.failed')).not.toHaveProperty(['nodejs.eventloop.delay.max']);
    expect(named('callback.received')).not.toHaveProperty(['nodejs.eventloop.delay.max']);
  } finally {
    await world.close();
  }
});
