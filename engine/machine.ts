import type { CommandPlace, DockerContext } from '../shared/machine.ts';
import { parseProfile, profileText, withProfile, type ProfileChange } from '../shared/profile-file.ts';
import { defaultSettings } from '../shared/settings.ts';
import { commandPlace } from './command-place.ts';
import type { MachineCommands } from './commands.ts';
import { contextName, dockerConfigDir, installContext, isContextInstalled, removeContext } from './context.ts';
import { noHost } from './engine-failures.ts';
import { dockerSocketPath, type Paths } from './paths.ts';
import type { SettingsFile } from './settings-file.ts';
import type { StateStore } from './state-store.ts';

export interface MachineOptions {
  readonly settings: SettingsFile;
  readonly store: StateStore;
  readonly paths: Paths;
  readonly env: NodeJS.ProcessEnv;
  /** The file of the `towline` command that belongs to this engine. */
  readonly commandFile: string | undefined;
}

/** What is arranged on this machine: docker contexts, what one takes along or brings in, where the command is. */
export class Machine implements MachineCommands {
  readonly #options: MachineOptions;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  async dockerContext(hostId: string): Promise<DockerContext> {
    const installed = await isContextInstalled(this.#configDir(), hostId, this.#socketOf(hostId));
    return { name: contextName(hostId), installed };
  }

  async installContext(hostId: string): Promise<DockerContext> {
    await installContext(this.#configDir(), hostId, this.#socketOf(hostId));
    return this.dockerContext(hostId);
  }

  async removeContext(hostId: string): Promise<DockerContext> {
    await removeContext(this.#configDir(), hostId);
    return this.dockerContext(hostId);
  }

  exportProfile(): string {
    return profileText(this.#options.settings.settings);
  }

  previewProfile(text: string): readonly ProfileChange[] {
    return withProfile(this.#options.settings.settings, parseProfile(text)).changes;
  }

  async applyProfile(text: string): Promise<void> {
    const profile = parseProfile(text);
    await this.#options.settings.update((settings) => withProfile(settings, profile).settings);
  }

  async resetSettings(): Promise<void> {
    const { ports, outage, notifications, desktop, log } = defaultSettings;
    await this.#options.settings.update((settings) => ({ ...settings, ports, outage, notifications, desktop, log }));
  }

  command(): Promise<CommandPlace> {
    return commandPlace(this.#options.commandFile, this.#options.env);
  }

  #configDir(): string {
    return dockerConfigDir(this.#options.env);
  }

  #socketOf(hostId: string): string {
    const { store, paths } = this.#options;
    const { hosts } = store.state;
    const host = Object.hasOwn(hosts, hostId) ? hosts[hostId] : undefined;
    if (host === undefined) throw noHost(hostId, Object.keys(hosts));
    return host.docker.localSocket ?? dockerSocketPath(paths, hostId);
  }
}
