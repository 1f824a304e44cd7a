import { randomUUID } from 'node:crypto';
import { FailureError } from '../shared/failure.ts';
import type { CommandRunEvent, CommandRunRequest } from '../shared/run.ts';
import type { Clock } from './base/clock.ts';
import type { Disposable } from './base/disposables.ts';
import { emitted } from './base/emitted.ts';
import type { RunCommands } from './commands.ts';
import { remoteCommand } from './base/remote-command.ts';
import { whenReachable } from './reachable.ts';
import { CommandRun, type CommandSession, type ReportEvent } from './run/command-run.ts';
import type { Pace } from './run/remote-program.ts';
import { lostBefore, runNotStarted } from './run/run-failures.ts';
import type { QueuePriority } from './run/waiting-line.ts';
import type { StateStore } from './state-store.ts';

/** What a host lends. */
export interface RunHost {
  openSession(command: string, priority: QueuePriority, signal: AbortSignal, waitMs?: number): Promise<CommandSession>;
}

export interface RunsOptions {
  readonly store: StateStore;
  /** Throws `host-not-found`. */
  readonly host: (hostId: string) => RunHost;
  readonly clock: Clock;
  readonly pace?: Pace;
}

interface Run {
  readonly cancelled: AbortController;
  live?: CommandRun;
}

/** Commands on hosts, while they run. */
export class Runs implements RunCommands, Disposable {
  readonly #options: RunsOptions;
  readonly #runs = new Map<string, Run>();

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  async *start(request: CommandRunRequest, signal: AbortSignal): AsyncGenerator<CommandRunEvent, void> {
    this.#options.host(request.hostId);
    const id = randomUUID();
    const run: Run = { cancelled: new AbortController() };
    this.#runs.set(id, run);
    try {
      yield { kind: 'begun', run: id };
      yield* emitted(
        (emit, live) => this.#perform(run, request, emit, live),
        AbortSignal.any([signal, run.cancelled.signal]),
      );
    } finally {
      this.#runs.delete(id);
    }
  }

  /** What comes for a run that is over is dropped, as a closed pipe would. */
  async input(id: string, data: Buffer, end: boolean): Promise<void> {
    const run = this.#runs.get(id);
    if (run === undefined) return;
    if (run.live === undefined) throw runNotStarted();
    await run.live.input(data, end);
  }

  cancel(id: string): void {
    this.#runs.get(id)?.cancelled.abort(new FailureError({ code: 'cancelled', message: 'Cancelled.' }));
  }

  dispose(): void {
    for (const id of this.#runs.keys()) this.cancel(id);
  }

  async #perform(run: Run, request: CommandRunRequest, report: ReportEvent, signal: AbortSignal): Promise<void> {
    const { clock, pace } = this.#options;
    const askedAt = clock.monotonic();
    const session = await this.#session(request, signal);
    run.live = new CommandRun({ session, request, report, clock, ...(pace === undefined ? {} : { pace }) });
    const performing = run.live.perform(signal);
    void report({ kind: 'started', waitedMs: clock.monotonic() - askedAt });
    await performing;
  }

  async #session({ hostId, priority, waitMs }: CommandRunRequest, signal: AbortSignal): Promise<CommandSession> {
    const { store, host } = this.#options;
    await whenReachable(store, hostId, 'connection', signal);
    try {
      return await host(hostId).openSession(remoteCommand, priority, signal, waitMs);
    } catch (error) {
      if (error instanceof FailureError && error.code === 'not-connected') throw lostBefore(hostId, error);
      throw error;
    }
  }
}
