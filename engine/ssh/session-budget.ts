import { sleep, type Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { HourlyCounter } from '../base/hourly-counter.ts';
import { FailureError } from '../../shared/failure.ts';
import { ChannelRefused } from './channels.ts';
import type { SessionChannel } from './link.ts';

/** Who goes first when sessions are short, highest first. */
export type SessionPriority = 'docker' | 'deploy' | 'interactive' | 'background';

const order: readonly SessionPriority[] = ['docker', 'deploy', 'interactive', 'background'];

/**
 * A place is free again only a moment after its channel closed: sshd tidies up after it has read all that came with our
 * CLOSE, and a session asked for in the same breath is refused (measured with OpenSSH 9.2: every second one at MaxSessions 1).
 */
const settleMs = 30;
/** So often a refusal may be put down to that, before it is believed. */
const maxSettling = 10;

interface Waiting {
  readonly priority: SessionPriority;
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

export interface SessionCounts {
  readonly limit: number;
  readonly inUse: number;
  readonly waiting: number;
  readonly peak: number;
  readonly opened: number;
  readonly lastHour: number;
  /** How often the server has refused one. */
  readonly rejected: number;
}

/**
 * The bounded queue in front of session channels, the only kind that sshd's MaxSessions counts. A refusal while others
 * hold sessions teaches it the server's real limit, and the refused one waits its turn like everybody else.
 */
export class SessionBudget {
  readonly #clock: Clock;
  readonly #open: (command: string) => Promise<SessionChannel>;
  readonly #opened: HourlyCounter;
  readonly #didChange = new Emitter<void>();
  readonly #queue: Waiting[] = [];
  /** When each session that is held was opened. */
  readonly #held = new Set<{ readonly at: number }>();
  #limit: number;
  #inUse = 0;
  #peak = 0;
  #rejected = 0;
  /** Whether this server has granted a session at all since the last `relearn`. */
  #granted = false;
  #freedAtMs = Number.NEGATIVE_INFINITY;

  readonly onDidChange = this.#didChange.event;

  constructor(options: { limit: number; open: (command: string) => Promise<SessionChannel>; clock: Clock }) {
    this.#limit = options.limit;
    this.#open = options.open;
    this.#clock = options.clock;
    this.#opened = new HourlyCounter(options.clock);
  }

  get counts(): SessionCounts {
    return {
      limit: this.#limit,
      inUse: this.#inUse,
      waiting: this.#queue.length,
      peak: this.#peak,
      opened: this.#opened.total,
      lastHour: this.#opened.lastHour,
      rejected: this.#rejected,
    };
  }

  /** Since when each session is held, Unix ms. */
  get heldSince(): number[] {
    return [...this.#held].map(({ at }) => at);
  }

  /** Forgets what was learned: a new connection may meet a server with other limits. */
  relearn(limit: number): void {
    this.#limit = limit;
    this.#granted = false;
    if (limit === 0) this.#refuseAll(sessionsForbidden());
    this.#admitNext();
    this.#didChange.fire();
  }

  /**
   * Runs `command` in a session channel of its own, when there is room for it. The place is given back when the channel closes.
   * Rejects with `sessions-forbidden` where the server allows none, and with the signal's reason when aborted while waiting.
   */
  async exec(command: string, priority: SessionPriority, signal?: AbortSignal): Promise<SessionChannel> {
    for (let settling = 0; ; settling += 1) {
      await this.#admission(priority, signal);
      const alone = this.#inUse === 1;
      const askedAtMs = this.#clock.monotonic();
      try {
        return this.#hold(await this.#open(command));
      } catch (error) {
        const verdict = this.#judge(error, { alone, askedAtMs, settling }); // before others take the place
        this.#leave();
        if (verdict === 'settle') await sleep(this.#clock, settleMs, signal);
        else if (verdict !== 'queue') throw verdict;
      }
    }
  }

  /** What a refusal means: the error to end with, or to wait a moment, or to wait for somebody to leave. */
  #judge(
    error: unknown,
    { alone, askedAtMs, settling }: { alone: boolean; askedAtMs: number; settling: number },
  ): Error | 'settle' | 'queue' {
    if (!meansFull(error)) return error as Error;
    this.#rejected += 1;
    if (alone && !this.#granted) return this.#forbid(error);
    const mayBeSettling = alone || this.#freedAtMs >= askedAtMs - settleMs;
    if (mayBeSettling && settling < maxSettling) return 'settle';
    if (alone) return error;
    this.#learn(Math.max(1, this.#inUse - 1));
    return 'queue';
  }

  async #admission(priority: SessionPriority, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#limit === 0) throw sessionsForbidden();
    if (this.#inUse < this.#limit) return this.#enter();
    await new Promise<void>((resolve, reject) => {
      const leaveQueue = (): void => {
        signal?.removeEventListener('abort', onAbort);
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
      };
      const waiting: Waiting = {
        priority,
        admit: () => {
          leaveQueue();
          this.#enter();
          resolve();
        },
        refuse: (error) => {
          leaveQueue();
          reject(error);
        },
      };
      const onAbort = (): void => {
        waiting.refuse(signal?.reason as Error);
        this.#didChange.fire();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const rank = order.indexOf(priority);
      const behind = this.#queue.findIndex((other) => order.indexOf(other.priority) > rank);
      this.#queue.splice(behind < 0 ? this.#queue.length : behind, 0, waiting);
      this.#didChange.fire();
    });
  }

  #enter(): void {
    this.#inUse += 1;
    this.#peak = Math.max(this.#peak, this.#inUse);
    this.#didChange.fire();
  }

  #leave(): void {
    this.#inUse -= 1;
    this.#admitNext();
    this.#didChange.fire();
  }

  #admitNext(): void {
    while (this.#inUse < this.#limit && this.#queue.length > 0) this.#queue[0]?.admit();
  }

  #hold(channel: SessionChannel): SessionChannel {
    this.#granted = true;
    this.#opened.add();
    const held = { at: this.#clock.now() };
    this.#held.add(held);
    this.#didChange.fire();
    channel.once('close', () => {
      this.#held.delete(held);
      this.#freedAtMs = this.#clock.monotonic();
      this.#leave();
    });
    return channel;
  }

  #learn(limit: number): void {
    this.#limit = Math.min(this.#limit, limit);
    this.#didChange.fire();
  }

  #forbid(cause: unknown): FailureError {
    const error = sessionsForbidden(cause);
    this.#limit = 0;
    this.#refuseAll(error);
    this.#didChange.fire();
    return error;
  }

  #refuseAll(error: Error): void {
    for (const waiting of [...this.#queue]) waiting.refuse(error);
  }
}

/** Whether the server had no place, as opposed to no connection to ask it on, or a command it does not take. */
function meansFull(error: unknown): error is ChannelRefused {
  return error instanceof ChannelRefused && error.reason !== 'not-connected' && error.reason !== 'command-refused';
}

function sessionsForbidden(cause?: unknown): FailureError {
  return new FailureError(
    {
      code: 'sessions-forbidden',
      message: 'The server allows no session channels, so no command can run there.',
      hint: 'Set `MaxSessions 2` in its sshd_config and reload sshd. Forwards do not need it.',
    },
    { cause },
  );
}
