import { HOUR, SECOND } from './clock.ts';
import { REGIONS, type Region } from './deployment.ts';

/** Something that makes a share of logins go one way for a while. */
export interface Incident {
  /** Name of a plot. */
  readonly plot: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Share of the logins it meets, 0–1. */
  readonly share: number;
  readonly stack?: string;
  readonly region?: Region;
  /** Only where the second release already runs. */
  readonly afterRollout?: boolean;
}

export interface WorldOptions {
  readonly seed: number;
  /** Logins that begin within the window, and in the minutes before it. */
  readonly flows: number;
  readonly startMs: number;
  readonly spanMs: number;
  /** When the second release of every stack goes live, as a share of the span. */
  readonly rolloutAt: number;
  /** Names of stacks; all when empty. */
  readonly stacks: readonly string[];
  readonly regions: readonly Region[];
  readonly podsPerRegion: number;
  /** One log for each pod, as on its node, or for each service, as a collector gathers them. */
  readonly filesBy: 'pod' | 'service';
  /** A log goes on in a new file after this long; never when it is the whole span. */
  readonly rotateMs: number;
  readonly incidents: readonly Incident[];
  /** Multiplies the ordinary share of failed logins. */
  readonly failureScale: number;
  /** Stacks whose every login carries the state `STATE`; their callback must know the QR code. */
  readonly constantState: readonly string[];
  /** Whether a nightly job touches many logins under one trace. */
  readonly batchJob: boolean;
  /** Lines of other matters, per line of a login. */
  readonly chatterRatio: number;
  /** Harmless lines inside a login's own traces, per request. */
  readonly asideRatio: number;
  /** Lines written late, so out of order, by up to `latenessMs`. */
  readonly lateRatio: number;
  readonly latenessMs: number;
  /** Lines delivered twice. */
  readonly duplicateRatio: number;
  /** Broken lines beside the good ones. */
  readonly brokenRatio: number;
}

/** The world that the truth is measured on: a day, every stack, every way a login can go. */
export const DEFAULT_WORLD: WorldOptions = {
  seed: 1,
  flows: 24_000,
  startMs: Date.UTC(2026, 10, 18),
  spanMs: 24 * HOUR,
  rolloutAt: 0.6,
  stacks: [],
  regions: REGIONS,
  podsPerRegion: 2,
  filesBy: 'pod',
  rotateMs: 12 * HOUR,
  incidents: [],
  failureScale: 1,
  constantState: ['campus'],
  batchJob: true,
  chatterRatio: 0.12,
  asideRatio: 0.06,
  lateRatio: 0.05,
  latenessMs: 5 * SECOND,
  duplicateRatio: 0.004,
  brokenRatio: 0,
};
