import { systemClock } from '../engine/base/clock.ts';
import { silentLogger } from '../engine/base/logger.ts';
import { SettingsFile } from '../engine/settings-file.ts';
import { FailureError } from '../shared/failure.ts';
import type { HostProfile } from '../shared/host.ts';
import { withRunning } from './running.ts';
import type { Shell } from './shell.ts';

/** Those of the running engine, else of the settings file. */
export function savedHosts(shell: Shell): Promise<readonly HostProfile[]> {
  return withRunning<readonly HostProfile[]>(
    shell,
    (api) => api.hosts.list(),
    () => withSettings(shell, (file) => Promise.resolve(file.settings.hosts)),
  );
}

/** Through the running engine, which connects to them at once, else in the settings file. Rejects with `host-exists`. */
export function saveHosts(shell: Shell, profiles: readonly HostProfile[]): Promise<void> {
  return withRunning(
    shell,
    async (api) => {
      for (const profile of profiles) await api.hosts.add(profile);
    },
    () => changeSaved(shell, (hosts) => profiles.reduce(withNew, hosts)),
  );
}

/** Rejects with `host-not-found`. */
export function forgetHost(shell: Shell, hostId: string): Promise<void> {
  return withRunning(
    shell,
    async (api) => {
      await api.hosts.remove({ hostId });
    },
    () => changeSaved(shell, (hosts) => withoutSaved(hosts, hostId)),
  );
}

function changeSaved(shell: Shell, change: (hosts: HostProfile[]) => HostProfile[]): Promise<void> {
  return withSettings(shell, (file) => file.update((settings) => ({ ...settings, hosts: change(settings.hosts) })));
}

/** Reads and changes the settings file itself, where no engine runs. */
export async function withSettings<T>(shell: Shell, use: (file: SettingsFile) => Promise<T>): Promise<T> {
  const file = await SettingsFile.open({ file: shell.paths.settingsFile, clock: systemClock, log: silentLogger });
  try {
    return await use(file);
  } finally {
    await file.dispose();
  }
}

function withNew(hosts: HostProfile[], profile: HostProfile): HostProfile[] {
  const { id } = profile;
  if (!hosts.some((host) => host.id === id)) return [...hosts, profile];
  throw new FailureError({
    code: 'host-exists',
    message: `There is a host ${id} already.`,
    hint: `Give this one another name with --id, or remove the other: \`towline hosts remove ${id}\`.`,
  });
}

function withoutSaved(hosts: HostProfile[], id: string): HostProfile[] {
  if (hosts.some((host) => host.id === id)) return hosts.filter((host) => host.id !== id);
  throw new FailureError({
    code: 'host-not-found',
    message: `There is no host ${id}.`,
    hint: 'See them with `towline hosts list`.',
  });
}
