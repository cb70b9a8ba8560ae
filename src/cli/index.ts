export type { CliProcess } from './cli-process.ts';
export { runCli } from './run-cli.ts';
