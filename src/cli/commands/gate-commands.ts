import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import type { Ends } from '../ending.ts';
import { list, positiveInteger, ratio, repeated } from '../option-values.ts';
import {
  addDisplayOptions,
  addReadingOptions,
  addSelectionOptions,
  threadsOption,
} from '../options.ts';
import type { BaselineLogOptions, BaselineShowOptions } from './baseline.ts';
import type { CompareOptions } from './compare.ts';
import type { GateOptions } from './gate.ts';

const LOGS = 'log files, folders, patterns; - for standard input';

/** Adds `gate`, `baseline …` and `compare`: whether logins fail more than they did. */
export function addGateCommands(program: Command, context: Context, ends: Ends): void {
  addGate(program, context, ends);
  addBaseline(program, context, ends);
  addCompare(program, context, ends);
}

function addGate(program: Command, context: Context, ends: Ends): void {
  const gate = program
    .command('gate')
    .description('fail when logins fail more than they did, or than they may')
    .argument('[files...]', LOGS)
    .optionsGroup('Gate:')
    .addOption(configOption())
    .option('--baseline <file>', 'what to compare with; made by scanlens baseline create')
    .addOption(
      new Option(
        '--fail-if <condition>',
        "e.g. 'failure_rate > baseline + 0.5pp' (repeatable)",
      ).argParser(repeated),
    )
    .option('--max-failure-rate <share>', "the same as --fail-if 'failure_rate > SHARE'");
  addSelectionOptions(gate);
  gate
    .optionsGroup('Report:')
    .addOption(
      new Option('-o, --output <format>', 'format of the report')
        .choices(['text', 'json', 'md', 'junit'])
        .default('text'),
    )
    .option('--out <file>', 'write the report to a file')
    .option('--junit <file>', 'write JUnit XML to a file, whatever the report is')
    .addOption(
      new Option('--ci <host>', 'mark the run and its summary as this host wants')
        .choices(['auto', 'github', 'none'])
        .default('auto'),
    )
    .addOption(topOption());
  addDisplayOptions(addReadingOptions(gate.addOption(parseRateOption())).addOption(threadsOption()))
    .addHelpText(
      'after',
      `
Examples:
  scanlens gate app.log
  scanlens gate app.log --baseline .scanlens/baseline.json --fail-if 'failure_rate > baseline + 0.5pp'
  scanlens gate app.log --max-failure-rate 5% --junit gate.xml
  scanlens gate app.log --fail-if 'p95(exchange) > baseline * 1.25' -o md --out gate.md

Checks come from scanlens.yaml, in this folder or one above, and from --fail-if. See docs/gate.md.

Exit codes: 0 passed, 1 failed, 2 wrong usage or configuration, 3 unusable input,
4 inconclusive with on_inconclusive: fail`,
    )
    .action(
      ends(async (files: string[], options: GateOptions) => {
        const { gate: run } = await import('./gate.ts');
        return run(files, options, context);
      }),
    );
}

function addBaseline(program: Command, context: Context, ends: Ends): void {
  const baseline = program
    .command('baseline')
    .description('make, add up and show what the gate compares with')
    .addHelpText(
      'after',
      `
Examples:
  scanlens baseline create last-week.log --out .scanlens/baseline.json
  scanlens baseline update today.log --baseline .scanlens/baseline.json --keep 14
  scanlens baseline merge a.json b.json --out both.json
  scanlens baseline show .scanlens/baseline.json`,
    );

  addLogOptions(
    baseline
      .command('create')
      .description('count logs into a new baseline')
      .argument('[files...]', LOGS)
      .option(
        '--out <file>',
        'where to; else gate.baseline of scanlens.yaml, else standard output',
      ),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  scanlens baseline create last-week.log --out .scanlens/baseline.json --strata region',
    )
    .action(
      ends(async (files: string[], options: BaselineLogOptions & { readonly out?: string }) => {
        const { createBaseline } = await import('./baseline.ts');
        return createBaseline(files, options, context);
      }),
    );

  addLogOptions(
    baseline
      .command('update')
      .description('add the window of these logs to a baseline, and let the oldest go')
      .argument('[files...]', LOGS)
      .option('--baseline <file>', 'which; else gate.baseline of scanlens.yaml')
      .addOption(
        new Option('--keep <n>', 'windows that stay')
          .argParser(positiveInteger('--keep'))
          .default(14),
      ),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  scanlens baseline update today.log --baseline .scanlens/baseline.json --keep 14',
    )
    .action(
      ends(
        async (
          files: string[],
          options: BaselineLogOptions & { readonly baseline?: string; readonly keep: number },
        ) => {
          const { updateBaselineFile } = await import('./baseline.ts');
          return updateBaselineFile(files, options, context);
        },
      ),
    );

  baseline
    .command('merge')
    .description('add baselines up, e.g. those of several machines')
    .argument('<files...>', 'baseline files')
    .option('--out <file>', 'where to; else standard output')
    .addHelpText('after', '\nExamples:\n  scanlens baseline merge a.json b.json --out both.json')
    .action(
      ends(async (files: string[], options: { readonly out?: string }) => {
        const { mergeBaselineFiles } = await import('./baseline.ts');
        return mergeBaselineFiles(files, options, context);
      }),
    );

  addDisplayOptions(
    baseline
      .command('show')
      .description('show what a baseline holds, and how small a rise it can tell')
      .argument('<file>', 'baseline file')
      .option('--tz <zone>', 'zone of times shown', 'UTC')
      .addOption(topOption()),
  )
    .addHelpText('after', '\nExamples:\n  scanlens baseline show .scanlens/baseline.json')
    .action(
      ends(async (file: string, options: BaselineShowOptions) => {
        const { showBaseline } = await import('./baseline.ts');
        return showBaseline(file, options, context);
      }),
    );
}

function addCompare(program: Command, context: Context, ends: Ends): void {
  const compare = program
    .command('compare')
    .description('show what moved between two times')
    .argument('<before>', 'log file, folder or pattern, or a baseline file')
    .argument('<after>', 'the same');
  addSelectionOptions(compare);
  compare
    .optionsGroup('Report:')
    .addOption(
      new Option('-o, --output <format>', 'format of the report')
        .choices(['text', 'json', 'md'])
        .default('text'),
    )
    .option('--out <file>', 'write the report to a file')
    .addOption(
      new Option('--by <fields>', 'compare like with like, e.g. region,version_major').argParser(
        list('--by'),
      ),
    )
    .addOption(topOption())
    .addOption(parseRateOption());
  addDisplayOptions(addReadingOptions(compare).addOption(threadsOption()))
    .addHelpText(
      'after',
      `
Examples:
  scanlens compare yesterday.log today.log
  scanlens compare .scanlens/baseline.json today.log --by region`,
    )
    .action(
      ends(async (before: string, after: string, options: CompareOptions) => {
        const { compareSides } = await import('./compare.ts');
        return compareSides(before, after, options, context);
      }),
    );
}

function addLogOptions(command: Command): Command {
  command
    .addOption(configOption())
    .addOption(
      new Option(
        '--strata <fields>',
        'group flows by; else gate.strata of scanlens.yaml',
      ).argParser(list('--strata')),
    )
    .addOption(parseRateOption());
  return addReadingOptions(addSelectionOptions(command)).addOption(threadsOption());
}

function configOption(): Option {
  return new Option(
    '--config <file>',
    'configuration; else scanlens.yaml in this folder or the nearest above',
  );
}

function topOption(): Option {
  return new Option('--top <n>', 'rows of each list')
    .argParser(positiveInteger('--top'))
    .default(10);
}

function parseRateOption(): Option {
  return new Option(
    '--min-parse-rate <share>',
    'exit 3 when a smaller share of the lines can be read',
  ).argParser(ratio('--min-parse-rate'));
}
