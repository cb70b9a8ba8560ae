import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Analysis,
  type AnalysisOptions,
  startAnalysis,
  startFlowLineSearch,
} from '../../analysis/index.ts';
import { InputError, type Judged } from '../../model/index.ts';
import { idsNamed } from '../../normalise/index.ts';
import { explainText } from '../../report/index.ts';
import { type Source, spooledSource } from '../../source/index.ts';
import { textOptions } from '../display.ts';
import { DONE, type Ending } from '../ending.ts';
import { findInput } from '../find-input.ts';
import { loadLibrary } from '../library.ts';
import type { DisplayOptions, ReadingOptions } from '../options.ts';
import type { Context } from '../program.ts';
import { readSources } from '../read-sources.ts';

/** Reads the input twice: once to find the login, once more for its lines. */
export async function explain(
  id: string,
  files: readonly string[],
  options: ReadingOptions & DisplayOptions,
  context: Context,
): Promise<Ending> {
  const { io } = context;
  const quiet = options.quiet ?? false;
  const found = await findInput(files, { io, quiet });
  const library = await loadLibrary(options, io.cwd);
  const spool = found.some(isStream) ? await mkdtemp(join(tmpdir(), 'scanlens-')) : undefined;
  try {
    const sources =
      spool === undefined
        ? found
        : found.map((source, i) =>
            isStream(source) ? spooledSource(source, join(spool, `${i}`)) : source,
          );
    const settings: AnalysisOptions = {
      ruleSet: library.rules.ruleSet,
      mappings: library.mappings,
      showIds: options.showIds ?? false,
      zone: options.tz,
      maxLineBytes: options.maxLineBytes,
    };
    const run = startAnalysis(settings);
    const first = await readSources(sources, run, { io, quiet });
    if (first.interrupted) return { kind: 'interrupted' };
    const analysis = run.finish();
    const judged = findFlow(analysis, id);
    const search = startFlowLineSearch(settings, judged.flow);
    const second = await readSources(sources, search, { io, quiet });
    await context.stdout.write(
      explainText(
        {
          judged,
          lines: search.lines(),
          rules: library.rules,
          window: analysis.window,
          showIds: options.showIds ?? false,
        },
        textOptions(options, { io, inputs: files, toFile: false }),
      ),
    );
    return second.interrupted ? { kind: 'interrupted' } : DONE;
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
