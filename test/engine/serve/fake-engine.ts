import type { EngineCommands } from '../../../engine/commands.ts';
import { systemClock, type Clock } from '../../../engine/base/clock.ts';
import { StateStore } from '../../../engine/state-store.ts';
import { Timeline } from '../../../engine/timeline/timeline.ts';
import type { AppState } from '../../../shared/app-state.ts';
import type { HostTestStep } from '../../../shared/contract.ts';
import type { DiagnosticsBundle, DiagnosticsRequest } from '../../../shared/diagnostics.ts';
import type { DoctorStep } from '../../../shared/doctor.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { ForwardView } from '../../../shared/forward.ts';
import type { HostProfile, HostView, SshAlias } from '../../../shared/host.ts';
import type { HostCandidate } from '../../../shared/host-candidate.ts';
import type { PromptAnswer } from '../../../shared/prompt.ts';
import { defaultSettings } from '../../../shared/settings.ts';
import type { SettingsChange } from '../../../shared/settings-view.ts';
import { FakeForwards } from './fake-forwards.ts';
import { FakeLogs } from './fake-logs.ts';
import { FakeRuns } from './fake-runs.ts';
import { FakeMachine } from './fake-machine.ts';
import { FakeStacks } from './fake-stacks.ts';

/** A host as it is right after it was connected, with the given differences. */
export function hostView(id: string, differences: Partial<HostView> = {}): HostView {
  return {
    id,
    target: `ssh://me@${id}`,
    state: 'ready',
    connections: { opened: 1, lastHour: 1 },
    sessions: { limit: 2, inUse: 0, waiting: 0, peak: 1, opened: 1, lastHour: 1 },
    channels: { open: 1, peak: 2 },
    pool: {
      connections: { total: 1, inUse: 1, available: 0, since: [0] },
      sessions: { total: 2, inUse: 0, available: 2, since: [] },
    },
    docker: {
      endpoint: { kind: 'streamlocal', path: '/var/run/docker.sock' },
      apiVersion: '1.41',
      engineVersion: '20.10.24',
    },
    events: { state: 'live', attempt: 0, received: 0, consecutiveFailures: 0 },
    server: {},
    paused: false,
    forwards: {},
    ...differences,
  };
}

/** A forward that listens on the port it wanted, with the given differences. */
export function forwardView(id: string, port: number, differences: Partial<ForwardView> = {}): ForwardView {
  return {
    id,
    source: 'container',
    container: id,
    protocol: 'tcp',
    local: { address: '127.0.0.1', port, addresses: ['127.0.0.1', '::1'] },
    requestedPort: port,
    remote: { address: '127.0.0.1', port },
    state: 'listening',
    active: 0,
    total: 0,
    bytesUp: 0,
    bytesDown: 0,
    ...differences,
  };
}

const { ports, outage, alerts, notifications, desktop, log, rules } = defaultSettings;
const settingsView = { ports, outage, alerts, notifications, desktop, log, rules };

export function appState(hosts: readonly HostView[] = [], differences: Partial<AppState> = {}): AppState {
  return {
    version: '0.0.0-test',
    pid: process.pid,
    mode: 'headless',
    startedAt: 0,
    settings: settingsView,
    hosts: Object.fromEntries(hosts.map((host) => [host.id, host])),
    stacks: {},
    ...differences,
  };
}

/** An engine that connects to nothing: keeps profiles and remembers what it was asked. */
export class FakeEngine implements EngineCommands {
  readonly store: StateStore;
  readonly forwards: FakeForwards;
  readonly stacks = new FakeStacks();
  readonly machine = new FakeMachine();
  readonly runs = new FakeRuns();
  readonly logs = new FakeLogs();
  readonly timeline: Timeline;
  readonly metrics = { text: async () => '# TYPE towline_info gauge\ntowline_info 1\n' };
  readonly diagnostics = {
    collect: async ({ hostId, alone }: DiagnosticsRequest): Promise<DiagnosticsBundle> => {
      this.asked.push(['diagnostics', hostId, alone]);
      const contents = [{ name: 'README.txt', about: 'what is in here', bytes: 2_000 }];
      return { name: 'towline-diagnostics.zip', zip: Buffer.from('a zip').toString('base64'), contents };
    },
  };
  readonly asked: unknown[] = [];
  readonly profiles: HostProfile[] = [];
  onStop: () => void = () => undefined;

  constructor(state: AppState = appState(), clock: Clock = systemClock) {
    this.store = new StateStore(state, clock);
    this.forwards = new FakeForwards(this.store, this.asked);
    this.timeline = new Timeline({ store: this.store, clock });
  }

  async addHost(profile: HostProfile): Promise<string> {
    if (this.profiles.some(({ id }) => id === profile.id)) {
      throw new FailureError({
        code: 'host-exists',
        message: `There is a host ${profile.id} already.`,
        hint: 'Another name.',
      });
    }
    this.profiles.push(profile);
    this.store.update((state) => ({ ...state, hosts: { ...state.hosts, [profile.id]: hostView(profile.id) } }));
    return profile.id;
  }

  async removeHost(hostId: string): Promise<void> {
    this.asked.push(['remove', hostId]);
  }

  listHosts(): readonly HostProfile[] {
    return this.profiles;
  }

  aliases: SshAlias[] = [];
  /** How many watchers said that they can answer. */
  attending = 0;

  async listAliases(): Promise<SshAlias[]> {
    return this.aliases;
  }

  candidates: HostCandidate[] = [];

  async listCandidates(): Promise<HostCandidate[]> {
    return this.candidates;
  }

  async startDemo(): Promise<string> {
    this.asked.push(['start-demo']);
    this.store.update((state) => ({ ...state, hosts: { ...state.hosts, demo: hostView('demo') } }));
    return 'demo';
  }

  async connect(hostId: string): Promise<void> {
    this.asked.push(['connect', hostId]);
  }

  async disconnect(hostId: string): Promise<void> {
    this.asked.push(['disconnect', hostId]);
  }

  /** Fails as a bug would. */
  async reconnect(hostId: string): Promise<void> {
    throw new TypeError(`cannot read ${hostId} of undefined`);
  }

  async answerPrompt(hostId: string, promptId: string, answer: PromptAnswer | undefined): Promise<void> {
    this.asked.push(['answer', hostId, promptId, answer]);
    this.store.updateHost(hostId, ({ prompt: _prompt, ...host }) => ({
      ...host,
      state: answer === undefined ? 'failed' : 'ready',
    }));
  }

  async updateSettings(change: SettingsChange): Promise<void> {
    this.asked.push(['settings', change]);
  }

  attend(): () => void {
    this.attending += 1;
    return () => (this.attending -= 1);
  }

  async *testHost(profile: HostProfile): AsyncGenerator<HostTestStep> {
    yield { step: 'resolve', state: 'done', detail: profile.target, ms: 1 };
    yield {
      step: 'connect',
      state: 'failed',
      failure: { code: 'auth-refused', message: `${profile.id} refused 3 keys.`, hint: 'Add the right one.' },
    };
  }

  async *examine(profile: HostProfile | undefined, _signal: AbortSignal): AsyncGenerator<DoctorStep> {
    yield { id: 'agent', title: 'ssh-agent', state: 'ok', detail: '2 usable: a, b' };
    if (profile !== undefined)
      yield { id: 'auth', title: 'Login', state: 'failed', detail: `${profile.id} refused 3 keys.` };
  }

  checkConnections(why: string): void {
    this.asked.push(['checkConnections', why]);
  }

  requestStop(): void {
    this.onStop();
  }
}
