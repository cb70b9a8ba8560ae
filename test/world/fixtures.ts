import { HOUR, MINUTE } from './clock.ts';
import { DEFAULT_WORLD, type WorldOptions } from './options.ts';
import { generateWorld } from './world.ts';

/** A world that is checked in, so that reports about it can be read and held. */
export interface Fixture {
  /** Folder of the logs, from the root of the repository. */
  readonly logs: string;
  /** File of the truth, if it is kept. */
  readonly truth?: string;
  readonly options: Partial<WorldOptions>;
}

const DEMO_START = Date.UTC(2026, 10, 20);

const SMALL: Partial<WorldOptions> = {
  spanMs: 2 * HOUR,
  rotateMs: 2 * HOUR,
  regions: ['ap-shanghai'],
  podsPerRegion: 2,
  filesBy: 'service',
  batchJob: false,
  constantState: [],
};

export const FIXTURES: readonly Fixture[] = [
  {
    // A morning with a bad deploy of the portal, and a slow way to WeChat out of one region.
    logs: 'fixtures/demo',
    options: {
      seed: 20261133,
      flows: 680,
      startMs: DEMO_START,
      spanMs: 6 * HOUR,
      rotateMs: 6 * HOUR,
      rolloutAt: 0.6,
      stacks: ['portal', 'mall', 'campus'],
      regions: ['ap-guangzhou', 'ap-shanghai'],
      podsPerRegion: 1,
      filesBy: 'service',
      batchJob: false,
      constantState: [],
      failureScale: 0.45,
      incidents: [
        {
          plot: 'wechat_40029',
          fromMs: DEMO_START,
          toMs: DEMO_START + 6 * HOUR,
          share: 0.3,
          stack: 'portal',
          afterRollout: true,
        },
        {
          plot: 'timeout',
          fromMs: DEMO_START + 5 * HOUR,
          toMs: DEMO_START + 5 * HOUR + 40 * MINUTE,
          share: 0.35,
          region: 'ap-guangzhou',
        },
      ],
    },
  },
  {
    // Every cause at least once, through every logger.
    logs: 'fixtures/worlds/every-cause/logs',
    truth: 'fixtures/worlds/every-cause/truth.ndjson',
    options: { ...SMALL, seed: 7, flows: 260, failureScale: 18 },
  },
  {
    // Nothing fails: whatever is reported as a failure here is a false alarm.
    logs: 'fixtures/worlds/nothing-fails/logs',
    truth: 'fixtures/worlds/nothing-fails/truth.ndjson',
    options: { ...SMALL, seed: 8, flows: 90, failureScale: 0, asideRatio: 0.3, chatterRatio: 0.4 },
  },
  {
    // One value of `state` serves every login of one team.
    logs: 'fixtures/worlds/constant-state/logs',
    truth: 'fixtures/worlds/constant-state/truth.ndjson',
    options: { ...SMALL, seed: 9, flows: 90, stacks: ['campus'], constantState: ['campus'] },
  },
  {
    // Lines cut short, binary, empty, not JSON; the logins are whole all the same.
    logs: 'fixtures/worlds/broken-lines/logs',
    truth: 'fixtures/worlds/broken-lines/truth.ndjson',
    options: { ...SMALL, seed: 10, flows: 60, stacks: ['portal', 'forum'], brokenRatio: 0.1 },
  },
  {
    // A pod without database connections: empty pool here, 504 there, one cause.
    logs: 'fixtures/worlds/avalanche/logs',
    truth: 'fixtures/worlds/avalanche/truth.ndjson',
    options: {
      ...SMALL,
      seed: 11,
      flows: 150,
      stacks: ['portal', 'mall'],
      failureScale: 0,
      incidents: [
        {
          plot: 'avalanche',
          fromMs: DEFAULT_WORLD.startMs + 60 * MINUTE,
          toMs: DEFAULT_WORLD.startMs + 90 * MINUTE,
          share: 0.8,
          stack: 'mall',
        },
      ],
    },
  },
];

/** The text of every file of a fixture, by its path from the root of the repository. */
export function filesOf(fixture: Fixture): Map<string, string> {
  const { files, truth } = generateWorld(fixture.options);
  const texts = new Map<string, string>();
  for (const { name, lines } of files)
    texts.set(`${fixture.logs}/${name}`, `${lines.join('\n')}\n`);
  if (fixture.truth !== undefined) {
    texts.set(fixture.truth, truth.map((flow) => `${JSON.stringify(flow)}\n`).join(''));
  }
  return texts;
}
