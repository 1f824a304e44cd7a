import { allCommands, type CommandNode, type OptionNode, type ValueNode } from './command-tree.ts';

/** Completions for fish, from 3.0 on. */
export function fishCompletions(program: CommandNode): string {
  const commands = allCommands(program);
  const at = `__${program.name}_at`;
  return `# fish completions for ${program.name}: ${program.name} completions fish > ~/.config/fish/completions/${program.name}.fish

# Whether the words so far lead to this command.
function ${at}
    set -l command ${program.name}
    for word in (commandline -opc)[2..-1]
        switch "$command $word"
            case ${commands
              .slice(1)
              .map(({ path }) => `'${path}'`)
              .join(' ')}
                set command "$command $word"
            case '* --'
                return 1
        end
    end
    test "$command" = "$argv"
end

complete -c ${program.name} -f
${commands.flatMap((command) => linesOf(command, `complete -c ${program.name} -n '${at} ${command.path}'`)).join('\n')}
`;
}

function linesOf(command: CommandNode, complete: string): string[] {
  return [
    ...command.commands.map(({ name, description }) => `${complete} -a ${name} -d ${quoted(description)}`),
    ...command.arguments.flatMap((argument) =>
      argument.choices.map((choice) => `${complete} -a ${choice} -d ${quoted(argument.description)}`),
    ),
    ...command.options.map((option) => [complete, ...flagsOf(option), `-d ${quoted(option.description)}`].join(' ')),
  ];
}

function flagsOf({ flags, value }: OptionNode): string[] {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, ...(value?.required === true ? [valueOf(value)] : [])];
}

function valueOf({ kind, choices }: ValueNode): string {
  switch (kind) {
    case 'file':
      return '-r -F';
    case 'directory':
      return "-x -a '(__fish_complete_directories)'";
    case 'choice':
      return `-x -a '${choices.join(' ')}'`;
    case 'text':
      return '-x';
  }
}

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;
