import { MINUTE } from './clock.ts';
import type { Region } from './deployment.ts';
import type { Incident, WorldOptions } from './options.ts';
import { PLOTS, type Plot } from './plots/index.ts';
import type { Rng } from './rng.ts';
import type { LoginKind, Stack } from './stack.ts';
import { STACKS } from './stacks.ts';

/** Which way a login goes, and who plays it. */
export interface Casting {
  readonly plot: Plot;
  readonly stack: Stack;
  readonly kind: LoginKind;
}

/** Silence is no verdict before this; plots that end in silence keep clear of the data's end. */
const TAIL_MS = 10 * MINUTE;

/** Decides for each login how it goes: by the plots' weights, unless an incident strikes. */
export function casting(
  options: WorldOptions,
): (rng: Rng, startMs: number, region: Region) => Casting {
  const endMs = options.startMs + options.spanMs;
  const rolloutMs = options.startMs + options.spanMs * options.rolloutAt;
  const stacks = STACKS.filter(
    ({ name }) => options.stacks.length === 0 || options.stacks.includes(name),
  );
  const casts = stacks.flatMap((stack) =>
    stack.kinds.map((kind) => ({ stack, kind, weight: stack.weight / stack.kinds.length })),
  );
  const repertoire = PLOTS.map((plot) => ({
    plot,
    weight: plot.weight * (plot.ending.outcome === 'failed' ? options.failureScale : 1),
    casts: casts.filter(
      ({ stack, kind }) =>
        plot.fits(stack, kind) && !(plot.refreshes && options.constantState.includes(stack.name)),
    ),
  })).filter(({ casts }) => casts.length > 0);
  const incidents = options.incidents.map((incident) => ({ incident, plot: plotOf(incident) }));

  return (rng, startMs, region) => {
    const late = startMs > endMs - TAIL_MS;
    const { plot, casts } = rng.weighted(repertoire, ({ plot, weight }) =>
      late && plot.patient ? 0 : weight,
    );
    const { stack, kind } = rng.weighted(casts, ({ weight }) => weight);
    for (const { incident, plot } of incidents) {
      const strikes =
        startMs >= incident.fromMs &&
        startMs < incident.toMs &&
        (incident.region ?? region) === region &&
        (incident.stack ?? stack.name) === stack.name &&
        (!incident.afterRollout || startMs >= rolloutMs) &&
        plot.fits(stack, kind);
      if (strikes && rng.chance(incident.share)) return { plot, stack, kind };
    }
    return { plot, stack, kind };
  };
}

function plotOf({ plot: name }: Incident): Plot {
  const plot = PLOTS.find((plot) => plot.name === name);
  if (plot === undefined) throw new Error(`no plot is called ${name}`);
  return plot;
}
