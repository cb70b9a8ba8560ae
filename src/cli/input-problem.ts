import { InputError, type InputSummary, STAGES, type Tally } from '../model/index.ts';

/**
 * Why the input cannot carry a report, if it cannot: nothing came in, too few lines could be read,
 * no login was recognised, or no success ever was. In the last case a failure cannot be told from
 * a success that the logs did not show, so no rate may be printed.
 * @param seen what all flows showed, whatever was selected.
 */
export function inputProblem(
  input: InputSummary,
  seen: Tally['seen'],
  minParseRate: number | undefined,
): InputError | undefined {
  const lines = sum(input.sources.map((source) => source.lines - source.blank));
  const rejected = sum(input.sources.flatMap((source) => Object.values(source.rejected)));
  const parsed = lines - rejected;
  if (lines === 0) {
    return unusable('empty-input', 'the input is empty', sourceNames(input));
  }
  if (parsed === 0) {
    return unusable(
      'nothing-parsed',
      `none of ${lines} ${lines === 1 ? 'line' : 'lines'} can be read (${reasons(input)})`,
      sourceNames(input),
      'scanlens reads JSON lines, text and what wraps them (docs/inputs.md); scanlens detect shows samples of what it found',
    );
  }
  if (minParseRate !== undefined && parsed < minParseRate * lines) {
    return unusable(
      'parse-rate',
      `only ${percent(parsed / lines)} of ${lines} lines can be read (${reasons(input)}), less than --min-parse-rate ${percent(minParseRate)}`,
      sourceNames(input),
      'scanlens detect shows samples of what it found',
    );
  }
  if (seen.flows === 0) {
    return unusable(
      'no-flows',
      `no login recognised in ${parsed} ${parsed === 1 ? 'line' : 'lines'}`,
      sourceNames(input),
      'scanlens detect shows what was understood; --mapping teaches it your names',
    );
  }
  if (seen.succeeded === 0) {
    const missing = STAGES.filter((stage) => seen.stages[stage] === 0);
    return unusable(
      'no-success',
      missing.length === 0
        ? 'no successful login recognised, so failures cannot be rated'
        : `no successful login recognised, so failures cannot be rated: stages never seen are ${missing.join(', ')}`,
      sourceNames(input),
      'scanlens detect shows which lines were not understood; --mapping tells which line means session',
    );
  }
  return undefined;
}

function unusable(code: string, message: string, at: string, hint?: string): InputError {
  return new InputError(code, { message, at, hint, exitCode: 3 });
}

/** `app.log`, or `app.log and 3 more`. */
function sourceNames({ sources }: InputSummary): string {
  const [first] = sources;
  const more = sources.length - 1;
  return `${first?.name ?? 'no source'}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `12 not-json, 1 truncated`, most first. */
function reasons({ sources }: InputSummary): string {
  const counts = new Map<string, number>();
  for (const { rejected } of sources) {
    for (const [code, count] of Object.entries(rejected)) {
      counts.set(code, (counts.get(code) ?? 0) + count);
    }
  }
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([code, count]) => `${count} ${code}`)
    .join(', ');
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
