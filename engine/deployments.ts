import { randomUUID } from 'node:crypto';
import { homedir, hostname, userInfo } from 'node:os';
import type { Duplex } from 'node:stream';
import { deployOptionsSchema, type DeployHistory, type GateReport } from '../shared/deploy.ts';
import type { DeployEvent, DeployRequest, DryRun, RollbackRequest } from '../shared/deployment.ts';
import { toFailure } from '../shared/failure.ts';
import type { Stack } from '../shared/stack.ts';
import { stackNamed, withoutStack, withStack } from '../shared/stacks.ts';
import type { Clock } from './base/clock.ts';
import type { Disposable } from './base/disposables.ts';
import { emitted, type Emit } from './base/emitted.ts';
import type { StackCommands } from './commands.ts';
import { deployStack, dryRunStack, historyOf, rollbackStack, verifyStack, type DeployStream } from './deploy/deploy.ts';
import { deployInOrder } from './deploy/order.ts';
import type { DeployTools } from './deploy/tools.ts';
import type { ComposeProjects } from './docker/compose-projects.ts';
import { whenReachable } from './reachable.ts';
import { withoutSecrets } from './redacted-events.ts';
import type { SettingsFile } from './settings-file.ts';
import { dialTcp } from './ssh/dial-tcp.ts';
import type { SessionChannel } from './ssh/link.ts';
import type { SessionPriority } from './ssh/session-budget.ts';
import { expandHome } from './ssh/ssh-tokens.ts';
import { chosenStacks } from './stack-selection.ts';
import type { StateStore } from './state-store.ts';

/** What a host lends. */
export interface DeployHost {
  readonly projects: ComposeProjects;
  openSession(command: string, priority: SessionPriority, signal: AbortSignal): Promise<SessionChannel>;
  openTcp(host: string, port: number): Promise<Duplex>;
}

export interface DeploymentsOptions {
  readonly settings: SettingsFile;
  readonly store: StateStore;
  /** Throws `host-not-found`. */
  readonly host: (hostId: string) => DeployHost;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
}

/** What one direct connection may take. */
const dialMs = 10_000;
const defaults = deployOptionsSchema.parse({});

/** The stacks of the settings, and what is done with them on their hosts. */
export class Deployments implements StackCommands, Disposable {
  readonly #options: DeploymentsOptions;
  readonly #runs = new Map<string, AbortController>();

  constructor(options: DeploymentsOptions) {
    this.#options = options;
  }

  list(): readonly Stack[] {
    return this.#options.settings.settings.stacks;
  }

  add(stack: Stack): Promise<void> {
    const hosts = (): string[] => Object.keys(this.#options.store.state.hosts);
    return this.#options.settings.update((settings) => {
      const known = new Set([...settings.hosts.map(({ id }) => id), ...hosts()]);
      return { ...settings, stacks: withStack(settings.stacks, stack, [...known]) };
    });
  }

  remove(name: string): Promise<void> {
    return this.#options.settings.update((settings) => ({ ...settings, stacks: withoutStack(settings.stacks, name) }));
  }

  async *deploy(
    { stacks: names, options, onFailure }: DeployRequest,
    signal: AbortSignal,
  ): AsyncGenerator<DeployEvent> {
    const stacks = chosenStacks(this.list(), names);
    yield* this.#run(stacks, signal, (emit, live) =>
      deployInOrder({
        stacks,
        onFailure,
        deploy: (stack) => follow(stack, deployStack(this.#tools(stack, live), this.#at(stack), options, live), emit),
        skipped: (stack, because) => void emit({ kind: 'skipped', stack: stack.name, because }),
      }),
    );
  }

  async *rollback({ stack: name, to, options }: RollbackRequest, signal: AbortSignal): AsyncGenerator<DeployEvent> {
    const stack = stackNamed(this.list(), name);
    yield* this.#run([stack], signal, async (emit, live) => {
      await follow(stack, rollbackStack(this.#tools(stack, live), this.#at(stack), to, options, live), emit);
    });
  }

  async *verify(names: readonly string[] | undefined, signal: AbortSignal): AsyncGenerator<DeployEvent> {
    const stacks = chosenStacks(this.list(), names);
    yield* this.#run(stacks, signal, async (emit, live) => {
      await Promise.all(stacks.map((stack) => this.#verify(stack, emit, live)));
    });
  }

  cancel(run: string): void {
    this.#runs.get(run)?.abort(new Error('cancelled'));
  }

  async dryRun(name: string, signal: AbortSignal): Promise<DryRun> {
    const stack = stackNamed(this.list(), name);
    const { changes, warnings, ...sizes } = await dryRunStack(
      this.#tools(stack, signal),
      this.#at(stack),
      defaults,
      signal,
    );
    return { changes: [...changes], warnings: [...warnings], ...sizes };
  }

  async history(name: string, signal: AbortSignal): Promise<DeployHistory> {
    const stack = stackNamed(this.list(), name);
    return historyOf(this.#tools(stack, signal), this.#at(stack), signal);
  }

  /** Cancels what runs; the hosts undo by themselves what was not committed. */
  dispose(): void {
    for (const run of this.#runs.keys()) this.cancel(run);
  }

  async *#run(
    stacks: readonly Stack[],
    signal: AbortSignal,
    work: (emit: Emit<DeployEvent>, signal: AbortSignal) => Promise<void>,
  ): AsyncGenerator<DeployEvent, void> {
    const run = randomUUID();
    const cancelled = new AbortController();
    this.#runs.set(run, cancelled);
    try {
      yield { kind: 'begun', run, stacks: stacks.map(({ name }) => name) };
      for await (const event of emitted(work, AbortSignal.any([signal, cancelled.signal]))) yield withoutSecrets(event);
    } finally {
      this.#runs.delete(run);
    }
  }

  async #verify(stack: Stack, emit: Emit<DeployEvent>, signal: AbortSignal): Promise<void> {
    const { name } = stack;
    try {
      const report = (gate: GateReport): void =>
        void emit({ kind: 'progress', stack: name, progress: { kind: 'gate', report: gate } });
      const ok = await verifyStack(this.#tools(stack, signal), stack, report, signal);
      await emit({ kind: 'verified', stack: name, ok });
    } catch (error) {
      await emit({ kind: 'verified', stack: name, ok: false, failure: toFailure(error) });
    }
  }

  /** Where it is on this machine; people write `~` into the settings. */
  #at(stack: Stack): Stack {
    return { ...stack, dir: expandHome(stack.dir, this.#options.env['HOME'] ?? homedir()) };
  }

  #tools({ host: id }: Stack, signal: AbortSignal): DeployTools {
    const { clock, store, host } = this.#options;
    const lent = async (need: 'connection' | 'docker', until = signal): Promise<DeployHost> => {
      const found = host(id);
      await whenReachable(store, id, need, until);
      return found;
    };
    return {
      clock,
      owner: `${userInfo().username}@${hostname()}`,
      openSession: async (command, until) => (await lent('connection', until)).openSession(command, 'deploy', until),
      health: {
        containers: async (project) => (await lent('docker')).projects.containersOf(project),
        lastLines: async (containerId, lines) => (await lent('docker')).projects.lastLines(containerId, lines),
      },
      dial: async (target, via) => {
        if (via === 'direct') return dialTcp({ ...target, timeoutMs: dialMs, signal, clock });
        return (await lent('connection')).openTcp(target.host, target.port);
      },
    };
  }
}

/** Passes a deployment on, at the reader's pace; true if it succeeded. */
async function follow({ name }: Stack, stream: DeployStream, emit: Emit<DeployEvent>): Promise<boolean> {
  for (;;) {
    const next = await stream.next();
    if (!next.done) await emit({ kind: 'progress', stack: name, progress: next.value });
    else {
      await emit({ kind: 'result', stack: name, result: next.value });
      return next.value.outcome === 'succeeded';
    }
  }
}
