import type { Command } from 'commander';
import type { DeployCommandOptions } from './deploy.ts';
import type { Shell } from './shell.ts';
import type { StackOptions } from './stacks.ts';

type Choose = (run: () => Promise<number>) => void;

/** The commands about stacks: what they are, deploying them, going back. */
export function stackCommands(program: Command, shell: Shell, choose: Choose): void {
  describeStacks(program, shell, choose);
  program
    .command('deploy')
    .description('ship what changed of stacks, bring them up and prove that they work; else go back')
    .argument('[stack...]', 'as `towline stacks list` shows them')
    .option('--all', 'every stack, each after those that it needs')
    .option('--verify-only', 'only the gates, of what runs; nothing is changed')
    .option('--dry-run', 'only tell what would be done: files, configuration, containers')
    .option('--no-cache', 'build images from scratch')
    .option('--keep-going', 'after a failure leave out only what depends on it')
    .option('--json', 'one JSON line per event')
    .action((names: string[], options: DeployCommandOptions) =>
      choose(async () => (await import('./deploy.ts')).deploy(shell, names, options)),
    );
  program
    .command('rollback')
    .description('go back to the release before, with its files and images')
    .argument('<stack>')
    .option('--to <id>', 'to that release of `towline history`')
    .option('--json', 'one JSON line per event')
    .action((stack: string, options: { to?: string; json?: boolean }) =>
      choose(async () => (await import('./deploy.ts')).rollback(shell, stack, options)),
    );
  program
    .command('history')
    .description('the releases of a stack that its host keeps')
    .argument('<stack>')
    .option('--json', 'as one JSON document')
    .action((stack: string, options: { json?: boolean }) =>
      choose(async () => (await import('./history.ts')).history(shell, stack, options)),
    );
}

function describeStacks(program: Command, shell: Shell, choose: Choose): void {
  const stacks = program.command('stacks').description('compose projects of this machine, and the hosts they run on');
  const load = () => import('./stacks.ts');
  stacks
    .command('add')
    .description('describe a stack: what it is, where it goes and how it proves that it works')
    .argument('<name>')
    .requiredOption('--host <host>', 'a saved host')
    .requiredOption('--dir <dir>', 'the directory of the project on this machine')
    .option('--file <file...>', 'compose files in it, instead of those that Compose looks for')
    .option('--remote-dir <dir>', 'where it goes on the host, instead of ~/towline/NAME')
    .option('--project <name>', "Compose's name for it, instead of NAME")
    .option('--after <stack...>', 'stacks that are deployed before this one')
    .option('--check <check...>', "what must answer: tcp:PORT, 'tls:HOST:PORT DAYS', 'http://… STATUS ~REGEX'")
    .option('--stable <seconds>', 'how long every container must be well without a break (5)')
    .option('--timeout <seconds>', 'how long that and each check may take (120)')
    .option('--pause <seconds>', 'how long the next stack waits once this one is deployed (0)')
    .option('--keep <number>', 'how many releases can be gone back to (5)')
    .action((name: string, options: StackOptions) => choose(async () => (await load()).addStack(shell, name, options)));
  stacks
    .command('remove')
    .description('forget a stack; what runs on the host stays')
    .argument('<name>')
    .action((name: string) => choose(async () => (await load()).removeStack(shell, name)));
  stacks
    .command('list')
    .description('the stacks, their hosts and their directories')
    .option('--json', 'as one JSON document')
    .action((options: { json?: boolean }) => choose(async () => (await load()).listStacks(shell, options)));
}
