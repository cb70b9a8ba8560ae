import { brokenAfter } from './broken-lines.ts';
import { type Emission, EmissionQueue } from './emission-queue.ts';
import { loginPlayer } from './login.ts';
import type { Printed } from './narrate.ts';
import { DEFAULT_WORLD, type WorldOptions } from './options.ts';
import { CHANCE, Rng } from './rng.ts';
import { rotation } from './rotation.ts';
import type { FlowTruth } from './truth.ts';

/** What the world hands out, in the order in which the files receive it. */
export type WorldItem =
  | { readonly kind: 'line'; readonly file: string; readonly text: string }
  | { readonly kind: 'truth'; readonly truth: FlowTruth };

/**
 * Plays a world, login by login in the order they begin. Holds only what is under way, so a
 * world of any size streams.
 */
export function* playWorld(given: Partial<WorldOptions> = {}): Generator<WorldItem> {
  const options: WorldOptions = { ...DEFAULT_WORLD, ...given };
  const playLogin = loginPlayer(options);
  const queue = new EmissionQueue();
  const delivery = new Rng(options.seed, CHANCE.delivery);
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
    const login = playLogin(number);
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
