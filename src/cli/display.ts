import { parseZone } from '../normalise/index.ts';
import type { ColorLevel, TextOptions } from '../report/index.ts';
import type { CliProcess } from './cli-process.ts';
import type { DisplayOptions } from './options.ts';

/** Where standard output is no terminal, so that a file holds the same whoever makes it. */
const DEFAULT_WIDTH = 100;

/**
 * How text is laid out.
 * @param toFile the text goes to a file named by the user, whatever standard output is.
 */
export function textOptions(
  options: DisplayOptions & { readonly tz: string; readonly top?: number },
  { io, inputs, toFile }: { io: CliProcess; inputs: readonly string[]; toFile: boolean },
): TextOptions {
  return {
    language: options.lang,
    colorLevel: colorLevel(options.color, io, toFile),
    ascii: options.ascii ?? false,
    width: toFile ? DEFAULT_WIDTH : (io.stdout.columns ?? DEFAULT_WIDTH),
    zone: parseZone(options.tz),
    top: options.top ?? 10,
    inputs,
  };
}

/**
 * `NO_COLOR` (any text) and dumb terminals switch colour off unless the user asks for it outright.
 * @see https://no-color.org
 */
function colorLevel(
  color: DisplayOptions['color'],
  { stdout, env }: CliProcess,
  toFile: boolean,
): ColorLevel {
  if (color !== 'auto') return color === 'always' ? 1 : 0;
  return stdout.isTTY && !toFile && !env.NO_COLOR && env.TERM !== 'dumb' ? 1 : 0;
}
