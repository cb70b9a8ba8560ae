import { HOUR, MINUTE } from './clock.ts';
import type { Place } from './entry.ts';
import type { Printed } from './narrate.ts';
import { chatter } from './noise.ts';
import type { WorldOptions } from './options.ts';
import { CHANCE, Rng } from './rng.ts';
import { roleOf, type Scene, type Scheduled } from './scene.ts';
import type { Role } from './service.ts';

/** Chatter within the login's own requests. */
export function asides(scene: Scene, noise: Rng, { asideRatio }: WorldOptions): Scheduled[] {
  const requests = new Map(scene.scheduled.map((line) => [line.request, line]));
  return [...requests.values()]
    .filter((line) => line.role !== 'gateway' && noise.chance(asideRatio))
    .map((line) => ({
      ...line,
      what: { kind: 'aside' },
      role: roleOf({ kind: 'aside' }, line.request.route),
      atMs: line.atMs + noise.between(-0.4, 0.4),
      also: [],
    }));
}

/** Four times a day a job goes through the logins of the last hours, all under one trace. */
export function archive(scene: Scene, noise: Rng, options: WorldOptions): Scheduled[] {
  const first = scene.scheduled[0];
  if (!options.batchJob || first === undefined || !noise.chance(0.5)) return [];
  if (first.what.kind !== 'issued' || first.atMs < options.startMs) return [];
  const run = Math.floor((first.atMs - options.startMs) / (6 * HOUR)) + 1;
  const job = new Rng(options.seed, CHANCE.world, run);
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

/** Lines of other matters from the login's services, in the minute around it. */
export function chatterAround(
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
