import { Command, CommanderError, Option } from 'commander';
import { version } from '../engine/version.ts';
import { completionsCommand } from './completions-program.ts';
import { diagnosticsCommand } from './diagnostics-program.ts';
import { eventsCommands } from './events-program.ts';
import { exitCode } from './exit.ts';
import { logCommands } from './logs-program.ts';
import { fail, type Shell } from './shell.ts';
import type { HostTestOptions } from './hosts-test.ts';
import type { ImportOptions } from './hosts-import.ts';
import type { HostOptions } from './profiles.ts';
import { runCommand } from './run-program.ts';
import { serviceCommands } from './service-program.ts';
import { stackCommands } from './stack-program.ts';
import type { UpOptions } from './up.ts';

type Run = () => Promise<number>;

/** Runs one command line; resolves with the exit code. What a command needs is loaded when it is called. */
export async function main(args: readonly string[], shell: Shell): Promise<number> {
  let run: Run = () => Promise.resolve(exitCode.fine);
  const program = describeProgram(shell, (chosen) => {
    run = chosen;
  });
  try {
    program.parse(args, { from: 'user' });
    return await run();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
    const { toFailure } = await import('../shared/failure.ts');
    return fail(shell, toFailure(error));
  }
}

/** The command line with all its commands. What the chosen one does is given to `choose`, which may leave it undone. */
export function describeProgram(shell: Shell, choose: (run: Run) => void): Command {
  const program = new Command('towline')
    .description(
      'Puts a remote Docker host on localhost: one SSH connection, every published port here from start to stop.',
    )
    .version(version, '-V, --version')
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
    })
    .exitOverride()
    .showHelpAfterError('Run `towline --help` to see the commands.');

  hostOptions(program.command('up'))
    .description('run the engine in the foreground')
    .argument(
      '[target...]',
      'ssh://[user@]host[:port] or an alias of ~/.ssh/config; without one the saved hosts, else DOCKER_HOST',
    )
    .option('--ui [port]', 'serve the status page on the loopback')
    .option('--no-ui', 'serve no page')
    .option('--demo', 'with a host that lives inside this process')
    .option('--json', 'one JSON line per change')
    .option('--allow-lan', 'let rules and labels bind addresses that other machines can reach')
    .action((targets: string[], options: UpOptions) =>
      choose(async () => (await import('./up.ts')).up(shell, targets, options)),
    );

  program
    .command('demo')
    .description('the same as `up --demo`')
    .option('--ui [port]', 'serve the status page on the loopback')
    .option('--no-ui', 'serve no page')
    .option('--json', 'one JSON line per change')
    .action((options: UpOptions) =>
      choose(async () => (await import('./up.ts')).up(shell, [], { ...options, demo: true })),
    );

  program
    .command('status')
    .description('state of the running engine')
    .option('--json', 'as one JSON document')
    .option('--watch', 'and follow it')
    .action((options: { json?: boolean; watch?: boolean }) =>
      choose(async () => (await import('./status.ts')).status(shell, options)),
    );

  hostOptions(program.command('doctor'))
    .description('what is wrong with a host, or with this machine, and what mends it')
    .argument('[host]', 'a saved host or a target; without one only this machine')
    .option('--json', 'as one JSON document')
    .action((host: string | undefined, options: HostOptions & { json?: boolean }) =>
      choose(async () => (await import('./doctor.ts')).doctor(shell, host, options)),
    );

  hostCommands(program, shell, choose);
  forwardCommands(program, shell, choose);
  contextCommands(program, shell, choose);
  stackCommands(program, shell, choose);
  logCommands(program, shell, choose);
  runCommand(program, shell, choose, hostOptions);
  eventsCommands(program, shell, choose);
  diagnosticsCommand(program, shell, choose);
  serviceCommands(program, shell, choose);
  completionsCommand(program, shell, choose);
  return program;
}

function hostCommands(program: Command, shell: Shell, choose: (run: Run) => void): void {
  const hosts = program.command('hosts').description('saved hosts');
  const load = () => import('./hosts.ts');
  hostOptions(hosts.command('add'))
    .description('save a host; a running engine connects to it at once')
    .argument('<target>')
    .option('--id <id>', 'what to call it')
    .action((target: string, options: HostOptions & { id?: string }) =>
      choose(async () => (await load()).addHost(shell, target, options)),
    );
  hosts
    .command('remove')
    .description('forget a host')
    .argument('<host>')
    .action((host: string) => choose(async () => (await load()).removeHost(shell, host)));
  hosts
    .command('list')
    .description('the saved hosts')
    .option('--json', 'as one JSON document')
    .action((options: { json?: boolean }) => choose(async () => (await load()).listHosts(shell, options)));
  hosts
    .command('import')
    .description('save hosts that ~/.ssh/config and docker contexts name')
    .argument('[name...]', 'which ones; without any you are asked')
    .option('--all', 'all of them')
    .option('--json', 'as one JSON document; without a choice what there is to import')
    .action((names: string[], options: ImportOptions) =>
      choose(async () => (await import('./hosts-import.ts')).importHosts(shell, names, options)),
    );
  hostOptions(hosts.command('test'))
    .description('try hosts out, step by step')
    .argument('[host...]', 'saved hosts or targets')
    .option('--all', 'every saved host')
    .option('--json', 'one JSON line per step')
    .action((names: string[], options: HostTestOptions) =>
      choose(async () => (await import('./hosts-test.ts')).testHosts(shell, names, options)),
    );
}

function forwardCommands(program: Command, shell: Shell, choose: (run: Run) => void): void {
  const load = () => import('./forwards.ts');
  const list = (options: { json?: boolean }): void => choose(async () => (await load()).listForwards(shell, options));
  const forwards = program
    .command('forwards')
    .description('local ports and where they lead')
    .option('--json', 'as one JSON document')
    .action(list);
  forwards
    .command('add')
    .description('forward a port by hand')
    .argument('<host>')
    .argument('<forward>', 'PORT, [BIND:]PORT:HOST:HOSTPORT or [BIND:]PORT:/SOCKET, as for ssh -L')
    .option('--label <text>', 'what to call it')
    .action((host: string, spec: string, options: { label?: string }) =>
      choose(async () => (await load()).addForward(shell, host, spec, options)),
    );
  forwards
    .command('remove')
    .description('take back a forward made by hand')
    .argument('<host>')
    .argument('<id>', 'as `towline forwards` shows it')
    .action((host: string, id: string) => choose(async () => (await load()).removeForward(shell, host, id)));
  for (const verb of ['pause', 'resume'] as const) {
    forwards
      .command(verb)
      .description(verb === 'pause' ? 'close local ports for now' : 'open them again')
      .argument('[host]', 'without one all hosts')
      .argument('[id]', 'without one all forwards of the host')
      .action((host: string | undefined, id: string | undefined) =>
        choose(async () => (await load()).switchForwards(shell, verb, host, id)),
      );
  }
}

function contextCommands(program: Command, shell: Shell, choose: (run: Run) => void): void {
  const context = program.command('context').description("the host's Docker as a `docker context` of this machine");
  const load = () => import('./contexts.ts');
  context
    .command('install')
    .description('register it as towline-HOST')
    .argument('<host>')
    .action((host: string) => choose(async () => (await load()).install(shell, host)));
  context
    .command('remove')
    .description('take it away again')
    .argument('<host>')
    .action((host: string) => choose(async () => (await load()).remove(shell, host)));
}

function hostOptions(command: Command): Command {
  return command
    .addOption(new Option('-i, --identity <key>', 'private key file'))
    .addOption(new Option('-F, --ssh-config <file>', 'ssh configuration instead of ~/.ssh/config'))
    .addOption(new Option('--known-hosts <file>', 'instead of ~/.ssh/known_hosts'))
    .addOption(new Option('--accept-new', 'trust the key of a host that is met for the first time'))
    .addOption(new Option('--docker-socket <path>', 'path of the Docker socket on the host'))
    .addOption(new Option('--transport <which>', 'who makes the connection').choices(['ssh2', 'openssh']));
}
