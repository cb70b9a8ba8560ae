import {
  facetValues,
  fieldsNamed,
  fieldsOfCondition,
  isSelected,
  knownNames,
  parseWhere,
  type Selection,
} from '../aggregate/index.ts';
import {
  attributeValue,
  countFlows,
  fieldsOfAttribute,
  type Population,
  type Snapshot,
} from '../gate/index.ts';
import {
  closestName,
  InputError,
  type InputSummary,
  type Judged,
  STAGES,
  type Tally,
} from '../model/index.ts';
import { namedRules } from '../ruleset/index.ts';
import type { Context } from './context.ts';
import { findInput } from './find-input.ts';
import type { Library } from './library.ts';
import { momentMs, parseMoment } from './moment.ts';
import type { ReadingOptions, SelectionOptions, ThreadsOption } from './options.ts';
import { readAnalysis } from './read-analysis.ts';

/** What logs hold for the gate. */
export interface CountedLogs {
  readonly snapshot: Snapshot;
  readonly input: InputSummary;
  /** What all flows showed, whatever was selected. */
  readonly seen: Tally['seen'];
  /** Attributes that no flow has. */
  readonly unseen: readonly string[];
  readonly interrupted: boolean;
}

/** Reads logs and counts their flows the way a baseline does. */
export async function countLogs(
  files: readonly string[],
  options: ReadingOptions & ThreadsOption & SelectionOptions,
  {
    library,
    strata,
    population,
  }: {
    readonly library: Library;
    readonly strata: readonly string[];
    readonly population: Population;
  },
  { io }: Context,
): Promise<CountedLogs> {
  const quiet = options.quiet ?? false;
  const { ruleSet } = library.rules;
  const where =
    options.where === undefined
      ? undefined
      : parseWhere(options.where, { rules: namedRules(ruleSet).map(({ name }) => name) });
  const since =
    options.since === undefined ? undefined : parseMoment('--since', options.since, options.tz);
  const until =
    options.until === undefined ? undefined : parseMoment('--until', options.until, options.tz);
  const sources = await findInput(files, { io, quiet });
  const { retries, flowTimeoutMs } = population;
  const choice = {
    keep: [
      ...new Set([
        ...strata.flatMap(fieldsOfAttribute),
        ...(retries === undefined ? [] : fieldsNamed(retries.by)),
        ...(where === undefined ? [] : fieldsOfCondition(where)),
      ]),
    ],
    flowTimeoutMs,
  };
  const { analysis, interrupted } = await readAnalysis(sources, { library, options, choice }, io);
  const selection: Selection = {
    sinceMs: momentMs(since, analysis.window.toMs),
    untilMs: momentMs(until, analysis.window.toMs),
    where,
    rules: [],
    stages: [],
  };
  const watch = watchFlows(strata, retries?.by);
  const snapshot = countFlows(watch.through(analysis.flows()), {
    strata,
    window: analysis.window,
    flowTimeoutMs,
    retries,
    selects: (judged) => isSelected(judged, selection),
    selected: selection,
  });
  return {
    snapshot,
    input: analysis.input,
    seen: watch.seen,
    unseen: [...watch.unseen],
    interrupted,
  };
}

/** Notes what flows show while they are counted. */
function watchFlows(strata: readonly string[], user: string | undefined) {
  const seen = {
    flows: 0,
    succeeded: 0,
    stages: Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<
      (typeof STAGES)[number],
      number
    >,
  };
  const unseen = new Set([...strata, ...(user === undefined ? [] : [user])]);
  const has = (judged: Judged, name: string) =>
    strata.includes(name)
      ? attributeValue(judged, name) !== undefined
      : facetValues(judged, name).length > 0;
  return {
    seen,
    unseen,
    *through(flows: Iterable<Judged>): Iterable<Judged> {
      for (const judged of flows) {
        const { flow, verdict } = judged;
        if (flow.kind === 'qr') {
          seen.flows++;
          if (verdict.outcome.kind === 'succeeded') seen.succeeded++;
          for (const stage of new Set(flow.steps.map((step) => step.stage))) seen.stages[stage]++;
          for (const name of unseen) if (has(judged, name)) unseen.delete(name);
        }
        yield judged;
      }
    },
  };
}

/**
 * A name that neither this input nor anything known vouches for is a mistake, not an empty group;
 * and without users, retries cannot be told from each other.
 * @param names that no flow carries.
 */
export function unknownAttribute(
  names: readonly string[],
  user: string | undefined,
  isKnownElsewhere: (name: string) => boolean = () => false,
): InputError | undefined {
  const known = knownNames();
  const name = names.find(
    (one) =>
      one === user || (!known.includes(one.replace(/_major$/, '')) && !isKnownElsewhere(one)),
  );
  if (name === undefined) return undefined;
  const near = known.includes(name) ? undefined : closestName(name, known);
  return new InputError('unknown-attribute', {
    message: `no login in this input has an attribute "${name}"`,
    hint: near === undefined ? 'scanlens detect lists the fields' : `did you mean "${near}"?`,
  });
}
