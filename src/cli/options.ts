import { type Command, Option } from 'commander';
import { INPUT_FORMATS, type InputFormat } from '../model/index.ts';
import {
  byteCount,
  type FieldPath,
  fieldPath,
  list,
  positiveInteger,
  ratio,
  repeated,
} from './option-values.ts';

/** How lines are read and understood. */
export interface ReadingOptions {
  readonly rules?: readonly string[];
  readonly mapping?: readonly string[];
  readonly map?: readonly FieldPath[];
  readonly tz: string;
  readonly maxLineBytes: number;
  readonly inputFormat: InputFormat;
  readonly kernel: boolean;
  readonly quiet?: true;
}

export interface ThreadsOption {
  /** Undefined for what the cores and the input suggest. */
  readonly threads?: number;
}

/** How things are shown. */
export interface DisplayOptions {
  readonly lang: 'en' | 'zh';
  readonly color: 'auto' | 'always' | 'never';
  readonly ascii?: true;
  readonly showIds?: true;
  readonly pager: boolean;
}

/** Which flows are looked at. */
export interface SelectionOptions {
  readonly since?: string;
  readonly until?: string;
  readonly where?: string;
}

/** How a command that counts logins is told what to read. */
export interface LogOptions extends ReadingOptions, ThreadsOption, SelectionOptions {
  /** 0–1 */
  readonly minParseRate?: number;
}

export interface AnalyzeOptions
  extends ReadingOptions,
    ThreadsOption,
    DisplayOptions,
    SelectionOptions {
  /** Read on as files grow. */
  readonly follow?: true;
  readonly output: 'text' | 'json' | 'md' | 'html' | 'openmetrics';
  readonly out?: string;
  readonly verdicts?: string;
  readonly by?: readonly string[];
  readonly top: number;
  readonly rule?: readonly string[];
  readonly stage?: readonly string[];
  readonly minParseRate?: number;
}

export function addReadingOptions(command: Command): Command {
  return command
    .optionsGroup('Reading:')
    .addOption(
      new Option('--rules <path>', 'rule file or folder of your own (repeatable)').argParser(
        repeated,
      ),
    )
    .addOption(
      new Option(
        '--mapping <file>',
        'file that says how your logs name fields and stages (repeatable)',
      ).argParser(repeated),
    )
    .addOption(
      new Option(
        '--map <field=path>',
        'one field of your logs, e.g. login.state=ctx.st (repeatable)',
      ).argParser(fieldPath),
    )
    .addOption(
      new Option(
        '--input-format <form>',
        'form of the input; each line and file says itself what it is (docs/inputs.md)',
      )
        .choices(INPUT_FORMATS)
        .default('auto'),
    )
    .option('--tz <zone>', 'zone of times that name none, and of times shown', 'UTC')
    .addOption(
      new Option('--max-line-bytes <size>', 'reject longer lines')
        .argParser(byteCount('--max-line-bytes'))
        .default(4 * 1024 ** 2, '4MiB'),
    )
    .option('--no-kernel', 'read without the WebAssembly kernel, slower and with the same result')
    .option('-q, --quiet', 'no progress and no notices');
}

export function threadsOption(): Option {
  return new Option(
    '--threads <n>',
    'threads that read large input; by default one a core, up to 8; on two cores, one for less than 1 GB',
  ).argParser(positiveInteger('--threads'));
}

export function addDisplayOptions(command: Command): Command {
  return command
    .optionsGroup('Display:')
    .addOption(
      new Option('--lang <lang>', 'language of the report').choices(['en', 'zh']).default('en'),
    )
    .addOption(
      new Option('--color <when>', 'colour; NO_COLOR switches it off, too')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    )
    .option('--ascii', 'plain ASCII instead of bars and blocks')
    .option('--show-ids', 'show ids in clear instead of short hashes')
    .option('--no-pager', 'on a terminal, print at once what is longer than the screen');
}

export function addSelectionOptions(command: Command): Command {
  return command
    .optionsGroup('Selection:')
    .option('--since <time>', 'only logins begun since: -6h before the last event, or a time')
    .option('--until <time>', 'only logins begun before')
    .option(
      '-w, --where <condition>',
      "only logins that fulfil it, e.g. 'region=sh && version~8.0'",
    );
}

export function addAnalyzeOptions(command: Command): Command {
  addSelectionOptions(command)
    .addOption(
      new Option('--rule <name>', 'only failures with this cause or class (repeatable)').argParser(
        list('--rule'),
      ),
    )
    .addOption(
      new Option('--stage <stage>', 'only failures at this stage (repeatable)').argParser(
        list('--stage'),
      ),
    );
  command
    .optionsGroup('Report:')
    .addOption(
      new Option('-o, --output <format>', 'format of the report')
        .choices(['text', 'json', 'md', 'html', 'openmetrics'])
        .default('text'),
    )
    .option('--out <file>', 'write the report to a file')
    .option('--verdicts <file>', 'write one JSON line for each login; - for standard output')
    .addOption(
      new Option('--by <fields>', 'break the failure rate down, e.g. region,version').argParser(
        list('--by'),
      ),
    )
    .addOption(topOption(10))
    .addOption(
      new Option(
        '--min-parse-rate <share>',
        'exit 3 when a smaller share of the lines can be read',
      ).argParser(ratio('--min-parse-rate')),
    );
  return addDisplayOptions(addReadingOptions(command).addOption(threadsOption()));
}

export function topOption(rows: number): Option {
  return new Option('--top <n>', 'rows of each list')
    .argParser(positiveInteger('--top'))
    .default(rows);
}
