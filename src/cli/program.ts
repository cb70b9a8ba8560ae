import { Argument, Command, CommanderError } from 'commander';
import { closestName, InputError } from '../model/index.ts';
import type { DetectOptions } from './commands/detect.ts';
import { addGateCommands } from './commands/gate-commands.ts';
import { addRulesCommands } from './commands/rules-commands.ts';
import { candidates, completionScript, SHELLS, type Shell } from './completion.ts';
import type { Context } from './context.ts';
import { DONE, type Ending } from './ending.ts';
import {
  type AnalyzeOptions,
  addAnalyzeOptions,
  addDisplayOptions,
  addReadingOptions,
  type DisplayOptions,
  type ReadingOptions,
  topOption,
} from './options.ts';

/**
 * Finds the command in `argv` (without the program's own name), runs it and tells how it ended.
 * Each command's code is loaded when it is called for: most runs need one.
 */
export async function runProgram(argv: readonly string[], context: Context): Promise<Ending> {
  let help = '';
  let ending: Ending = DONE;
  /** Keeps what the action returns: commander has no place for it. */
  const ends =
    <A extends unknown[]>(action: (...args: A) => Promise<Ending>) =>
    async (...args: A) => {
      ending = await action(...args);
    };
  const program = new Command('scanlens')
    .description(
      'Finds out how many WeChat scan logins fail, where, why and what to do,\nfrom the logs you already have.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => undefined,
      getOutHelpWidth: () => context.io.stdout.columns ?? 100,
      getOutHasColors: () => false,
    })
    .option('-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText(
      'after',
      `
Examples:
  scanlens app.log                         report on one file
  scanlens 'logs/**/*.log.gz' --since -6h  the last six hours of many
  kubectl logs deploy/login | scanlens -   whatever a pipe brings
  scanlens app.log -o json > report.json   for programs
  scanlens explain f-8c21e0a4b7d3 app.log  one login, step by step
  scanlens detect app.log                  what was understood, what was not
  scanlens watch 'logs/*.log'              as the files grow, rotate and appear
  scanlens gate app.log                    for CI: do logins fail more than they did?

All options of the report: scanlens help analyze

Exit codes: 0 fine, 1 findings or a failed gate, 2 wrong usage or rules, 3 unusable input,
4 an inconclusive gate that was told to fail, 130 interrupted`,
    );

  addAnalyzeOptions(
    program
      .command('analyze', { isDefault: true })
      .description('report how many logins fail, where, why and what to do (the default)')
      .argument('[files...]', 'log files, folders, patterns; - for standard input'),
  )
    .addHelpText(
      'after',
      `
Examples:
  scanlens app.log
  scanlens logs/ --by region,version --top 5
  scanlens app.log -w 'region=sh && version~8.0' --since 2026-11-23T08:00 --tz Asia/Shanghai
  scanlens app.log --rule state_mismatch --lang zh
  scanlens app.log -o md --out report.md --verdicts verdicts.ndjson`,
    )
    .optionsGroup('Reading:')
    .option('-F, --follow', 'read on as the files grow, rotate and appear, until interrupted')
    .action(
      ends(async (files: string[], options: AnalyzeOptions) => {
        const { analyze } = await import('./commands/analyze.ts');
        return analyze(files, options, context).catch((error) => {
          throw misspeltCommand(error, files, program);
        });
      }),
    );

  addAnalyzeOptions(
    program
      .command('watch')
      .description('report on files as they grow, rotate and appear, as analyze --follow does')
      .argument('[files...]', 'log files, folders, patterns; - for standard input'),
  )
    .addHelpText(
      'after',
      `
Examples:
  scanlens watch 'logs/*.log'
  kubectl logs -f deploy/login | scanlens watch -`,
    )
    .action(
      ends(async (files: string[], options: AnalyzeOptions) => {
        const { analyze } = await import('./commands/analyze.ts');
        return analyze(files, { ...options, follow: true }, context);
      }),
    );

  addDisplayOptions(
    addReadingOptions(
      program
        .command('explain')
        .description('show one login: its stages, lines, and why each rule matched or did not')
        .argument('<id>', 'flow id, or a QR code, ticket, scene, state, code, trace or request id')
        .argument('[files...]', 'log files, folders, patterns; - for standard input'),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  scanlens explain f-8c21e0a4b7d3 app.log
  scanlens explain 4bf92f3577b34da6a3ce929d0e0e4736 'logs/*.log.gz'
  zcat app.log.gz | scanlens explain qr_19 -`,
    )
    .action(
      ends(async (id: string, files: string[], options: ReadingOptions & DisplayOptions) => {
        const { explain } = await import('./commands/explain.ts');
        return explain(id, files, options, context);
      }),
    );

  addDisplayOptions(
    addReadingOptions(
      program
        .command('detect')
        .description('show what of the logs was understood, and what was not')
        .argument('[files...]', 'log files, folders, patterns; - for standard input')
        .addOption(topOption(20)),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  scanlens detect app.log
  scanlens detect app.log --mapping my-service.yaml`,
    )
    .action(
      ends(async (files: string[], options: DetectOptions) => {
        const { detect } = await import('./commands/detect.ts');
        return detect(files, options, context);
      }),
    );

  addGateCommands(program, context, ends);
  addRulesCommands(program, context, ends);

  program
    .command('schema')
    .description('print the JSON Schema of an output or file format')
    .argument('[name]', 'which one; without a name, their list')
    .addHelpText(
      'after',
      `
Examples:
  scanlens schema
  scanlens schema report > report.schema.json`,
    )
    .action(
      ends(async (name: string | undefined) => {
        const { schema } = await import('./commands/schema.ts');
        return schema(name, context);
      }),
    );

  addAnalyzeOptions(
    program
      .command('demo')
      .description('report on the bundled logs of a made-up day: a first look without your own'),
  )
    .addHelpText(
      'after',
      `
Examples:
  scanlens demo
  scanlens demo --by region --lang zh`,
    )
    .action(
      ends(async (options: AnalyzeOptions) => {
        const { demo } = await import('./commands/demo.ts');
        return demo(options, context);
      }),
    );

  program
    .command('completion')
    .description('print the script that lets a shell complete commands and options')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  scanlens completion bash >> ~/.bashrc
  scanlens completion zsh > "\${fpath[1]}/_scanlens"
  scanlens completion fish > ~/.config/fish/completions/scanlens.fish`,
    )
    .action(
      ends(async (shell: Shell) => {
        await context.stdout.write(completionScript(shell));
        return DONE;
      }),
    );

  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(
      ends(async (words: string[]) => {
        const lines = candidates(program, words).map(
          ({ word, description }) => `${word}\t${description}\n`,
        );
        await context.stdout.write(lines.join(''));
        return DONE;
      }),
    );

  program.on('option:version', () => {
    throw new CommanderError(0, 'commander.version', '');
  });

  try {
    await program.parseAsync(argv, { from: 'user' });
    return ending;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.version') {
      const { packageVersion } = await import('./package-files.ts');
      await context.stdout.write(`${await packageVersion()}\n`);
      return DONE;
    }
    if (HELP_CODES.has(error.code)) {
      await context.stdout.write(help);
      return DONE;
    }
    throw usageError(error);
  }
}

/** What is no file may have been meant as a command: anything unknown goes to `analyze`. */
function misspeltCommand(error: unknown, files: readonly string[], program: Command): unknown {
  const [first] = files;
  if (!(error instanceof InputError) || error.code !== 'no-such-file') return error;
  if (error.at !== first || error.hint !== undefined) return error;
  const near = closestName(
    first,
    program.commands.map((command) => command.name()),
  );
  if (near === undefined) return error;
  return new InputError(error.code, {
    message: error.message,
    at: error.at,
    hint: `did you mean the command ${near}?`,
    exitCode: error.exitCode,
  });
}

const HELP_CODES: ReadonlySet<string> = new Set(['commander.help', 'commander.helpDisplayed']);

/** Commander's `error: … \n(Did you mean …?)` in our own form. */
function usageError({ code, message }: CommanderError): InputError {
  const [, text, hint] = /^(?:error: )?(.*?)\.?(?:\n\((.*)\))?$/s.exec(message) ?? [];
  return new InputError(code.replace('commander.', 'usage-'), {
    message: text ?? message,
    hint: hint === undefined ? 'see scanlens --help' : lowerFirst(hint),
  });
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
