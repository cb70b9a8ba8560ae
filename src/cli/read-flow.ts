import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Analysis,
  type AnalysisOptions,
  startAnalysis,
  startFlowLineSearch,
} from '../analysis/index.ts';
import { type FlowLine, InputError, type Judged } from '../model/index.ts';
import { idsNamed } from '../normalise/index.ts';
import { type Source, spooledSource } from '../source/index.ts';
import type { CliProcess } from './cli-process.ts';
import { readSources } from './read-sources.ts';

/** One login with everything that is known of it. */
export interface ReadFlow {
  readonly judged: Judged;
  readonly lines: readonly FlowLine[];
  /** Of the whole input. */
  readonly analysis: Analysis;
}

/**
 * Reads the input twice: once to find the login, once more for its lines. What can be read only
 * once is kept in a temporary file in between.
 * @param id see {@link findFlow}.
 * @returns undefined when the user interrupted.
 * @throws InputError when no login has the id.
 */
export async function readFlow(
  id: string,
  found: readonly Source[],
  options: AnalysisOptions,
  { io, quiet }: { readonly io: CliProcess; readonly quiet: boolean },
): Promise<ReadFlow | undefined> {
  const spool = found.some(isStream) ? await mkdtemp(join(tmpdir(), 'scanlens-')) : undefined;
  try {
    const sources =
      spool === undefined
        ? found
        : found.map((source, i) =>
            isStream(source) ? spooledSource(source, join(spool, `${i}`)) : source,
          );
    const run = startAnalysis(options);
    if ((await readSources(sources, run, { io, quiet })).interrupted) return undefined;
    const analysis = run.finish();
    const judged = findFlow(analysis, id);
    const search = startFlowLineSearch(options, judged.flow);
    if ((await readSources(sources, search, { io, quiet })).interrupted) return undefined;
    return { judged, lines: search.lines(), analysis };
  } finally {
    if (spool !== undefined) await rm(spool, { recursive: true, force: true });
  }
}

const isStream = ({ sizeBytes }: Source): boolean => sizeBytes === undefined;

/** Fewer characters of a flow id would name too many. */
const LEAST_PREFIX = 'f-'.length + 4;

/**
 * The flow that a flow id, the beginning of one, the hash of an id, or an id in clear names.
 * @throws InputError when there is none, or more than one.
 */
function findFlow(analysis: Analysis, id: string): Judged {
  if (/^f-[0-9a-f]{1,12}$/.test(id)) {
    if (id.length < LEAST_PREFIX) throw notFound(id, 'give at least four digits of a flow id');
    const found = byFlow(analysis, ({ flow }) => flow.id.startsWith(id));
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      throw new InputError('ambiguous-id', {
        message: `${found.length} logins begin with this id`,
        at: id,
        hint: `the first are ${found[0].flow.id} and ${found[1].flow.id}`,
      });
    }
    throw notFound(id, 'scanlens --verdicts - prints the ids of all logins');
  }
  for (const { high, low } of idsNamed(id)) {
    const judged = analysis.flowOf(high, low);
    if (judged !== undefined) return judged;
  }
  if (/^[0-9a-f]{16}$/.test(id)) {
    const [judged] = byFlow(analysis, ({ flow }) =>
      flow.identities.some(({ hash }) => hash === id),
    );
    if (judged !== undefined) return judged;
  }
  throw notFound(
    id,
    'give a flow id, or a QR code, ticket, scene, state, code, trace or request id',
  );
}

function byFlow(analysis: Analysis, wanted: (judged: Judged) => boolean): Judged[] {
  const found: Judged[] = [];
  for (const judged of analysis.flows()) if (wanted(judged)) found.push(judged);
  return found;
}

/** Repeats flow ids only: the other ids are secrets, or nearly so. */
function notFound(id: string, hint: string): InputError {
  return new InputError('unknown-id', {
    message: 'no login in this input has this id',
    at: id.startsWith('f-') ? id : undefined,
    hint,
  });
}
