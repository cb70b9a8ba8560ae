import { existsSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { drive } from './drive.ts';
import { type RunOptions, readOptions, USAGE, UsageError } from './options.ts';
import { readScenario, ScenarioError } from './scenario/index.ts';
import { writeRun } from './truth/write-run.ts';

/** `npm run sim`: one run, from the command line to its folder. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  check(options);
  const scenario = readScenario(options.scenario);
  const begun = performance.now();
  const say = (text: string) =>
    process.stderr.write(
      `${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}\n`,
    );
  const driven = await drive(scenario, options, process.env, say);
  const { counts, leaks } = writeRun(options.out, { scenario, options, driven });
  say(`${options.out}: ${JSON.stringify(counts)}`);
  if (leaks.length > 0) {
    throw new Error(`secrets stand in clear in ${leaks.map(({ place }) => place).join(', ')}`);
  }
}

function check({ out, instances }: RunOptions): void {
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new UsageError(`${out} is not empty`);
  }
  if (instances > 1 && !process.env.REDIS_URL) {
    throw new UsageError(
      '--instances needs REDIS_URL: without, each would know only the logins it began (scenario pods-state shows that)',
    );
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const mistake = error instanceof UsageError || error instanceof ScenarioError;
    process.stderr.write(`${mistake ? (error as Error).message : (error as Error).stack}\n`);
    if (error instanceof UsageError) process.stderr.write(`\n${USAGE}\n`);
    process.exit(mistake ? 2 : 1);
  },
);
