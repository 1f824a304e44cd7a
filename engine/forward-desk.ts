import { randomUUID } from 'node:crypto';
import type { HostProfile } from '../shared/host.ts';
import type { Rule } from '../shared/rule.ts';
import type { RulePreview } from '../shared/settings-view.ts';
import type { ForwardCommands, ForwardSelection, NewForward } from './commands.ts';
import { noForward, notManual } from './engine-failures.ts';
import type { HostSupervisor } from './host.ts';
import { previewRules, ruleFor, withRule, type PortDecision } from './port-rules.ts';
import type { SettingsFile } from './settings-file.ts';
import type { StateFile } from './state-file.ts';

type ManualForwards = NonNullable<HostProfile['forwards']>;

export interface ForwardDeskOptions {
  readonly settings: SettingsFile;
  readonly stateFile: StateFile;
  readonly hosts: ReadonlyMap<string, HostSupervisor>;
  /** Throws `host-not-found`. */
  readonly host: (hostId: string) => HostSupervisor;
  /** Keeps what has changed of a host, saved or not, and applies it. */
  readonly changeProfile: (profile: HostProfile) => Promise<void>;
}

/** What the doors may decide about forwards: those made by hand, and the rules for those that Docker makes. */
export class ForwardDesk implements ForwardCommands {
  readonly #options: ForwardDeskOptions;

  constructor(options: ForwardDeskOptions) {
    this.#options = options;
  }

  async add({ hostId, target, localPort, bind, label }: NewForward): Promise<string> {
    const { profile } = this.#options.host(hostId);
    const id = `manual-${randomUUID().slice(0, 8)}`;
    const manual = {
      id,
      target,
      localPort,
      ...(bind === undefined ? {} : { bind }),
      ...(label === undefined ? {} : { label }),
    };
    await this.#change(profile, [...(profile.forwards ?? []), manual]);
    return id;
  }

  async remove(hostId: string, forwardId: string): Promise<void> {
    const host = this.#options.host(hostId);
    const forwards = host.profile.forwards ?? [];
    const left = forwards.filter((forward) => forward.id !== forwardId);
    if (left.length === forwards.length) throw notManual(hostId, forwardId, host.hasForward(forwardId));
    await this.#change(host.profile, left);
  }

  async remap(hostId: string, forwardId: string, localPort: number): Promise<void> {
    const { profile } = this.#options.host(hostId);
    const forwards = profile.forwards ?? [];
    this.#options.stateFile.forgetPort(`${hostId} ${forwardId} ${localPort}`); // what it was once given instead of this port is no longer wanted
    if (!forwards.some(({ id }) => id === forwardId)) return this.#decide(hostId, forwardId, { localPort });
    const moved = forwards.map((forward) => (forward.id === forwardId ? { ...forward, localPort } : forward));
    await this.#change(profile, moved);
  }

  async ignore(hostId: string, forwardId: string): Promise<void> {
    await this.#decide(hostId, forwardId, { ignore: true });
  }

  async pause(selection: ForwardSelection): Promise<void> {
    this.#setPaused(selection, true);
  }

  async resume(selection: ForwardSelection): Promise<void> {
    this.#setPaused(selection, false);
  }

  async replaceRules(rules: readonly Rule[]): Promise<void> {
    await this.#options.settings.update((settings) => ({ ...settings, rules: [...rules] }));
  }

  previewRules(rules: readonly Rule[]): RulePreview[] {
    return [...this.#options.hosts.values()].flatMap((host) => previewRules(rules, host.underRules(rules)));
  }

  #change(profile: HostProfile, forwards: ManualForwards): Promise<void> {
    return this.#options.changeProfile({ ...profile, forwards });
  }

  async #decide(hostId: string, forwardId: string, decision: PortDecision): Promise<void> {
    const { settings, host } = this.#options;
    const rule = ruleFor(host(hostId).underRules(settings.settings.rules), forwardId, decision);
    if (rule === undefined) throw noForward(hostId, forwardId);
    await settings.update((current) => ({ ...current, rules: withRule(current.rules, rule) }));
  }

  #setPaused({ hostId, forwardId }: ForwardSelection, paused: boolean): void {
    if (hostId === undefined) {
      for (const host of this.#options.hosts.values()) host.setPaused(paused, undefined);
      return;
    }
    const host = this.#options.host(hostId);
    if (forwardId !== undefined && !host.hasForward(forwardId)) throw noForward(hostId, forwardId);
    host.setPaused(paused, forwardId);
  }
}
