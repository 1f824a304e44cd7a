import { homedir } from 'node:os';
import { FailureError } from '../shared/failure.ts';
import type { HostTestStep } from '../shared/contract.ts';
import type { DoctorStep } from '../shared/doctor.ts';
import type { HostProfile, HostView, SshAlias } from '../shared/host.ts';
import type { HostCandidate } from '../shared/host-candidate.ts';
import type { PromptAnswer } from '../shared/prompt.ts';
import type { Settings } from '../shared/settings.ts';
import type { SettingsChange, SettingsView } from '../shared/settings-view.ts';
import { formatTarget, parseTarget } from '../shared/target.ts';
import type { Clock } from './base/clock.ts';
import { DisposableStore, type Disposable } from './base/disposables.ts';
import type { Event } from './base/emitter.ts';
import type { Logger } from './base/logger.ts';
import type { EngineCommands } from './commands.ts';
import { Connections } from './connections.ts';
import { Deployments } from './deployments.ts';
import { Diagnostics } from './diagnostics/diagnostics.ts';
import { readLogTail } from './diagnostics/log-tail.ts';
import { noHost } from './engine-failures.ts';
import { ForwardDesk } from './forward-desk.ts';
import { HostSupervisor } from './host.ts';
import { findHostCandidates } from './import-hosts.ts';
import { LogDesk } from './logs/log-desk.ts';
import { Observation } from './observation.ts';
import { Machine } from './machine.ts';
import { dockerSocketPath, type Paths } from './paths.ts';
import { whoListens } from './ports-in-use.ts';
import { PromptDesk, type PendingPrompt } from './prompts.ts';
import { whenReachable } from './reachable.ts';
import { Runs } from './runs.ts';
import type { SettingsFile } from './settings-file.ts';
import type { EmbeddedTrust } from './ssh/connect-plan.ts';
import type { Prompter } from './ssh/prompter.ts';
import type { StateFile } from './state-file.ts';
import { sshAliases } from './ssh-aliases.ts';
import { StateStore } from './state-store.ts';
import { Trials } from './trials.ts';
import { version } from './version.ts';

export interface EngineOptions {
  readonly settings: SettingsFile;
  readonly stateFile: StateFile;
  readonly log: Logger;
  readonly clock: Clock;
  readonly paths: Paths;
  readonly mode: 'headless' | 'desktop';
  /** Asks on the terminal that started us, where there is one. */
  readonly prompter?: Prompter;
  /** Hosts beside the saved ones; they are not saved. */
  readonly hosts?: readonly EphemeralHost[];
  /** Leave the saved hosts alone: only `hosts` are wanted. */
  readonly withoutSaved?: boolean;
  /** Allows listening beyond loopback whatever the settings say. */
  readonly allowLan?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Bytes written to the log since it was opened, where it is a file. */
  readonly logBytes?: () => number;
  /** Each line of the log as it is written: JSON, redacted. Without it, our own log is what its file holds. */
  readonly onDidLog?: Event<string>;
  /** The file of the `towline` command that belongs to this shell. */
  readonly commandFile?: string;
  /** Called when a client asks for the engine to stop. */
  readonly onStopRequested?: () => void;
}

/** A host for this run. With `embedded` trust it is one that this process itself has started. */
export interface EphemeralHost {
  readonly profile: HostProfile;
  readonly embedded?: EmbeddedTrust;
}

/** Owns a supervisor per host, the state that every door shows, and what the doors may command. */
export class Engine implements EngineCommands, Disposable {
  readonly store: StateStore;
  readonly forwards: ForwardDesk;
  readonly stacks: Deployments;
  readonly runs: Runs;
  readonly logs: LogDesk;
  readonly machine: Machine;
  readonly timeline: Observation['timeline'];
  readonly metrics: Observation['metrics'];
  readonly diagnostics: Diagnostics;
  readonly #options: EngineOptions;
  readonly #owned = new DisposableStore();
  readonly #connections: Connections;
  readonly #hosts = new Map<string, HostSupervisor>();
  readonly #ephemeral = new Map<string, EphemeralHost>();
  readonly #trials: Trials;
  /** People who watch the state and can answer prompts. */
  #attending = 0;

  constructor(options: EngineOptions) {
    const { clock, mode, settings } = options;
    this.#options = options;
    const { log, paths, env = process.env } = options;
    this.#connections = this.#owned.add(new Connections({ clock, log, env, runtimeDir: paths.runtimeDir }));
    this.#trials = new Trials({
      connections: this.#connections,
      promptDesk: () => this.#promptDesk(),
      embeddedTrust: (profile) => this.#embeddedTrust(profile),
      showQuestions: (questions) => this.#showQuestions(questions),
      clock,
      env,
      runtimeDir: paths.runtimeDir,
    });
    this.store = new StateStore(
      {
        version,
        pid: process.pid,
        mode,
        startedAt: clock.now(),
        settings: viewOf(settings.settings),
        hosts: {},
        stacks: {},
      },
      clock,
    );
    const { store } = this;
    const observation = this.#owned.add(
      new Observation({
        ...{ store, settings, clock, log, logBytes: options.logBytes },
        openTcp: async (hostId, host, port) => this.#host(hostId).openTcp(host, port),
      }),
    );
    this.timeline = observation.timeline;
    this.metrics = observation.metrics;
    this.diagnostics = new Diagnostics({
      ...{ settings, store, timeline: this.timeline, paths, env, clock },
      profileOf: (hostId) => this.#hosts.get(hostId)?.profile ?? this.listHosts().find(({ id }) => id === hostId),
      examine: (profile, signal) => this.examine(profile, signal),
    });
    const host = (hostId: string): HostSupervisor => this.#host(hostId);
    this.forwards = new ForwardDesk({
      ...{ settings, stateFile: options.stateFile, hosts: this.#hosts, host },
      changeProfile: (profile) => this.#changeProfile(profile),
    });
    this.stacks = this.#owned.add(new Deployments({ settings, store: this.store, host, clock, env }));
    this.runs = this.#owned.add(new Runs({ store: this.store, host, clock }));
    this.machine = new Machine({ settings, store, paths, env, commandFile: options.commandFile });
    this.logs = new LogDesk({
      hosts: this.#hosts,
      clock,
      own: { tail: (maxBytes) => readLogTail(paths.logFile, maxBytes), onDidWrite: options.onDidLog },
      ready: (hostId, signal) => whenReachable(this.store, hostId, 'docker', signal),
    });
    for (const host of options.hosts ?? []) this.#ephemeral.set(host.profile.id, host);
    this.#owned.add(settings.onDidChange(() => void this.#apply()));
  }

  /** Starts all hosts; resolves when each is on its way, not when it is connected. */
  start(): Promise<void> {
    return this.#apply();
  }

  async dispose(): Promise<void> {
    await this.#owned.dispose();
    await Promise.all([...this.#hosts.values()].map((host) => host.dispose()));
    this.#hosts.clear();
  }

  listHosts(): readonly HostProfile[] {
    return this.#options.settings.settings.hosts;
  }

  async addHost(profile: HostProfile): Promise<string> {
    const target = formatTarget(parseTarget(profile.target));
    if (this.listHosts().some((host) => host.id === profile.id)) {
      throw new FailureError({
        code: 'host-exists',
        message: `There is a host named ${profile.id} already.`,
        hint: `Choose another name with --id, or remove it first: towline hosts remove ${profile.id}`,
      });
    }
    await this.#options.settings.update((settings) => ({
      ...settings,
      hosts: [...settings.hosts, { ...profile, target }],
    }));
    await this.#apply();
    return profile.id;
  }

  async removeHost(hostId: string): Promise<void> {
    this.#saved(hostId);
    await this.#options.settings.update((settings) => ({
      ...settings,
      hosts: settings.hosts.filter((host) => host.id !== hostId),
    }));
    await this.#apply();
  }

  listAliases(): Promise<SshAlias[]> {
    const { env = process.env } = this.#options;
    return sshAliases(env['HOME'] ?? homedir());
  }

  listCandidates(): Promise<HostCandidate[]> {
    return findHostCandidates({ env: this.#options.env ?? process.env, saved: this.listHosts() });
  }

  async startDemo(): Promise<string> {
    const id = 'demo';
    if (this.#hosts.has(id)) return id;
    const { clock, log } = this.#options;
    const { startDemoHost } = await import('./demo/demo-host.ts');
    const host = this.#owned.add(await startDemoHost({ clock, log }));
    const profile = { id, target: `ssh://${host.user}@127.0.0.1:${host.port}` };
    this.#ephemeral.set(id, { profile, embedded: { privateKey: host.privateKey, hostKey: host.hostKey } });
    await this.#apply();
    return id;
  }

  async connect(hostId: string): Promise<void> {
    this.#host(hostId).connect();
  }

  async disconnect(hostId: string): Promise<void> {
    this.#host(hostId).disconnect();
  }

  async reconnect(hostId: string): Promise<void> {
    this.#host(hostId).reconnect();
  }

  async answerPrompt(hostId: string, promptId: string, answer: PromptAnswer | undefined): Promise<void> {
    if (this.#trials.answer(promptId, answer)) return;
    if (this.#host(hostId).prompts.answer(promptId, answer)) return;
    throw new FailureError({
      code: 'prompt-gone',
      message: 'That question is no longer open.',
      hint: 'Answer the one that is shown now.',
    });
  }

  async updateSettings({ ports, outage, alerts, notifications, desktop, log }: SettingsChange): Promise<void> {
    await this.#options.settings.update((settings) => ({
      ...settings,
      ...(ports === undefined ? {} : { ports }),
      ...(outage === undefined ? {} : { outage }),
      ...(alerts === undefined ? {} : { alerts }),
      ...(notifications === undefined ? {} : { notifications }),
      ...(desktop === undefined ? {} : { desktop }),
      ...(log === undefined ? {} : { log }),
    }));
  }

  attend(): () => void {
    let present = true;
    this.#attending += 1;
    return () => {
      if (present) this.#attending -= 1;
      present = false;
    };
  }

  testHost(profile: HostProfile, signal: AbortSignal): AsyncGenerator<HostTestStep, void> {
    return this.#trials.test(profile, signal);
  }

  examine(profile: HostProfile | undefined, signal: AbortSignal): AsyncGenerator<DoctorStep, void> {
    return this.#trials.examine(profile, signal);
  }

  checkConnections(why: string): void {
    this.#options.log.info('connections are checked', { why });
    for (const host of this.#hosts.values()) host.checkNow();
  }

  requestStop(): void {
    this.#options.onStopRequested?.();
  }

  /** Brings the supervisors in line with the settings: the same move at start, after an edit and after a command. */
  async #apply(): Promise<void> {
    if (this.#owned.closed) return;
    const { settings, withoutSaved } = this.#options;
    const problem = settings.problem;
    this.store.update(({ settingsProblem: _, ...state }) => ({
      ...state,
      settings: viewOf(settings.settings),
      ...(problem === undefined ? {} : { settingsProblem: problem }),
    }));
    const saved = withoutSaved === true ? [] : settings.settings.hosts;
    const wanted = new Map(
      [...saved.map((profile) => ({ profile })), ...this.#ephemeral.values()].map((host) => [host.profile.id, host]),
    );
    for (const [id, host] of this.#hosts) {
      const next = wanted.get(id)?.profile;
      if (next === undefined || connectsElsewhere(host.profile, next)) await this.#drop(id);
      else host.reconfigure(next);
    }
    await Promise.all(
      [...wanted.values()].filter((host) => !this.#hosts.has(host.profile.id)).map((host) => this.#launch(host)),
    );
  }

  async #launch({ profile, embedded }: EphemeralHost): Promise<void> {
    const { clock, log, paths, stateFile } = this.#options;
    const prompts = this.#promptDesk();
    const host = new HostSupervisor({
      profile,
      ...this.#connections.forHost(profile, prompts.ask, embedded),
      prompts,
      settings: () => this.#settings(),
      remembered: {
        get: (forwardId) => stateFile.rememberedPort(`${profile.id} ${forwardId}`),
        set: (forwardId, port) => stateFile.rememberPort(`${profile.id} ${forwardId}`, port),
      },
      ownerOf: (port) => whoListens(port, Object.values(this.store.state.hosts)),
      dockerSocketPath: dockerSocketPath(paths, profile.id),
      publish: (view) => this.#publish(view),
      heard: (event) => this.timeline.heard(profile.id, event),
      clock,
      log: log.child({ host: profile.id }),
    });
    this.#hosts.set(profile.id, host);
    await host.start();
  }

  async #drop(hostId: string): Promise<void> {
    const host = this.#hosts.get(hostId);
    this.#hosts.delete(hostId);
    await host?.dispose();
    this.store.update((state) => {
      const { [hostId]: _, ...hosts } = state.hosts;
      return { ...state, hosts };
    });
  }

  #publish(view: HostView): void {
    this.store.update((state) => ({ ...state, hosts: { ...state.hosts, [view.id]: view } }));
  }

  #showQuestions(questions: readonly PendingPrompt[]): void {
    this.store.update(({ questions: before, ...state }) => {
      if (questions.length === 0) return before === undefined ? this.store.state : state;
      return { ...state, questions: [...questions] };
    });
  }

  #promptDesk(): PromptDesk {
    const { prompter, mode, clock } = this.#options;
    return new PromptDesk({
      terminal: prompter,
      doorsCanAnswer: () => mode === 'desktop' || this.#attending > 0,
      clock,
    });
  }

  #embeddedTrust(profile: HostProfile): EmbeddedTrust | undefined {
    const known = this.#ephemeral.get(profile.id);
    return known?.profile.target === profile.target ? known.embedded : undefined;
  }

  #settings(): Settings {
    const { settings } = this.#options.settings;
    return this.#options.allowLan === true ? { ...settings, ports: { ...settings.ports, allowLan: true } } : settings;
  }

  async #changeProfile(changed: HostProfile): Promise<void> {
    const ephemeral = this.#ephemeral.get(changed.id);
    if (ephemeral !== undefined) this.#ephemeral.set(changed.id, { ...ephemeral, profile: changed });
    else {
      await this.#options.settings.update((settings) => ({
        ...settings,
        hosts: settings.hosts.map((host) => (host.id === changed.id ? changed : host)),
      }));
    }
    await this.#apply();
  }

  #host(hostId: string): HostSupervisor {
    const host = this.#hosts.get(hostId);
    if (host === undefined) throw noHost(hostId, [...this.#hosts.keys()]);
    return host;
  }

  #saved(hostId: string): void {
    if (!this.listHosts().some((host) => host.id === hostId))
      throw noHost(
        hostId,
        this.listHosts().map((host) => host.id),
      );
  }
}

function viewOf({ ports, outage, alerts, notifications, desktop, log, rules }: Settings): SettingsView {
  return { ports, outage, alerts, notifications, desktop, log, rules };
}

/** Whether the change needs a new connection; forwards and rules do not. */
function connectsElsewhere(before: HostProfile, after: HostProfile): boolean {
  const connecting = ({ forwards: _, ...rest }: HostProfile): string => JSON.stringify(rest, Object.keys(rest).sort());
  return connecting(before) !== connecting(after);
}
