import { randomUUID } from 'node:crypto';
import { homedir, hostname, userInfo } from 'node:os';
import type { Duplex } from 'node:stream';
import { deployOptionsSchema, type DeployHistory, type GateReport } from '../shared/deploy.ts';
import type { DeployEvent, DeployRequest, DryRun, RollbackRequest, RunRequest } from '../shared/deployment.ts';
import { FailureError, toFailure } from '../shared/failure.ts';
import type { Stack } from '../shared/stack.ts';
import type { StackAction } from '../shared/stack-view.ts';
import { stackNamed, withoutStack, withStack } from '../shared/stacks.ts';
import { sleep, type Clock } from './base/clock.ts';
import type { Disposable } from './base/disposables.ts';
import { emitted, type Emit } from './base/emitted.ts';
import type { StackCommands } from './commands.ts';
import { deployStack, rollbackStack, verifyStack, type DeployStream } from './deploy/deploy.ts';
import { HashMemory } from './deploy/hash-memory.ts';
import { dryRunStack, historyOf } from './deploy/look.ts';
import { deployInOrder } from './deploy/order.ts';
import type { DeployTools } from './deploy/tools.ts';
import type { ComposeProjects } from './docker/compose-projects.ts';
import { whenReachable } from './reachable.ts';
import { redactDryRun } from './redacted-dry-run.ts';
import { EventRedactor } from './redacted-events.ts';
import { letRun, RunJournal } from './run-journal.ts';
import type { SettingsFile } from './settings-file.ts';
import { dialTcp } from './ssh/dial-tcp.ts';
import type { SessionChannel } from './ssh/link.ts';
import { expandHome } from './ssh/ssh-tokens.ts';
import { StackBoard } from './stack-board.ts';
import { chosenStacks } from './stack-selection.ts';
import type { StateStore } from './state-store.ts';

/** What a host lends. */
export interface DeployHost {
  readonly projects: ComposeProjects;
  openSession(command: string, priority: 'deploy', signal: AbortSignal): Promise<SessionChannel>;
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
  readonly #board: StackBoard;
  readonly #journal = new RunJournal();
  readonly #hashes: HashMemory;
  readonly #runs = new Map<string, AbortController>();
  readonly #watching: Disposable;

  constructor(options: DeploymentsOptions) {
    const { settings, store, clock } = options;
    this.#options = options;
    this.#board = new StackBoard(store, clock);
    this.#hashes = new HashMemory(clock);
    this.#board.reconcile(this.list());
    this.#watching = settings.onDidChange(() => this.#board.reconcile(this.list()));
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
  ): AsyncGenerator<DeployEvent, void> {
    const stacks = chosenStacks(this.list(), names);
    yield* this.#run('deploy', stacks, signal, (emit, live) =>
      deployInOrder({
        stacks,
        onFailure,
        deploy: (stack) => follow(stack, deployStack(this.#tools(stack, live), this.#at(stack), options, live), emit),
        pause: (stack) => this.#pause(stack, emit, live),
        skipped: (stack, because) => void emit({ kind: 'skipped', stack: stack.name, because }),
      }),
    );
  }

  async *rollback(
    { stack: name, to, options }: RollbackRequest,
    signal: AbortSignal,
  ): AsyncGenerator<DeployEvent, void> {
    const stack = stackNamed(this.list(), name);
    yield* this.#run('rollback', [stack], signal, async (emit, live) => {
      await follow(stack, rollbackStack(this.#tools(stack, live), this.#at(stack), to, options, live), emit);
    });
  }

  async *verify(names: readonly string[] | undefined, signal: AbortSignal): AsyncGenerator<DeployEvent, void> {
    const stacks = chosenStacks(this.list(), names);
    yield* this.#run('verify', stacks, signal, async (emit, live) => {
      await Promise.all(stacks.map((stack) => this.#verify(stack, emit, live)));
    });
  }

  begin(request: RunRequest): Promise<string> {
    const never = new AbortController().signal;
    switch (request.action) {
      case 'deploy':
        return letRun(this.deploy(request, never));
      case 'rollback':
        return letRun(this.rollback(request, never));
      case 'verify':
        return letRun(this.verify(request.stacks, never));
    }
  }

  follow(name: string, signal: AbortSignal): AsyncGenerator<DeployEvent, void> {
    return this.#journal.follow(stackNamed(this.list(), name).name, signal);
  }

  cancel(run: string): void {
    this.#runs.get(run)?.abort(new FailureError({ code: 'cancelled', message: 'Cancelled.' }));
  }

  async dryRun(name: string, signal: AbortSignal): Promise<DryRun> {
    const stack = stackNamed(this.list(), name);
    const { dry, env } = await dryRunStack(this.#tools(stack, signal), this.#at(stack), defaults, signal);
    return redactDryRun(dry, env);
  }

  async history(name: string, signal: AbortSignal): Promise<DeployHistory> {
    const stack = stackNamed(this.list(), name);
    return historyOf(this.#tools(stack, signal), this.#at(stack), signal);
  }

  /** Cancels what runs; the hosts undo by themselves what was not committed. */
  dispose(): void {
    void this.#watching.dispose();
    for (const run of this.#runs.keys()) this.cancel(run);
  }

  async *#run(
    action: StackAction,
    stacks: readonly Stack[],
    signal: AbortSignal,
    work: (emit: Emit<DeployEvent>, signal: AbortSignal) => Promise<void>,
  ): AsyncGenerator<DeployEvent, void> {
    const run = randomUUID();
    const cancelled = new AbortController();
    this.#runs.set(run, cancelled);
    const redactor = new EventRedactor();
    const told = (event: DeployEvent): DeployEvent => {
      const clean = redactor.clean(event);
      this.#board.hear(run, action, clean);
      this.#journal.hear(run, clean);
      return clean;
    };
    const tell = (emit: Emit<DeployEvent>, live: AbortSignal): Promise<void> =>
      work((event) => emit(told(event)), live);
    try {
      yield told({ kind: 'begun', run, stacks: stacks.map(({ name }) => name) });
      yield* emitted(tell, AbortSignal.any([signal, cancelled.signal]));
    } finally {
      this.#runs.delete(run);
      this.#board.over(run);
      this.#journal.over(run);
    }
  }

  async #verify(stack: Stack, emit: Emit<DeployEvent>, signal: AbortSignal): Promise<void> {
    const { name } = stack;
    let last: GateReport | undefined;
    const report = (gate: GateReport): void => {
      last = gate;
      void emit({ kind: 'progress', stack: name, progress: { kind: 'gate', report: gate } });
    };
    try {
      await emit({ kind: 'progress', stack: name, progress: { kind: 'stage', stage: 'gating', atMs: 0 } });
      const ok = await verifyStack(this.#tools(stack, signal), stack, report, signal);
      const failure = { code: 'gate-failed', message: `It does not prove itself: ${last?.gate}: ${last?.saw}.` };
      await emit({ kind: 'verified', stack: name, ok, ...(ok ? {} : { failure }) });
    } catch (error) {
      await emit({ kind: 'verified', stack: name, ok: false, failure: toFailure(error) });
    }
  }

  async #pause({ name, pauseMs }: Stack, emit: Emit<DeployEvent>, signal: AbortSignal): Promise<void> {
    if (pauseMs === 0) return;
    const line = `Waiting for ${pauseMs / 1_000} s before the next stack.`;
    await emit({ kind: 'progress', stack: name, progress: { kind: 'output', line } });
    await sleep(this.#options.clock, pauseMs, signal).catch(() => undefined); // cancelled: the next one will say so
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
      hashes: this.#hashes,
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
