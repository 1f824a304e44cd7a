import { Argument, type Command } from 'commander';
import type { CompletionShell } from './completions.ts';
import type { Shell } from './shell.ts';

/** `towline completions`: what makes a shell complete all that `program` knows. */
export function completionsCommand(program: Command, shell: Shell, choose: (run: () => Promise<number>) => void): void {
  program
    .command('completions')
    .description('a script with which your shell completes commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action((which: CompletionShell) =>
      choose(async () => (await import('./completions.ts')).printCompletions(shell, program, which)),
    );
}
