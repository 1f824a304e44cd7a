import type { LogEvent } from '../../shared/log.ts';
import { Backoff } from '../base/backoff.ts';
import { sleep, type Clock } from '../base/clock.ts';
import type { LogCursor } from './cursor.ts';
import type { DecodedLine } from './line-decoder.ts';
import { isUnreadable } from './log-failures.ts';
import type { LogHost, LoggedContainer } from './log-host.ts';
import { readLog } from './read-log.ts';

export interface ContainerTailOptions {
  readonly host: LogHost;
  /** What to ask Docker for. */
  readonly reference: string;
  /** The reference is a name, which another container may have later. */
  readonly comesBack: boolean;
  /** It is told already, or not before the first attach. */
  readonly attached: boolean;
  readonly cursor: LogCursor;
  /** Takes the lines; the next ones are read when it resolves. */
  readonly take: (lines: readonly DecodedLine[], container: LoggedContainer) => Promise<void> | undefined;
  readonly attach: (container: LoggedContainer) => void;
  readonly end: (container: LoggedContainer | undefined, reason: EndReason, error?: unknown) => void;
  readonly clock: Clock;
}

export type EndReason = Extract<LogEvent, { kind: 'ended' }>['reason'];

const retryDelaysMs = [100, 500, 1_000, 2_000, 5_000];
/** How often a log is asked for where it can't be followed. */
const askMs = 2_000;
/** A start whose event was missed is found after this time. */
const safetyMs = 10_000;
const maxRefusals = 5;
/** How far back an attach reaches at first, in lines: Docker reads a log from behind only if it is told so, else all of it. */
const reaches = [2_000, 100_000, undefined] as const;

/**
 * Follows one container's log for as long as it is wanted, over its restarts, its recreation under the same name, and the losses
 * of the connection: each attach begins where the one before ended.
 */
export class ContainerTail {
  readonly #options: ContainerTailOptions;
  readonly #backoff = new Backoff({ delaysMs: retryDelaysMs, jitter: 0.5 });
  /** What was told last. */
  #told: 'attached' | EndReason | undefined;
  /** Answers in a row by which Docker refused its log. */
  #refusals = 0;
  /** The container that was attached to last. */
  #last: LoggedContainer | undefined;
  /** It has stopped, and its log was read after that. */
  #isDrained = false;

  constructor(options: ContainerTailOptions) {
    this.#options = options;
    if (options.attached) this.#told = 'attached';
  }

  /** Rejects with the signal's reason; resolves when nothing can ever come. */
  async run(signal: AbortSignal): Promise<void> {
    const { host, clock } = this.#options;
    for (;;) {
      const changed = new AbortController();
      const listening = host.onDidChangeDocker(() => changed.abort());
      try {
        const waitMs = await this.#look(signal);
        if (waitMs === 'forever') return;
        await sleep(clock, waitMs, AbortSignal.any([signal, changed.signal])).catch(() => undefined);
        signal.throwIfAborted();
      } finally {
        await listening.dispose();
      }
    }
  }

  /** Looks at the container, and attaches if there is anything to read. Gives the time until the next look. */
  async #look(signal: AbortSignal): Promise<number | 'forever'> {
    const { host, reference, comesBack } = this.#options;
    try {
      const container = await host.logs.loggedContainer(reference);
      signal.throwIfAborted();
      if (container === undefined) {
        this.#end('removed');
        return comesBack ? safetyMs : 'forever';
      }
      if (container.id !== this.#last?.id) this.#isDrained = false;
      this.#last = container;
      if (!container.running && this.#isDrained) {
        this.#end('stopped');
        return safetyMs;
      }
      await this.#read(container, signal);
      this.#isDrained = !container.running;
      if (!host.logs.keepsStreams && container.running) return askMs;
      return container.running ? this.#backoff.next() : 0;
    } catch (error) {
      signal.throwIfAborted();
      if (isUnreadable(error)) {
        this.#end('unreadable', error);
        return 'forever';
      }
      if (!isRefusal(error)) this.#end('disconnected', error);
      else if (++this.#refusals > maxRefusals) {
        this.#end('unreadable', error);
        return 'forever';
      }
      return this.#backoff.next();
    }
  }

  async #read(container: LoggedContainer, signal: AbortSignal): Promise<void> {
    const { cursor } = this.#options;
    if (cursor.newest === undefined) return void (await this.#attach(container, undefined, signal));
    for (const tail of reaches) if (await this.#attach(container, tail, signal)) return;
  }

  /** False where `tail` lines do not reach back to what was read before. */
  async #attach(container: LoggedContainer, tail: number | undefined, signal: AbortSignal): Promise<boolean> {
    const { host, cursor, take, attach } = this.#options;
    const follow = host.logs.keepsStreams;
    const { newest, since } = cursor;
    let joins = tail === undefined || newest === undefined;
    cursor.reattach();
    const attachment = { follow, since, tail, leaveOpenLine: !follow && container.running };
    for await (const lines of readLog(host.logs, container, attachment, signal)) {
      if (this.#told !== 'attached') attach(container);
      this.#told = 'attached';
      this.#refusals = 0;
      const [first] = lines;
      if (first === undefined) continue;
      joins ||= newest !== undefined && first.at <= newest;
      if (!joins) return false;
      const fresh = cursor.admit(lines);
      if (fresh.length === 0) continue;
      this.#backoff.reset();
      await take(fresh, container);
    }
    return true;
  }

  /** Each end is told once. That a container can't be asked for says nothing new of one that has ended before. */
  #end(reason: EndReason, error?: unknown): void {
    const isNews = this.#told === 'attached' || (reason !== 'disconnected' && this.#told !== undefined);
    if (this.#told === reason || !(isNews || reason === 'unreadable')) return;
    this.#told = reason;
    this.#options.end(this.#last, reason, error);
  }
}

/** Docker has answered, with an error: of a container that is just being removed, for one. */
function isRefusal(error: unknown): boolean {
  return typeof (error as { statusCode?: unknown }).statusCode === 'number';
}
