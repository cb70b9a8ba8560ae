import { facetValues, isSelected, knownNames, mergeTally, startTally } from '../aggregate/index.ts';
import type { AnalysisWindow } from '../analysis/index.ts';
import type { Judged, Tally } from '../model/index.ts';
import type { AnalyzeOptions } from './options.ts';
import { type Request, selectionOf } from './selection.ts';

/** What became of some flows, as the user has asked for it. */
export interface Counted {
  readonly tally: Tally;
  /** Flows that fulfil the selection. */
  readonly selected: number;
  /** Names the user has asked for that none of the flows knows. */
  readonly unseen: ReadonlySet<string>;
}

/** How flows are counted. */
export interface CountingOptions {
  readonly request: Request;
  readonly showIds: boolean;
  /** Time of the last event of the whole input. */
  readonly endMs: number | undefined;
}

/** Counts flows one after the other, in any order. */
export interface Counting {
  /** @returns whether the flow fulfils the selection */
  add(judged: Judged): boolean;
  finish(): Counted;
}

export function startCounting({ request, showIds, endMs }: CountingOptions): Counting {
  const selection = selectionOf(request, endMs);
  const run = startTally({ selection, by: request.by, showIds });
  const unseen = new Set(doubtfulNames(request));
  let selected = 0;
  return {
    add(judged) {
      run.add(judged);
      for (const name of unseen) if (facetValues(judged, name).length > 0) unseen.delete(name);
      if (!isSelected(judged, selection)) return false;
      selected++;
      return true;
    },
    finish: () => ({ tally: run.finish(), selected, unseen }),
  };
}

/** Counts flows, in any order. */
export function countAll(flows: Iterable<Judged>, options: CountingOptions): Counted {
  const counting = startCounting(options);
  for (const judged of flows) counting.add(judged);
  return counting.finish();
}

export function countingOptions(
  request: Request,
  options: Pick<AnalyzeOptions, 'showIds'>,
  window: AnalysisWindow,
): CountingOptions {
  return { request, showIds: options.showIds ?? false, endMs: window.toMs };
}

/** What was counted of the flows of both, which must not overlap. */
export function mergeCounted(a: Counted, b: Counted): Counted {
  return {
    tally: mergeTally(a.tally, b.tally),
    selected: a.selected + b.selected,
    unseen: new Set([...a.unseen].filter((name) => b.unseen.has(name))),
  };
}

/** Names of `--by` and `--where` that only the logs can vouch for: they may have fields of any name. */
function doubtfulNames({ by, keep }: Request): string[] {
  const known = new Set(knownNames());
  return [...by, ...keep].filter((name) => !known.has(name));
}
