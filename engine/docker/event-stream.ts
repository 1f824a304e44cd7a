import type { Readable } from 'node:stream';
import type { Failure } from '../../shared/failure.ts';
import { toFailure } from '../../shared/failure.ts';
import { Backoff } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { parseEvent, type DockerEvent } from './events.ts';
import { LineSplitter } from './line-splitter.ts';

export type EventStreamState =
  | { readonly kind: 'off' }
  | { readonly kind: 'subscribing' }
  | { readonly kind: 'live' }
  /** There is no room for a stream on this host: whoever listens looks for himself, every few seconds. */
  | { readonly kind: 'polling'; readonly reason: Failure }
  | { readonly kind: 'waiting'; readonly failure: Failure; readonly retryAt: number };

/** What an operator needs to know of the stream. Times in ms; of the present or the last subscription. */
export interface EventStreamFigures {
  readonly attempt: number;
  readonly startupMs?: number;
  readonly timeToFirstEventMs?: number;
  readonly received: number;
  readonly consecutiveFailures: number;
  readonly totalMs?: number;
}

const retryDelaysMs = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** A subscription that lived this long ends a series of failures. */
const healthyMs = 60_000;
const pollMs = 5_000;
/** Replayed once more on each reconnect: the daemon's clock ticks in whole seconds here. */
const overlapS = 2;
const rememberedEvents = 512;

/**
 * The Docker event stream, subscribed for as long as it is on. Every end, clean or not, is followed by back-off and a new
 * subscription `since` the last event by the server's own clock. Whoever listens must list each time `onListDue` fires:
 * the daemon's replay is best effort (256 events, memory only), and while polling there is nothing else.
 */
export class EventStream implements Disposable {
  readonly #subscribe: (since: number | undefined) => Promise<Readable>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #backoff = new Backoff({ delaysMs: retryDelaysMs, jitter: 0.5 });
  readonly #didReceive = new Emitter<DockerEvent>();
  readonly #listDue = new Emitter<void>();
  readonly #didChange = new Emitter<void>();
  readonly #seen = new Set<string>();
  #state: EventStreamState = { kind: 'off' };
  #figures: EventStreamFigures = { attempt: 0, received: 0, consecutiveFailures: 0 };
  #stream: Readable | undefined;
  #run = 0;
  /** What happens next by itself: a retry, the end of a series of failures, or the next poll. */
  #timer: Disposable | undefined;
  #lastEventS: number | undefined;

  readonly onDidReceive = this.#didReceive.event;
  readonly onListDue = this.#listDue.event;
  readonly onDidChange = this.#didChange.event;

  constructor(options: { subscribe: (since: number | undefined) => Promise<Readable>; clock: Clock; log: Logger }) {
    this.#subscribe = options.subscribe;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  get state(): EventStreamState {
    return this.#state;
  }

  get figures(): EventStreamFigures {
    return this.#figures;
  }

  start(): void {
    if (this.#state.kind === 'off') void this.#attempt(); // reports through its state
  }

  stop(): void {
    this.#leave();
    this.#become({ kind: 'off' });
  }

  /** Does without a subscription from now on, and gives back the stream of the present one. */
  poll(reason: Failure): void {
    if (this.#state.kind === 'polling') return;
    this.#leave();
    this.#timer = this.#clock.every(pollMs, () => this.#listDue.fire());
    this.#become({ kind: 'polling', reason });
    this.#listDue.fire();
  }

  /** Ends the present subscription, if there is one, and subscribes anew. */
  restart(failure: Failure): void {
    if (this.#state.kind === 'live') this.#ended(this.#run, failure);
  }

  dispose(): void {
    this.stop();
    this.#didReceive.dispose();
    this.#listDue.dispose();
    this.#didChange.dispose();
  }

  async #attempt(): Promise<void> {
    const run = ++this.#run;
    const startedAt = this.#clock.monotonic();
    this.#figures = {
      attempt: this.#figures.attempt + 1,
      received: this.#figures.received,
      consecutiveFailures: this.#figures.consecutiveFailures,
    };
    this.#become({ kind: 'subscribing' });
    try {
      const since = this.#lastEventS === undefined ? undefined : Math.max(0, this.#lastEventS - overlapS);
      const stream = await this.#subscribe(since);
      if (run !== this.#run) return void stream.destroy();
      this.#follow(run, stream, startedAt);
    } catch (error) {
      this.#ended(run, toFailure(error));
    }
  }

  #follow(run: number, stream: Readable, startedAt: number): void {
    const lines = new LineSplitter();
    const liveAt = this.#clock.monotonic();
    this.#stream = stream;
    this.#note({ startupMs: Math.round(liveAt - startedAt) });
    stream.on('data', (chunk: Buffer) => {
      for (const line of lines.push(chunk)) this.#received(line, liveAt);
    });
    const onEnd = (error?: Error): void => {
      if (run !== this.#run) return;
      this.#note({ totalMs: Math.round(this.#clock.monotonic() - liveAt) });
      this.#ended(run, {
        code: 'events-ended',
        message: `The event stream ended: ${error?.message ?? 'closed by the other side'}.`,
      });
    };
    stream.on('error', onEnd);
    stream.once('end', () => onEnd());
    stream.once('close', () => onEnd());
    this.#timer = this.#clock.after(healthyMs, () => this.#healthy(), { background: true });
    this.#become({ kind: 'live' });
    this.#listDue.fire();
  }

  #received(line: string, liveAt: number): void {
    const event = parseEvent(line);
    if (event === undefined) {
      this.#log.debug('not an event', { line: line.slice(0, 200) });
      return;
    }
    if (this.#seen.has(event.fingerprint)) return;
    this.#remember(event);
    if (this.#figures.timeToFirstEventMs === undefined) {
      this.#note({ timeToFirstEventMs: Math.round(this.#clock.monotonic() - liveAt), consecutiveFailures: 0 });
    }
    this.#note({ received: this.#figures.received + 1 });
    this.#didReceive.fire(event);
    this.#didChange.fire();
  }

  #remember(event: DockerEvent): void {
    this.#seen.add(event.fingerprint);
    if (this.#seen.size > rememberedEvents) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
    if (event.timeS > 0) this.#lastEventS = event.timeS;
  }

  /** An event alone does not say so: a daemon that ends each stream after its first event would be asked without pause. */
  #healthy(): void {
    this.#backoff.reset();
    this.#note({ consecutiveFailures: 0 });
    this.#didChange.fire();
  }

  /** Lets go of the present subscription, or of the attempt at one. */
  #leave(): void {
    this.#run += 1;
    void this.#timer?.dispose();
    this.#timer = undefined;
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  #ended(run: number, failure: Failure): void {
    if (run !== this.#run) return;
    this.#leave();
    this.#note({ consecutiveFailures: this.#figures.consecutiveFailures + 1 });
    const delayMs = this.#backoff.next();
    this.#log.warn('event stream ended', {
      ...this.#figures,
      code: failure.code,
      message: failure.message,
      retryInMs: delayMs,
    });
    this.#become({ kind: 'waiting', failure, retryAt: this.#clock.now() + delayMs });
    this.#timer = this.#clock.after(delayMs, () => void this.#attempt());
  }

  #note(figures: Partial<EventStreamFigures>): void {
    this.#figures = { ...this.#figures, ...figures };
  }

  #become(state: EventStreamState): void {
    this.#state = state;
    this.#didChange.fire();
  }
}
