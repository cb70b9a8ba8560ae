import { type Command, Option } from 'commander';
import type { Ending } from '../ending.ts';
import { repeated } from '../option-values.ts';
import type { Context } from '../program.ts';

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
  scanlens rules show wx_code_invalid`,
    );

  common(rules.command('list').description('list the rules with their class, level and title'))
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

  common(
    rules
      .command('show')
      .description('print one rule: what it means, what to do, and its text')
      .argument('<name>', 'name, class or id of the rule'),
  )
    .addHelpText('after', '\nExamples:\n  scanlens rules show wx_code_invalid --lang zh')
    .action(
      ends(async (name: string, options: RulesOptions) => {
        const { showRule } = await import('./rules-list.ts');
        return showRule(name, options, context);
      }),
    );
}

function common(command: Command): Command {
  return command
    .addOption(
      new Option('--rules <path>', 'rule file or folder of your own (repeatable)').argParser(
        repeated,
      ),
    )
    .addOption(new Option('--lang <lang>', 'language').choices(['en', 'zh']).default('en'));
}
