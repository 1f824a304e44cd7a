import { systemClock } from '../engine/base/clock.ts';
import { silentLogger } from '../engine/base/logger.ts';
import { dockerConfigDir, installContext, removeContext } from '../engine/context.ts';
import { dockerSocketPath } from '../engine/paths.ts';
import { SettingsFile } from '../engine/settings-file.ts';
import { FailureError } from '../shared/failure.ts';
import { exitCode } from './exit.ts';
import { withRunning } from './running.ts';
import type { Shell } from './shell.ts';

/** `towline context install`: the host's local Docker socket under the name towline-HOST. */
export async function install(shell: Shell, hostId: string): Promise<number> {
  const socket = await socketOf(shell, hostId);
  if (socket === undefined) {
    throw new FailureError({
      code: 'host-not-found',
      message: `There is no host ${hostId}.`,
      hint: 'See them with `towline hosts list`.',
    });
  }
  const { name, changed } = await installContext(dockerConfigDir(shell.env), hostId, socket);
  shell.stdout.write(`${name}\n`);
  shell.stderr.write(changed ? `Use it: docker --context ${name} ps\n` : 'It was there already.\n');
  return exitCode.fine;
}

export async function remove(shell: Shell, hostId: string): Promise<number> {
  const { name, changed } = await removeContext(dockerConfigDir(shell.env), hostId);
  shell.stderr.write(changed ? `${name} is gone.\n` : `There is no docker context ${name}.\n`);
  return exitCode.fine;
}

/** Where a running engine says it is, else where it will be when one runs the saved host. */
function socketOf(shell: Shell, hostId: string): Promise<string | undefined> {
  const usual = dockerSocketPath(shell.paths, hostId);
  return withRunning(
    shell,
    async (api) => {
      const { hosts } = await api.state.get();
      const host = Object.hasOwn(hosts, hostId) ? hosts[hostId] : undefined;
      return host === undefined ? undefined : (host.docker.localSocket ?? usual);
    },
    async () => {
      const file = await SettingsFile.open({ file: shell.paths.settingsFile, clock: systemClock, log: silentLogger });
      await file.dispose();
      return file.settings.hosts.some((host) => host.id === hostId) ? usual : undefined;
    },
  );
}
