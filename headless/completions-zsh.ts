import { allCommands, type ArgumentNode, type CommandNode, type OptionNode, type ValueNode } from './command-tree.ts';

/** Completions for zsh: a file of the function path, or code for .zshrc once `compinit` has run. */
export function zshCompletions(program: CommandNode): string {
  const { name } = program;
  return `#compdef ${name}
# zsh completions for ${name}. In ~/.zshrc, after compinit: eval "$(${name} completions zsh)"

${allCommands(program).map(functionOf).join('\n\n')}

if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function functionOf(command: CommandNode): string {
  const options = command.options.map(optionSpec);
  const body =
    command.commands.length === 0
      ? [argumentsCall([...options, ...command.arguments.map(argumentSpec)])]
      : [
          'local curcontext=$curcontext state line',
          'local -A opt_args',
          argumentsCall([...options, quoted('1: :->command'), quoted('*:: :->rest')], '-C '),
          'case $state in',
          '  command)',
          '    local -a commands=(',
          ...command.commands.map(({ name, description }) => `      ${quoted(`${name}:${description}`)}`),
          '    )',
          "    _describe -t commands 'command' commands",
          '    ;;',
          '  rest)',
          '    case $line[1] in',
          ...command.commands.map((child) => `      ${child.name}) ${functionName(child)} ;;`),
          '    esac',
          '    ;;',
          'esac',
        ];
  return [`${functionName(command)}() {`, ...body.map((line) => `  ${line}`), '}'].join('\n');
}

const functionName = ({ path }: CommandNode): string => `_${path.replaceAll(' ', '_')}`;

function argumentsCall(specs: readonly string[], mode = ''): string {
  return [`_arguments ${mode}-s`, ...specs].join(' \\\n    ');
}

/** `'(-i --identity)'{-i+,--identity=}'[private key file]:key:_files'`; what may be given again has a star and no group. */
function optionSpec({ flags, description, value }: OptionNode): string {
  const spellings = flags.map((flag) => (value === undefined ? flag : flag.startsWith('--') ? `${flag}=` : `${flag}+`));
  const rest = `[${bracketed(description)}]${value === undefined ? '' : valueSpec(value)}`;
  const again = value?.variadic === true ? '*' : '';
  if (spellings.length === 1) return quoted(`${again}${spellings.join('')}${rest}`);
  const group = again === '' ? `(${flags.join(' ')})` : again;
  return `${quoted(group)}{${spellings.join(',')}}${quoted(rest)}`;
}

const argumentSpec = (argument: ArgumentNode, index: number): string =>
  quoted(`${argument.variadic ? '*' : index + 1}${valueSpec(argument)}`);

function valueSpec({ name, kind, choices, required, variadic }: ValueNode): string {
  return `${required || variadic ? ':' : '::'}${name}:${action()}`;

  function action(): string {
    switch (kind) {
      case 'file':
        return '_files';
      case 'directory':
        return '_files -/';
      case 'choice':
        return `(${choices.join(' ')})`;
      case 'text':
        return ' ';
    }
  }
}

const bracketed = (text: string): string => text.replace(/[[\]\\:]/g, '\\$&');
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
