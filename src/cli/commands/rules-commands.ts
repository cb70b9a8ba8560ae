import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import type { Ends } from '../ending.ts';
import { ratio, repeated } from '../option-values.ts';
import { addDisplayOptions, addReadingOptions } from '../options.ts';
import type { DocsCommandOptions } from './rules-docs.ts';
import type { ExplainCommandOptions } from './rules-explain.ts';
import type { LintCommandOptions } from './rules-lint.ts';
import type { RulesOptions } from './rules-list.ts';
import type { MatchCommandOptions } from './rules-match.ts';
import type { NewCommandOptions } from './rules-new.ts';
import type { TestCommandOptions } from './rules-test.ts';

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
  scanlens rules explain state_mismatch --flow f-8c21e0a4b7d3 app.log
  tail -1 app.log | scanlens rules new --from - --out my-rules/new.yml

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

  addDisplayOptions(
    addReadingOptions(
      rules
        .command('explain')
        .description('tell which parts of a rule hold for a login or an event, and which do not')
        .argument('<name>', 'name or id of the rule')
        .argument('[files...]', 'logs that the login is in')
        .option('--flow <id>', 'the login, by any of its ids')
        .option('--event <json>', 'an event, or a flow record'),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  scanlens rules explain state_mismatch --flow f-8c21e0a4b7d3 app.log
  scanlens rules explain wx_code_invalid --event '{"wechat.errcode": 40029}'`,
    )
    .action(
      ends(async (name: string, files: string[], options: ExplainCommandOptions) => {
        const { explainOne } = await import('./rules-explain.ts');
        return explainOne(name, files, options, context);
      }),
    );

  addReadingOptions(
    rules
      .command('new')
      .description('write the beginning of a rule from a log line or a login')
      .requiredOption(
        '--from <file>',
        'log with the login, or lines, of which the first that tells something is taken; - for standard input',
      )
      .option('--flow <id>', 'make the rule from this login')
      .option('--name <name>', 'name of the rule')
      .option('--out <file>', 'write to a file instead of standard output'),
  )
    .addHelpText(
      'after',
      `
Examples:
  tail -1 app.log | scanlens rules new --from - --out my-rules/new.yml
  scanlens rules new --from app.log --flow f-8c21e0a4b7d3`,
    )
    .action(
      ends(async (options: NewCommandOptions) => {
        const { create } = await import('./rules-new.ts');
        return create(options, context);
      }),
    );

  rules
    .command('docs')
    .description('write a page for each rule and an index, in English and Chinese')
    .addOption(ownRules())
    .option('--out <folder>', 'where the pages go', 'docs/rules')
    .option('--check', 'write nothing; exit 1 when a page is out of date')
    .addHelpText(
      'after',
      '\nExamples:\n  scanlens rules docs --rules my-rules/ --out docs/my-rules',
    )
    .action(
      ends(async (options: DocsCommandOptions) => {
        const { docs } = await import('./rules-docs.ts');
        return docs(options, context);
      }),
    );

  rules
    .command('schema')
    .description('print the JSON Schema of rule files, for editors')
    .addHelpText('after', '\nExamples:\n  scanlens rules schema > rule.schema.json')
    .action(
      ends(async () => {
        const { schema } = await import('./schema.ts');
        return schema('rule', context);
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
