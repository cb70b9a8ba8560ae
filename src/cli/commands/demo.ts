import { relative } from 'node:path';
import type { Context } from '../context.ts';
import type { Ending } from '../ending.ts';
import type { AnalyzeOptions } from '../options.ts';
import { packagePath } from '../package-files.ts';
import { analyze } from './analyze.ts';

/** Reports on the logs that come with the package, named so that the next commands work. */
export function demo(options: AnalyzeOptions, context: Context): Promise<Ending> {
  return analyze([relative(context.io.cwd, packagePath('fixtures/demo'))], options, context);
}
