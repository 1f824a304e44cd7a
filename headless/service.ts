import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../engine/base/clock.ts';
import { FailureError } from '../shared/failure.ts';
import { exitCode } from './exit.ts';
import { runTool, type RunTool } from './run-tool.ts';
import { withRunning } from './running.ts';
import { savedHosts } from './saved-hosts.ts';
import { serviceCommand } from './service-command.ts';
import { launchdService } from './service-launchd.ts';
import type { ServiceManager, ServiceStatus } from './service-manager.ts';
import { systemdService, userUnitDir } from './service-systemd.ts';
import { changeWord, serviceLines } from './service-text.ts';
import { settled } from './service-start.ts';
import { printJson, type Shell } from './shell.ts';

export interface ServiceInstallOptions {
  readonly ui?: string | true;
}

/** What of the machine the service depends on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly uid: number;
  readonly user: string;
  readonly process: Pick<NodeJS.Process, 'execPath' | 'execArgv' | 'argv'>;
  readonly run: RunTool;
}

/** `towline service install`: the engine under the system's own keeper of services, from now on and after every login. */
export async function installService(
  shell: Shell,
  { ui }: ServiceInstallOptions,
  machine: Machine = thisMachine(),
): Promise<number> {
  const manager = managerOf(shell, machine, ui);
  await manager.check();
  await refuseBesideAnother(shell, await manager.status());
  await refuseWithoutHosts(shell);
  const change = await manager.install();
  const status = await settled(
    systemClock,
    () => manager.status(),
    () => isUnderWay(shell),
  );
  shell.stderr.write(`${changeWord(change)}\n`);
  report(shell, manager, status);
  if (ui !== undefined) shell.stderr.write(`The address of its page is in that log.\n`);
  return status.state === 'running' ? exitCode.fine : exitCode.failed;
}

export async function uninstallService(shell: Shell, machine: Machine = thisMachine()): Promise<number> {
  const manager = managerOf(shell, machine, undefined);
  await manager.check();
  shell.stderr.write(`${changeWord(await manager.uninstall())}\n`);
  return exitCode.fine;
}

/** `towline service status`; exit code 3 where it does not run. */
export async function serviceStatus(
  shell: Shell,
  options: { json?: boolean },
  machine: Machine = thisMachine(),
): Promise<number> {
  const manager = managerOf(shell, machine, undefined);
  await manager.check();
  const status = await manager.status();
  if (options.json) printJson(shell, status);
  else report(shell, manager, status);
  return status.installed === 'yes' && status.state === 'running' ? exitCode.fine : exitCode.notRunning;
}

function thisMachine(): Machine {
  const { uid, username } = userInfo();
  return { platform: process.platform, home: homedir(), uid, user: username, process, run: runTool };
}

function managerOf(shell: Shell, machine: Machine, ui: string | true | undefined): ServiceManager {
  const { env, paths } = shell;
  const { platform, home, run, uid, user } = machine;
  const command = () => serviceCommand({ env, ui, process: machine.process });
  if (platform === 'linux') return systemdService({ folder: userUnitDir(env, home), command, run, user });
  if (platform === 'darwin') {
    return launchdService({ home, uid, run, command, logFile: join(dirname(paths.logFile), 'service.log') });
  }
  throw new FailureError({
    code: 'service-unsupported',
    message: `Towline can't install a service on ${platform}.`,
    hint: 'Have this started by whatever keeps services there: `towline up --no-ui`.',
  });
}

async function refuseWithoutHosts(shell: Shell): Promise<void> {
  if ((await savedHosts(shell)).length > 0) return;
  throw new FailureError({
    code: 'no-target',
    message: 'No host is saved, so the service would have nothing to do.',
    hint: 'Save one first: `towline hosts add ssh://user@host`.',
  });
}

/** One engine runs at a time: the service would end at once, again and again. */
async function refuseBesideAnother(shell: Shell, { state, installed }: ServiceStatus): Promise<void> {
  if (installed === 'yes' && state === 'running') return;
  const other = await withRunning(
    shell,
    (api) => api.state.get(),
    () => Promise.resolve(undefined),
  );
  if (other === undefined) return;
  throw new FailureError({
    code: 'already-running',
    message: `Towline runs already: ${other.mode === 'desktop' ? 'the tray app' : 'an engine'}, pid ${other.pid}.`,
    hint: other.mode === 'desktop' ? 'Quit it first; or keep it, and switch on Start at login.' : 'Stop it first.',
  });
}

/** Whether the service's engine has got somewhere: a host is there, or is tried again. One whose hosts all need a person soon ends. */
async function isUnderWay(shell: Shell): Promise<boolean> {
  try {
    const state = await withRunning(shell, (api) => api.state.get());
    return Object.values(state.hosts).some((host) => host.state === 'ready' || host.state === 'reconnecting');
  } catch {
    return false; // not yet, or not any more: its manager knows
  }
}

function report(shell: Shell, { logCommand }: ServiceManager, status: ServiceStatus): void {
  const hasAgent = (shell.env['SSH_AUTH_SOCK'] ?? '') !== '';
  shell.stdout.write(`${serviceLines(status, logCommand, hasAgent).join('\n')}\n`);
}
