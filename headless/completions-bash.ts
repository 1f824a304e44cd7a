import { allCommands, type CommandNode, type OptionNode } from './command-tree.ts';

/** Completions for bash, from 3.2 (macOS) on. */
export function bashCompletions(program: CommandNode): string {
  const commands = allCommands(program);
  const below = commands.slice(1).map(({ path }) => `'${path}'`);
  const complete = `_${program.name}`;
  return `# bash completions for ${program.name}. In ~/.bashrc: eval "$(${program.name} completions bash)"

${complete}_files() {
  compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$1"))
}

${complete}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command=${program.name} words= i
  COMPREPLY=()
  # bash takes --option=value for three words
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command \${COMP_WORDS[i]}" in
      ${below.join(' | ')}) command+=" \${COMP_WORDS[i]}" ;;
      *' --') return ;;
    esac
  done
  case $command in
${commands.map((command) => caseOf(command, complete)).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -F ${complete} ${program.name}
`;
}

function caseOf(command: CommandNode, complete: string): string {
  const words = [...command.commands.map(({ name }) => name), ...command.arguments.flatMap(({ choices }) => choices)];
  const flags = command.options.flatMap((option) => option.flags);
  return [
    `    '${command.path}')`,
    '      case $prev in',
    ...command.options
      .filter(({ value }) => value?.required === true)
      .map((option) => `        ${option.flags.join(' | ')}) ${afterFlag(option, complete)} ;;`),
    `        *) if [[ $cur == -* ]]; then words='${flags.join(' ')}'; else words='${words.join(' ')}'; fi ;;`,
    '      esac',
    '      ;;',
  ].join('\n');
}

function afterFlag({ value }: OptionNode, complete: string): string {
  switch (value?.kind) {
    case 'file':
      return `${complete}_files "$cur"; return`;
    case 'directory':
      return 'COMPREPLY=($(compgen -d -- "$cur")); return';
    case 'choice':
      return `words='${value.choices.join(' ')}'`;
    case 'text':
    case undefined:
      return 'return';
  }
}
