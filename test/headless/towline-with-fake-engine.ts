import { setTimeout } from 'node:timers/promises';
import { main } from '../../headless/program.ts';
import { systemShell, type OwnedEngine } from '../../headless/shell.ts';
import type { EngineOptions } from '../../engine/engine.ts';
import type { DoctorStep } from '../../shared/doctor.ts';
import type { HostProfile } from '../../shared/host.ts';
import type { HostCandidate } from '../../shared/host-candidate.ts';
import { FakeEngine, appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';
import { shopLog } from './shop-log.ts';

/** The command with an engine that connects to nothing: one forward per host, and the scenario named by FAKE_ENGINE. */
class ScriptedEngine extends FakeEngine implements OwnedEngine {
  readonly #options: EngineOptions;

  constructor(options: EngineOptions) {
    super(appState());
    this.#options = options;
    this.onStop = () => options.onStopRequested?.();
    this.profiles.push(...options.settings.settings.hosts);
    this.stacks.stacks = [...options.settings.settings.stacks];
    Object.assign(this.logs, { name: 'shop', events: shopLog });
  }

  async start(): Promise<void> {
    const saved = this.#options.withoutSaved ? [] : this.#options.settings.settings.hosts;
    const hosts = [...saved, ...(this.#options.hosts ?? []).map(({ profile }) => profile)].map(({ id }) => {
      const web = forwardView('web', 8080, { container: 'we\x1b[31mb' });
      return hostView(
        id,
        process.env['FAKE_ENGINE'] === undefined ? { forwards: { web } } : { state: 'authenticating' },
      );
    });
    this.store.update((state) => ({ ...state, hosts: Object.fromEntries(hosts.map((host) => [host.id, host])) }));
    const [first] = hosts;
    if (process.env['FAKE_ENGINE'] === 'asks' && first !== undefined) void this.#ask(first.id);
  }

  override async *examine(profile: HostProfile | undefined, signal: AbortSignal): AsyncGenerator<DoctorStep> {
    for await (const step of super.examine(profile, signal)) {
      yield step;
      if (process.env['FAKE_ENGINE'] === 'slow') await setTimeout(60_000, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  }

  override async listCandidates(): Promise<HostCandidate[]> {
    const file = '/home/me/.ssh/config:1';
    return ['web', 'db', 'gpu']
      .filter((name) => !this.#options.settings.settings.hosts.some(({ id }) => id === name))
      .map((name) => ({ name, target: name, from: 'ssh-config', file }));
  }

  async dispose(): Promise<void> {
    if (process.env['FAKE_ENGINE'] === 'hangs') await new Promise(() => undefined);
  }

  async #ask(hostId: string): Promise<void> {
    const request = { kind: 'password', hostId, user: 'me', host: 'shop' } as const;
    const answer = await this.#options.prompter?.(request, new AbortController().signal);
    const right = answer?.kind === 'password' && answer.password === 'right';
    const refused = { code: 'auth-refused', message: `${hostId} refused the password.`, hint: 'Try another.' };
    this.store.updateHost(hostId, (host) =>
      right ? { ...host, state: 'ready' } : { ...host, state: 'failed', reason: refused },
    );
  }
}

const shell = { ...systemShell(), createEngine: async (options: EngineOptions) => new ScriptedEngine(options) };
process.exitCode = await main(process.argv.slice(2), shell);
