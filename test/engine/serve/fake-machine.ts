import type { MachineCommands } from '../../../engine/commands.ts';
import type { CommandPlace, DockerContext } from '../../../shared/machine.ts';
import { parseProfile, profileText, withProfile, type ProfileChange } from '../../../shared/profile-file.ts';
import { defaultSettings, type Settings } from '../../../shared/settings.ts';

/** A machine on which nothing is touched: contexts are kept in memory, a profile is brought into `settings`. */
export class FakeMachine implements MachineCommands {
  readonly contexts = new Set<string>();
  settings: Settings = defaultSettings;
  resets = 0;
  place: CommandPlace = {
    file: '/opt/towline/towline.js',
    install: 'mkdir -p ~/.local/bin && ln -sf /opt/towline/towline.js ~/.local/bin/towline',
  };

  async dockerContext(hostId: string): Promise<DockerContext> {
    return { name: `towline-${hostId}`, installed: this.contexts.has(hostId) };
  }

  async installContext(hostId: string): Promise<DockerContext> {
    this.contexts.add(hostId);
    return this.dockerContext(hostId);
  }

  async removeContext(hostId: string): Promise<DockerContext> {
    this.contexts.delete(hostId);
    return this.dockerContext(hostId);
  }

  exportProfile(): string {
    return profileText(this.settings);
  }

  previewProfile(text: string): readonly ProfileChange[] {
    return withProfile(this.settings, parseProfile(text)).changes;
  }

  async applyProfile(text: string): Promise<void> {
    this.settings = withProfile(this.settings, parseProfile(text)).settings;
  }

  async resetSettings(): Promise<void> {
    this.resets += 1;
  }

  async command(): Promise<CommandPlace> {
    return this.place;
  }
}
