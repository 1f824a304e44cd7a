import type { Command } from 'commander';
import { commandTree } from './command-tree.ts';
import { bashCompletions } from './completions-bash.ts';
import { fishCompletions } from './completions-fish.ts';
import { zshCompletions } from './completions-zsh.ts';
import { exitCode } from './exit.ts';
import type { Shell } from './shell.ts';

const scripts = { bash: bashCompletions, zsh: zshCompletions, fish: fishCompletions };
export type CompletionShell = keyof typeof scripts;

/** Prints the script with which a shell completes this very program. */
export function printCompletions(shell: Shell, program: Command, which: CompletionShell): number {
  shell.stdout.write(scripts[which](commandTree(program)));
  return exitCode.fine;
}
