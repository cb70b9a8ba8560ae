import { type Command, Option } from 'commander';
import type { Ending } from '../ending.ts';
import { ratio, repeated } from '../option-values.ts';
import type { Context } from '../program.ts';
import type { LintCommandOptions } from './rules-lint.ts';
import type { MatchCommandOptions } from './rules-match.ts';
import type { TestCommandOptions } from './rules-test.ts';

/** Wraps an action so that what it returns becomes the run's ending. */
type Ends = <A extends unknown[]>(
  action: (...args: A) => Promise<Ending>,
) => (...args: A) => Promise<void>;

export interface RulesOptions {
  readonly rules?: readonly string[];
  readonly lang: 'en' | 'zh';
}

/** Adds `rules …`, the workshop: what there is, whether it is right, and how to make more. */
export function addRulesCommands(program: Command, context: Context, ends: Ends): void {
  const rules = program
    .command('rules')
    .description('look at the rules, check and test them, write new ones')
    .addHelpText(
      'after',
      `
Examples:
  scanlens rules list
  scanlens rules show wx_code_invalid
  scanlens rules lint my-rules/
  scanlens rules test --rules my-rules/
  scanlens rules match app.log

Exit codes: 0 fine, 1 findings (warnings, failed tests), 2 broken rules or wrong usage`,
    );

  rules
    .command('list')
    .description('list the rules: name, class, scope, effect, level, title')
    .addOption(ownRules())
    .addOption(language())
    .addOption(
      new Option('--effect <effect>', 'only rules of this effect').choices([
        'failure',
        'abandoned',
        'benign',
        'finding',
      ]),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  scanlens rules list\n  scanlens rules list --effect benign',
    )
    .action(
      ends(async (options: RulesOptions & { readonly effect?: string }) => {
        const { listRules } = await import('./rules-list.ts');
        return listRules(options, context);
      }),
    );

  rules
    .command('show')
    .description('print a rule: what it means, what to do, and its text')
    .argument('<name>', 'name, class or id')
    .addOption(ownRules())
    .addOption(language())
    .addHelpText('after', '\nExamples:\n  scanlens rules show wx_code_invalid --lang zh')
    .action(
      ends(async (name: string, options: RulesOptions) => {
        const { showRule } = await import('./rules-list.ts');
        return showRule(name, options, context);
      }),
    );

  rules
    .command('lint')
    .description('check rule files: every mistake at once, each with its place')
    .argument('[paths...]', 'rule files or folders; without any, the built-in library')
    .addOption(
      new Option('-o, --output <format>', 'format of the problems')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
    .option('--update-lock', 'write the ids and contents of the built-in rules to their lock file')
    .addHelpText(
      'after',
      '\nExamples:\n  scanlens rules lint my-rules/\n  scanlens rules lint my-rules/ -o sarif > rules.sarif',
    )
    .action(
      ends(async (paths: string[], options: LintCommandOptions) => {
        const { lint } = await import('./rules-lint.ts');
        return lint(paths, options, context);
      }),
    );

  rules
    .command('test')
    .description('run the tests in rule files and *.test.yml files beside them')
    .argument('[names...]', 'only these rules, by name, class or id')
    .addOption(ownRules())
    .option('--mutate', 'drop each leaf of each rule and see that a test notices')
    .addOption(
      new Option(
        '--min-coverage <share>',
        'exit 1 when fewer leaves are seen both true and false',
      ).argParser(ratio('--min-coverage')),
    )
    .option('--junit <file>', 'also write JUnit XML')
    .option('--watch', 'run again whenever a rule file changes')
    .addHelpText(
      'after',
      '\nExamples:\n  scanlens rules test\n  scanlens rules test my_rule --rules my-rules/ --mutate',
    )
    .action(
      ends(async (names: string[], options: TestCommandOptions) => {
        const { test } = await import('./rules-test.ts');
        return test(names, options, context);
      }),
    );

  rules
    .command('match')
    .description('tell for each event which rules match it, the strongest first')
    .argument('[events...]', 'files with an event a line, JSON or text; - for standard input')
    .addOption(ownRules())
    .addOption(
      new Option('--mapping <file>', 'mapping file of your own (repeatable)').argParser(repeated),
    )
    .option('--only', 'leave the built-in library out')
    .option('--any-logsource', 'take rules of every product and category')
    .addOption(new Option('-o, --output <format>', 'format').choices(['ndjson']).default('ndjson'))
    .addHelpText(
      'after',
      '\nExamples:\n  scanlens rules match app.log\n  scanlens rules match --rules sigma/ --only --any-logsource events.ndjson',
    )
    .action(
      ends(async (files: string[], options: MatchCommandOptions) => {
        const { match } = await import('./rules-match.ts');
        return match(files, options, context);
      }),
    );
}

function ownRules(): Option {
  return new Option('--rules <path>', 'rule file or folder of your own (repeatable)').argParser(
    repeated,
  );
}

function language(): Option {
  return new Option('--lang <lang>', 'language').choices(['en', 'zh']).default('en');
}
