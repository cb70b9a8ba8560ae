import process from 'node:process';
import { ConfigError, describeSettings, loadConfig } from './config/index.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { createService } from './service.ts';

/** The service as a process: settings from the environment, until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(`Settings (environment variables):\n\n${describeSettings()}`);
    return;
  }
  await runUntilSignal(await createService(loadConfig(process.env)));
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : (error as Error).stack}\n`,
  );
  process.exitCode = error instanceof ConfigError ? 2 : 1;
});
