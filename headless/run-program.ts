import { Option, type Command } from 'commander';
import type { RunOptions } from './run-options.ts';
import type { Shell } from './shell.ts';

type Choose = (run: () => Promise<number>) => void;

/** `towline run`. `withHostOptions` adds the options of every command about a host. */
export function runCommand(
  program: Command,
  shell: Shell,
  choose: Choose,
  withHostOptions: (command: Command) => Command,
): void {
  const collect = (line: string, before: readonly string[] = []): string[] => [...before, line];
  withHostOptions(program.command('run'))
    .description('run commands on a host, in one session channel; the exit code is theirs')
    .usage('HOST [options] -- COMMAND [ARGUMENT...]\n       towline run --hosts PATTERN [options] -- COMMAND...')
    .argument('[words...]', 'a saved host or a target, then after -- the command; no shell reads its arguments')
    .option('-c, --command <line>', 'a line for sh instead; several run one after the other', collect)
    .option('--script <file>', 'a script instead, - for stdin; what follows -- are its arguments')
    .option('--keep-going', 'go on after a command that failed')
    .option('--hosts <patterns>', "on all these hosts, as 'web*,db1'")
    .option('--concurrency <n>', 'so many hosts at once', '5')
    .option('--timeout <duration>', 'end it after that, as 30s or 5m; the exit code is 124')
    .option('--wait <duration>', 'how long to wait for a free session', '5m')
    .option('--background', 'let people and deployments go first')
    .addOption(new Option('-n, --no-stdin', 'give it no input'))
    .option('--json', 'one JSON line per command')
    .action((words: string[], options: RunOptions) =>
      choose(async () => (await import('./run.ts')).run(shell, words, options)),
    );
}
