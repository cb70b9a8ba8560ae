import type { Command, Option } from 'commander';

/** A word that may come next. */
export interface Candidate {
  readonly word: string;
  readonly description: string;
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/**
 * What could stand in place of the last word. Where a file or a free value belongs there is
 * nothing to offer, and shells fall back to the names of files.
 * @param words the command line after the program's name; the last one is unfinished, or empty
 */
export function candidates(program: Command, words: readonly string[]): readonly Candidate[] {
  const before = words.slice(0, -1);
  const begun = words.at(-1) ?? '';
  const { command, named } = commandOf(program, before);
  const startsAsTyped = ({ word }: Candidate) => word.startsWith(begun);

  const awaiting = optionsOf(command).find((option) => takesValue(option, before.at(-1)));
  if (awaiting !== undefined)
    return (awaiting.argChoices ?? [])
      .map((word) => ({ word, description: '' }))
      .filter(startsAsTyped);
  if (begun.startsWith('-'))
    return optionsOf(command)
      .map(({ long, short, description }) => ({ word: long ?? short ?? '', description }))
      .filter(startsAsTyped);
  if (named < before.length) return [];
  return [
    ...command
      .createHelp()
      .visibleCommands(command)
      .map((sub) => ({ word: sub.name(), description: sub.description() })),
    ...command.registeredArguments.flatMap(({ argChoices }) =>
      (argChoices ?? []).map((word) => ({ word, description: '' })),
    ),
  ].filter(startsAsTyped);
}

/** The command that the words lead to, and how many of them it took to name it. */
function commandOf(program: Command, words: readonly string[]) {
  let command = program;
  let named = 0;
  for (const word of words) {
    const next = command.commands.find((sub) => sub.name() === word);
    if (next === undefined) break;
    command = next;
    named++;
  }
  return { command, named };
}

/** With the options of the default command where no command is named. */
function optionsOf(command: Command): readonly Option[] {
  const own = command.createHelp().visibleOptions(command);
  const fallback = command.parent === null ? command.commands[0] : undefined;
  return fallback === undefined ? own : [...own, ...fallback.createHelp().visibleOptions(fallback)];
}

function takesValue({ long, short, required }: Option, word: string | undefined): boolean {
  return required && word !== undefined && (word === long || word === short);
}

/** The script that a shell reads once; it asks `scanlens complete` at each press of the key. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_scanlens() {
  local IFS=$'\\n'
  COMPREPLY=($(scanlens complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _scanlens scanlens
`,
  zsh: `#compdef scanlens
_scanlens() {
  local -a found
  found=("\${(@f)$(scanlens complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then
    found=("\${(@)found/$'\\t'/:}")
    _describe scanlens found
  else
    _files
  fi
}
compdef _scanlens scanlens
`,
  fish: `complete -c scanlens -a '(scanlens complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};
