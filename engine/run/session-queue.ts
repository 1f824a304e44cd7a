import { FailureError } from '../../shared/failure.ts';
import type { CommandFigures } from '../../shared/run.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { emptyHistogram, withDuration } from './duration-histogram.ts';
import { joinLine, type Queued, type QueuePriority } from './waiting-line.ts';

/** What the queue must know of a session: when it is over. */
interface Leased {
  once(event: 'close', listener: () => void): unknown;
  /** Reads on, so that what is unread does not keep it from closing. */
  resume(): unknown;
  destroy(): unknown;
}

/** The host's session budget, as the queue feeds it. */
export interface SessionSource<Session> {
  readonly counts: { readonly limit: number; readonly inUse: number; readonly waiting: number };
  readonly onDidChange: Event<void>;
  exec(command: string, priority: QueuePriority, signal?: AbortSignal): Promise<Session>;
}

export interface SessionQueueOptions<Session> {
  readonly source: SessionSource<Session>;
  readonly clock: Clock;
  /** How many may wait. */
  readonly capacity?: number;
}

interface Waiting extends Queued {
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

const usualCapacity = 100;

/**
 * The bounded line in front of a host's session budget: deployments first, then people, then what may wait. It asks the budget for
 * a session only when there is room, so that whoever comes later and is more urgent still goes first.
 */
export class SessionQueue<Session extends Leased> {
  readonly #options: SessionQueueOptions<Session>;
  readonly #capacity: number;
  readonly #didChange = new Emitter<void>();
  #line: readonly Waiting[] = [];
  #opening = 0;
  #figures: Pick<CommandFigures, 'running' | 'completed' | 'rejected' | 'durations'> = {
    running: 0,
    completed: 0,
    rejected: 0,
    durations: emptyHistogram,
  };

  readonly onDidChange = this.#didChange.event;

  constructor(options: SessionQueueOptions<Session>) {
    this.#options = options;
    this.#capacity = options.capacity ?? usualCapacity;
    options.source.onDidChange(() => this.#admit());
  }

  get figures(): CommandFigures {
    return { ...this.#figures, waiting: this.#line.length + this.#opening };
  }

  /**
   * A session for `command`, when it is its turn. Rejects with `queue-full`, with `queue-timeout` after `waitMs`, with the signal's
   * reason, and with what the budget says. What is granted after all that is given back.
   */
  async open(
    command: string,
    priority: QueuePriority,
    { signal, waitMs }: { signal?: AbortSignal; waitMs?: number } = {},
  ): Promise<Session> {
    signal?.throwIfAborted();
    const { clock, source } = this.#options;
    const gaveUp = new AbortController();
    const giveUp = (): void => gaveUp.abort(signal?.reason);
    const timer =
      waitMs === undefined
        ? undefined
        : clock.after(waitMs, () => {
            this.#count({ rejected: this.#figures.rejected + 1 });
            gaveUp.abort(waitedTooLong(waitMs));
          });
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await this.#turn(priority, gaveUp.signal);
      return await this.#granted(source.exec(command, priority, gaveUp.signal), gaveUp.signal);
    } finally {
      void timer?.dispose();
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Resolves when it is this one's turn; then it counts as opening. */
  #turn(priority: QueuePriority, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal.removeEventListener('abort', onAbort);
        this.#line = this.#line.filter((other) => other !== waiting);
      };
      const waiting: Waiting = {
        priority,
        admit: () => {
          leave();
          this.#opening += 1;
          resolve();
        },
        refuse: (error) => {
          leave();
          reject(error);
          this.#didChange.fire();
        },
      };
      const onAbort = (): void => waiting.refuse(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const { line, turnedAway } = joinLine(this.#line, waiting, this.#capacity);
      this.#line = line;
      if (turnedAway !== undefined) {
        this.#count({ rejected: this.#figures.rejected + 1 });
        turnedAway.refuse(full(this.#capacity));
      }
      this.#admit();
      this.#didChange.fire();
    });
  }

  /** The session, unless it comes after `signal`: then nobody is there to take it, and it is closed. */
  async #granted(opening: Promise<Session>, signal: AbortSignal): Promise<Session> {
    const late = new Promise<never>((_, reject) => {
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
    try {
      return this.#hold(await Promise.race([opening, late]));
    } catch (error) {
      opening.then(giveBack, () => undefined);
      throw error;
    } finally {
      this.#opening -= 1;
      this.#admit();
      this.#didChange.fire();
    }
  }

  #hold(session: Session): Session {
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    this.#count({ running: this.#figures.running + 1 });
    session.once('close', () => {
      const { running, completed, durations } = this.#figures;
      const ms = clock.monotonic() - startedAt;
      this.#count({ running: running - 1, completed: completed + 1, durations: withDuration(durations, ms) });
    });
    return session;
  }

  /** One at a time: whoever is let in takes room in the budget a moment later. */
  #admit(): void {
    const { limit, inUse, waiting } = this.#options.source.counts;
    const room = limit === 0 || (waiting === 0 && inUse < limit); // where there are no sessions, the budget says so
    if (room && this.#opening === 0) this.#line[0]?.admit();
  }

  #count(change: Partial<CommandFigures>): void {
    this.#figures = { ...this.#figures, ...change };
    this.#didChange.fire();
  }
}

function giveBack(session: Leased): void {
  session.resume();
  session.destroy();
}

function full(capacity: number): FailureError {
  return new FailureError({
    code: 'queue-full',
    message: `${capacity} commands wait for a session on this host already.`,
    hint: 'Try again when some are done, or allow it more sessions (`sessionLimit` of the host, MaxSessions of its sshd).',
  });
}

function waitedTooLong(waitMs: number): FailureError {
  return new FailureError({
    code: 'queue-timeout',
    message: `No session became free within ${Math.round(waitMs / 1_000)} s.`,
    hint: 'See what holds them with `towline status`, or wait longer with --wait.',
  });
}
