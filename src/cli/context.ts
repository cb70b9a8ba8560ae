import type { CliProcess } from './cli-process.ts';
import type { Output } from './output.ts';

/** What every command is given besides its own arguments. */
export interface Context {
  readonly io: CliProcess;
  readonly stdout: Output;
}
