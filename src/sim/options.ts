import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface RunOptions {
  readonly scenario: string;
  readonly flows: number;
  readonly seed: number;
  readonly out: string;
  readonly instances: number;
  readonly timeScale: number;
}

export const USAGE = `npm run sim -- --scenario FILE --flows N --seed S --out DIR [--instances 2] [--time-scale X]

  --scenario    a YAML file, or the name of one in scenarios/
  --flows       how many logins [200]
  --seed        decides everything that is left to chance [1]
  --out         an empty or new folder for logs/, traces/, truth.jsonl and run.json
  --instances   of the service, behind a round robin; more than one needs REDIS_URL [1]
  --time-scale  multiplies people's pauses, WeChat's latencies and the lives of codes [0.2]

DATABASE_URL and REDIS_URL name a PostgreSQL and a Redis; without, faults that need them are skipped.`;

/** The command line is wrong. */
export class UsageError extends Error {}

/** @throws {UsageError} */
export function readOptions(args: readonly string[]): RunOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const { scenario, out } = values;
  if (scenario === undefined || out === undefined) {
    throw new UsageError('--scenario and --out are needed');
  }
  return {
    scenario,
    out,
    flows: number('--flows', values.flows, { min: 1, whole: true }),
    seed: number('--seed', values.seed, { min: 0, whole: true }),
    instances: number('--instances', values.instances, { min: 1, whole: true }),
    timeScale: number('--time-scale', values['time-scale'], { min: 0.01, whole: false }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        scenario: { type: 'string' },
        flows: { type: 'string', default: '200' },
        seed: { type: 'string', default: '1' },
        out: { type: 'string' },
        instances: { type: 'string', default: '1' },
        'time-scale': { type: 'string', default: '0.2' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function number(
  name: string,
  text: string,
  { min, whole }: { readonly min: number; readonly whole: boolean },
): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(`${name} must be ${whole ? 'a whole number' : 'a number'} from ${min}`);
}
