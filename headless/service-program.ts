import type { Command } from 'commander';
import type { ServiceInstallOptions } from './service.ts';
import type { Shell } from './shell.ts';

/** The commands about the engine as a service of the system. */
export function serviceCommands(program: Command, shell: Shell, choose: (run: () => Promise<number>) => void): void {
  const service = program
    .command('service')
    .description('the engine as a service of this user: a systemd user unit, or a LaunchAgent');
  const load = () => import('./service.ts');
  service
    .command('install')
    .description('run it from now on and after every login, with the saved hosts')
    .option('--ui [port]', 'and serve the status page on the loopback')
    .action((options: ServiceInstallOptions) => choose(async () => (await load()).installService(shell, options)));
  service
    .command('uninstall')
    .description('stop it and take it away; hosts and settings stay')
    .action(() => choose(async () => (await load()).uninstallService(shell)));
  service
    .command('status')
    .description('whether it runs, and why not; exit code 3 if it does not')
    .option('--json', 'as one JSON document')
    .action((options: { json?: boolean }) => choose(async () => (await load()).serviceStatus(shell, options)));
}
