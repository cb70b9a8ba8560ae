import { archive, asides, chatterAround } from './besides.ts';
import { casting } from './casting.ts';
import { MINUTE } from './clock.ts';
import { deploy } from './deployment.ts';
import type { Place } from './entry.ts';
import { wechatAppId } from './ids.ts';
import { narrate, type Printed } from './narrate.ts';
import type { WorldOptions } from './options.ts';
import { somebody } from './person.ts';
import { CHANCE, Rng } from './rng.ts';
import { Scene, type Scheduled } from './scene.ts';
import type { Role } from './service.ts';
import { STACKS } from './stacks.ts';
import { CONSTANT_STATE, type FlowTruth, truthsOf } from './truth.ts';

/** Logins begin this long before the window, so that some of them are cut by its beginning. */
const LEAD_MS = 5 * MINUTE;

/** What the window shows of one login. */
export interface Login {
  readonly startMs: number;
  readonly visible: readonly Printed[];
  /** Lines around it that do not tell of it. */
  readonly besides: readonly Printed[];
  readonly truths: readonly FlowTruth[];
}

/** Plays logins by their number; each depends on the options and its number alone. */
export function loginPlayer(options: WorldOptions): (number: number) => Login {
  const endMs = options.startMs + options.spanMs;
  const deployment = deploy({
    seed: options.seed,
    regions: options.regions,
    podsPerRegion: options.podsPerRegion,
    rolloutMs: options.startMs + options.spanMs * options.rolloutAt,
  });
  const chance = new Rng(options.seed, CHANCE.world);
  const appIds = new Map(STACKS.map(({ name }) => [name, wechatAppId(chance)]));
  const cast = casting(options);
  const isVisible = ({ atMs }: Printed): boolean => atMs >= options.startMs && atMs <= endMs;

  return (number) => {
    const rng = new Rng(options.seed, CHANCE.login, number);
    const noise = new Rng(options.seed, CHANCE.noise, number);
    const startMs = beginning(options, number, rng);
    const region = rng.weighted(options.regions, (name) => (name === 'ap-shanghai' ? 3 : 2));
    const { plot, stack, kind } = cast(rng, startMs, region);
    const scene = new Scene({
      rng,
      stack,
      kind,
      person: somebody(rng),
      appId: appIds.get(stack.name) as string,
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
      ...archive(scene, noise, options).flatMap(print),
      ...chatterAround(scene, noise, options, placeOf, told.length),
    ].filter(isVisible);
    return { startMs, visible, besides, truths };
  };
}

/** Evenly through the window with a little clumping: later numbers never begin earlier. */
function beginning(options: WorldOptions, number: number, rng: Rng): number {
  const share = (number + rng.next()) / options.flows;
  return options.startMs - LEAD_MS + share * (options.spanMs + LEAD_MS);
}
