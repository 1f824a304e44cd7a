import type { Command } from 'commander';
import type { LogOptions } from './logs.ts';
import type { Shell } from './shell.ts';

/** The command about what containers log. */
export function logCommands(program: Command, shell: Shell, choose: (run: () => Promise<number>) => void): void {
  program
    .command('logs')
    .description('what a container, or all of a compose project, has logged')
    .argument('<name>', 'a container or a compose project')
    .option('-f, --follow', 'and what it logs from now on, over restarts and outages, until Ctrl-C')
    .option('-n, --tail <lines>', 'only the last lines', 'all')
    .option('--since <time>', 'only from then on: 10m, 1h30m, 2026-01-31T12:00:00')
    .option('--until <time>', 'only up to then')
    .option('--grep <regexp>', 'only lines that match')
    .option('-t, --timestamps', 'with the time of each line')
    .option('--json', 'one JSON line per line')
    .option('--host <host>', 'a saved host or a target; without it the one that has it')
    .action((name: string, options: LogOptions) =>
      choose(async () => (await import('./logs.ts')).logs(shell, name, options)),
    );
}
