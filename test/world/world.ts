import { brokenAfter } from './broken-lines.ts';
import { HOUR, MINUTE } from './clock.ts';
import { type Deployment, deploy, type Region } from './deployment.ts';
import { type Emission, EmissionQueue } from './emission-queue.ts';
import type { Place } from './entry.ts';
import type { Person } from './happening.ts';
import { base62, openid, wechatAppId } from './ids.ts';
import { narrate, type Printed } from './narrate.ts';
import { chatter } from './noise.ts';
import { DEFAULT_WORLD, type WorldOptions } from './options.ts';
import { PLOTS, type Plot } from './plots/index.ts';
import { Rng } from './rng.ts';
import { rotation } from './rotation.ts';
import { Scene, type Scheduled } from './scene.ts';
import type { Role } from './service.ts';
import type { LoginKind, Stack } from './stack.ts';
import { STACKS } from './stacks.ts';
import { CONSTANT_STATE, type FlowTruth, truthsOf } from './truth.ts';

/** What the world hands out, in the order in which the files receive it. */
export type WorldItem =
  | { readonly kind: 'line'; readonly file: string; readonly text: string }
  | { readonly kind: 'truth'; readonly truth: FlowTruth };

/** Logins begin this long before the window, so that some of them are cut by its beginning. */
const LEAD_MS = 5 * MINUTE;

/** Silence is no verdict before this; plots that end in silence keep clear of the data's end. */
const TAIL_MS = 10 * MINUTE;

/** Streams of chance, so that more noise does not change the logins. */
const STREAM = { login: 1, noise: 2, delivery: 3, world: 4 } as const;

/**
 * Plays a world, login by login in the order they begin. Holds only what is under way, so a
 * world of any size streams.
 */
export function* playWorld(given: Partial<WorldOptions> = {}): Generator<WorldItem> {
  const options: WorldOptions = { ...DEFAULT_WORLD, ...given };
  const stage = setUp(options);
  const queue = new EmissionQueue();
  const delivery = new Rng(options.seed, STREAM.delivery);
  const fileOf = rotation(options);
  let serial = 0;

  const deliver = (printed: Printed): void => {
    const late = delivery.chance(options.lateRatio) ? delivery.next() * options.latenessMs : 0;
    const emitMs = printed.atMs + late;
    const file = fileOf(printed.place, emitMs);
    const { text } = printed;
    queue.push({ emitMs, serial: serial++, file, text });
    if (delivery.chance(options.duplicateRatio)) {
      const again = emitMs + delivery.next() * 30_000;
      queue.push({ emitMs: again, serial: serial++, file, text });
    }
    if (delivery.chance(options.brokenRatio)) {
      queue.push({ emitMs, serial: serial++, file, text: brokenAfter(text, delivery) });
    }
  };

  for (let number = 0; number < options.flows; number++) {
    const login = playLogin(stage, number);
    for (const emission of queue.drain(login.startMs)) yield asItem(emission);
    for (const printed of login.visible) deliver(printed);
    for (const printed of login.besides) deliver(printed);
    for (const truth of login.truths) yield { kind: 'truth', truth };
  }
  for (const emission of queue.drain(Number.POSITIVE_INFINITY)) yield asItem(emission);
}

const asItem = ({ file, text }: Emission): WorldItem => ({ kind: 'line', file, text });

export interface World {
  /** By name, each with its lines in the order they were written. */
  readonly files: readonly { readonly name: string; readonly lines: readonly string[] }[];
  readonly truth: readonly FlowTruth[];
}

/** A world held in memory. */
export function generateWorld(given: Partial<WorldOptions> = {}): World {
  const files = new Map<string, string[]>();
  const truth: FlowTruth[] = [];
  for (const item of playWorld(given)) {
    if (item.kind === 'truth') {
      truth.push(item.truth);
      continue;
    }
    const lines = files.get(item.file);
    if (lines === undefined) files.set(item.file, [item.text]);
    else lines.push(item.text);
  }
  const byName = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return { files: byName.map(([name, lines]) => ({ name, lines })), truth };
}

/** What stays the same through the play. */
interface WorldStage {
  readonly options: WorldOptions;
  readonly endMs: number;
  readonly deployment: Deployment;
  readonly appIds: ReadonlyMap<string, string>;
  /** Plots, each with the casts that can play it. */
  readonly repertoire: readonly { plot: Plot; casts: readonly Cast[] }[];
  readonly incidents: ReadonlyMap<string, Plot>;
}

interface Cast {
  readonly stack: Stack;
  readonly kind: LoginKind;
  readonly weight: number;
}

function setUp(options: WorldOptions): WorldStage {
  const stacks = STACKS.filter(
    ({ name }) => options.stacks.length === 0 || options.stacks.includes(name),
  );
  const casts = stacks.flatMap((stack) =>
    stack.kinds.map((kind) => ({ stack, kind, weight: stack.weight / stack.kinds.length })),
  );
  const chance = new Rng(options.seed, STREAM.world);
  const plotNamed = (name: string): Plot => {
    const plot = PLOTS.find((plot) => plot.name === name);
    if (plot === undefined) throw new Error(`no plot is called ${name}`);
    return plot;
  };
  return {
    options,
    endMs: options.startMs + options.spanMs,
    deployment: deploy({
      seed: options.seed,
      regions: options.regions,
      podsPerRegion: options.podsPerRegion,
      rolloutMs: options.startMs + options.spanMs * options.rolloutAt,
    }),
    appIds: new Map(STACKS.map(({ name }) => [name, wechatAppId(chance)])),
    repertoire: PLOTS.map((plot) => ({
      plot,
      casts: casts.filter(
        ({ stack, kind }) =>
          plot.fits(stack, kind) && !(plot.refreshes && options.constantState.includes(stack.name)),
      ),
    })).filter(({ casts }) => casts.length > 0),
    incidents: new Map(options.incidents.map(({ plot }) => [plot, plotNamed(plot)])),
  };
}

interface Login {
  readonly startMs: number;
  readonly visible: readonly Printed[];
  readonly besides: readonly Printed[];
  readonly truths: readonly FlowTruth[];
}

function playLogin(world: WorldStage, number: number): Login {
  const { options, endMs, deployment } = world;
  const rng = new Rng(options.seed, STREAM.login, number);
  const noise = new Rng(options.seed, STREAM.noise, number);
  const startMs = beginning(options, number, rng);
  const region = rng.weighted(deployment.regions, (name) => (name === 'ap-shanghai' ? 3 : 2));
  const { plot, cast } = choosePlot(world, rng, startMs, region);
  const { stack, kind } = cast;
  const scene = new Scene({
    rng,
    stack,
    kind,
    person: somebody(rng),
    appId: world.appIds.get(stack.name) as string,
    startMs,
    constantState: options.constantState.includes(stack.name) ? CONSTANT_STATE : undefined,
  });
  plot.play(scene);

  const lot = rng.below(options.podsPerRegion);
  const placeOf = (role: Role, atMs: number): Place =>
    deployment.placeOf(stack, role, region, atMs, lot);
  const print = (scheduled: Scheduled): Printed[] => {
    const service = stack.services[scheduled.role];
    if (service === undefined) return [];
    return narrate(scene, scheduled, service, placeOf(scheduled.role, scheduled.atMs));
  };
  const told = scene.scheduled.flatMap(print);
  const isVisible = ({ atMs }: Printed): boolean => atMs >= options.startMs && atMs <= endMs;
  const visible = told.filter(isVisible);
  const truths = truthsOf({
    number,
    plot,
    stack: stack.name,
    kind,
    visible,
    cutAtStart: told.some(({ atMs }) => atMs < options.startMs),
    cutAtEnd: told.some(({ atMs }) => atMs > endMs),
    settledBy: scene.settledBy,
  });
  const besides = [
    ...asides(scene, noise, options).flatMap(print),
    ...archive(scene, noise, world).flatMap(print),
    ...besidesOf(scene, noise, options, placeOf, told.length),
  ].filter(isVisible);
  return { startMs, visible, besides, truths };
}

/** Evenly through the window with a little clumping: later numbers never begin earlier. */
function beginning(options: WorldOptions, number: number, rng: Rng): number {
  const share = (number + rng.next()) / options.flows;
  return options.startMs - LEAD_MS + share * (options.spanMs + LEAD_MS);
}

function choosePlot(
  world: WorldStage,
  rng: Rng,
  startMs: number,
  region: Region,
): { plot: Plot; cast: Cast } {
  const { options, repertoire } = world;
  const late = startMs > world.endMs - TAIL_MS;
  const weightOf = ({ plot }: { plot: Plot }): number =>
    late && plot.patient
      ? 0
      : plot.ending.outcome === 'failed'
        ? plot.weight * options.failureScale
        : plot.weight;
  const ordinary = rng.weighted(repertoire, weightOf);
  const cast = rng.weighted(ordinary.casts, ({ weight }) => weight);
  const rolloutMs = options.startMs + options.spanMs * options.rolloutAt;
  for (const incident of options.incidents) {
    const plot = world.incidents.get(incident.plot) as Plot;
    if (startMs < incident.fromMs || startMs >= incident.toMs) continue;
    if (incident.region !== undefined && incident.region !== region) continue;
    if (incident.stack !== undefined && incident.stack !== cast.stack.name) continue;
    if (incident.afterRollout && startMs < rolloutMs) continue;
    if (!plot.fits(cast.stack, cast.kind) || !rng.chance(incident.share)) continue;
    return { plot, cast };
  }
  return { plot: ordinary.plot, cast };
}

function somebody(rng: Rng): Person {
  const client = rng.weighted(['8.0.49', '8.0.50', '8.0.47', '8.0.44'], (version) =>
    version === '8.0.49' ? 5 : 2,
  );
  return {
    client,
    address: `10.${rng.whole(64, 127)}.${rng.below(256)}.${rng.below(256)}`,
    userAgent: rng.pick([
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15',
      `Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 MicroMessenger/${client}`,
    ]),
    openid: openid(rng),
    pseudonym: `u_${base62(rng, 12)}`,
  };
}

/** Chatter within the login's own requests. */
function asides(scene: Scene, noise: Rng, { asideRatio }: WorldOptions): Scheduled[] {
  const requests = new Map(scene.scheduled.map((line) => [line.request, line]));
  return [...requests.values()]
    .filter((line) => line.role !== 'gateway' && noise.chance(asideRatio))
    .map((line) => ({
      ...line,
      what: { kind: 'aside' },
      role:
        line.request.route === 'callback' || line.request.route === 'webhook'
          ? 'callback'
          : 'login',
      atMs: line.atMs + noise.between(-0.4, 0.4),
      also: [],
    }));
}

/** Four times a day a job goes through the logins of the last hours, all under one trace. */
function archive(scene: Scene, noise: Rng, { options }: WorldStage): Scheduled[] {
  const first = scene.scheduled[0];
  if (!options.batchJob || first === undefined || !noise.chance(0.5)) return [];
  if (first.what.kind !== 'issued' || first.atMs < options.startMs) return [];
  const run = Math.floor((first.atMs - options.startMs) / (6 * HOUR)) + 1;
  const job = new Rng(options.seed, STREAM.world, run);
  return [
    {
      ...first,
      what: { kind: 'archived' },
      role: 'login',
      request: { ...first.request, traceId: job.hex(32), requestId: job.hex(32) },
      ids: scene.ids,
      atMs: options.startMs + run * 6 * HOUR + 30 * MINUTE + noise.next() * MINUTE,
      also: [],
    },
  ];
}

function besidesOf(
  scene: Scene,
  noise: Rng,
  { chatterRatio }: WorldOptions,
  placeOf: (role: Role, atMs: number) => Place,
  lines: number,
): Printed[] {
  const wanted = chatterRatio * lines;
  const count = Math.floor(wanted) + (noise.chance(wanted % 1) ? 1 : 0);
  const startMs = scene.scheduled[0]?.atMs ?? scene.nowMs;
  return Array.from({ length: count }, () => {
    const role = noise.pick(['login', 'callback', 'account'] as const);
    const atMs = startMs + noise.next() * MINUTE;
    return chatter(noise, scene.stack.services[role], placeOf(role, atMs), atMs);
  });
}
