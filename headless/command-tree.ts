import type { Argument, Command, Option } from 'commander';

/** What a value on the command line is, as far as a shell can help with it. */
export type ValueKind = 'file' | 'directory' | 'choice' | 'text';

export interface ValueNode {
  /** As the help calls it: `key` of `--identity <key>`. */
  readonly name: string;
  readonly kind: ValueKind;
  /** What it may be; empty unless it is a choice. */
  readonly choices: readonly string[];
  readonly required: boolean;
  readonly variadic: boolean;
}

export interface ArgumentNode extends ValueNode {
  readonly description: string;
}

export interface OptionNode {
  /** All its spellings, the short one first: `-i`, `--identity`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** The description with the choices and the default, as the help has it. */
  readonly details: string;
  /** Undefined for a switch. */
  readonly value: ValueNode | undefined;
}

/** A command of the command line, as completions and the manual show it. */
export interface CommandNode {
  readonly name: string;
  /** With those that it belongs to: `towline hosts add`. */
  readonly path: string;
  readonly description: string;
  /** What may follow it: `[options] <target>`. */
  readonly usage: string;
  readonly arguments: readonly ArgumentNode[];
  readonly options: readonly OptionNode[];
  readonly commands: readonly CommandNode[];
}

/** A program and everything that its help shows, from commander's own definitions. */
export function commandTree(command: Command, before: readonly string[] = []): CommandNode {
  const help = command.createHelp();
  const words = [...before, command.name()];
  return {
    name: command.name(),
    path: words.join(' '),
    description: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map((argument) => ({
      ...valueOf(argument.name(), argument),
      description: argument.description,
    })),
    options: help.visibleOptions(command).map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined),
      description: option.description,
      details: help.optionDescription(option),
      value:
        option.required || option.optional
          ? valueOf(/[<[]([\w-]+)/.exec(option.flags)?.[1] ?? option.name(), option)
          : undefined,
    })),
    commands: help.visibleCommands(command).map((child) => commandTree(child, words)),
  };
}

/** The command and all below it, each before its own. */
export function allCommands(node: CommandNode): CommandNode[] {
  return [node, ...node.commands.flatMap(allCommands)];
}

function valueOf(name: string, definition: Argument | Option): ValueNode {
  const choices = definition.argChoices ?? [];
  const { required, variadic } = definition;
  return { name, kind: choices.length > 0 ? 'choice' : kindOf(name), choices, required, variadic };
}

/** The help's own words say what is meant. A `path` is one on the host. */
function kindOf(name: string): ValueKind {
  if (name === 'dir') return 'directory';
  return name === 'file' || name === 'key' ? 'file' : 'text';
}
