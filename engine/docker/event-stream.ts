import type { Readable } from 'node:stream';
import type { Failure } from '../../shared/failure.ts';
import { toFailure } from '../../shared/failure.ts';
import { Backoff } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import type { LogFields, Logger } from '../base/logger.ts';
import { parseEvent, type DockerEvent } from './events.ts';
import { LineSplitter } from './line-splitter.ts';
import { StreamDiagnosis, type EventStreamFigures } from './stream-diagnosis.ts';

export type EventStreamState =
  | { readonly kind: 'off' }
  | { readonly kind: 'subscribing' }
  | { readonly kind: 'live' }
  /** There is no room for a stream on this host: whoever listens looks for himself, every few seconds. */
  | { readonly kind: 'polling'; readonly reason: Failure }
  | { readonly kind: 'waiting'; readonly failure: Failure; readonly retryAt: number };

const retryDelaysMs = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** A subscription that lived this long ends a series of failures. */
const healthyMs = 60_000;
const pollMs = 5_000;
/** Replayed once more on each reconnect: the daemon's clock ticks in whole seconds here. */
const overlapS = 2;
const rememberedEvents = 512;

export interface EventStreamOptions {
  readonly subscribe: (since: number | undefined) => Promise<Readable>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The other end, as each line of the log shall name it. */
  readonly about?: () => LogFields;
}

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
  readonly #diagnosis: StreamDiagnosis;
  #state: EventStreamState = { kind: 'off' };
  #stream: Readable | undefined;
  #run = 0;
  /** What happens next by itself: a retry, the end of a series of failures, or the next poll. */
  #timer: Disposable | undefined;
  #lastEventS: number | undefined;

  readonly onDidReceive = this.#didReceive.event;
  readonly onListDue = this.#listDue.event;
  readonly onDidChange = this.#didChange.event;

  constructor(options: EventStreamOptions) {
    const { subscribe, clock, log, about = () => ({}) } = options;
    this.#subscribe = subscribe;
    this.#clock = clock;
    this.#log = log;
    this.#diagnosis = new StreamDiagnosis({ clock, log, about });
  }

  get state(): EventStreamState {
    return this.#state;
  }

  get figures(): EventStreamFigures {
    return this.#diagnosis.figures;
  }

  start(): void {
    if (this.#state.kind === 'off') void this.#attempt(); // reports through its state
  }

  /** Ends it from here; `cause` says why for those who read the figures later. */
  stop(cause: Failure = { code: 'events-stopped', message: 'Towline stopped it.' }): void {
    this.#leave();
    this.#diagnosis.stopped(cause);
    this.#become({ kind: 'off' });
  }

  /** Does without a subscription from now on, and gives back the stream of the present one. */
  poll(reason: Failure): void {
    if (this.#state.kind === 'polling') return;
    this.#leave();
    this.#diagnosis.stopped(reason);
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
    this.#diagnosis.attempting();
    this.#become({ kind: 'subscribing' });
    try {
      const since = this.#lastEventS === undefined ? undefined : Math.max(0, this.#lastEventS - overlapS);
      const stream = await this.#subscribe(since);
      if (run !== this.#run) return void stream.destroy();
      this.#follow(run, stream);
    } catch (error) {
      this.#ended(run, toFailure(error));
    }
  }

  #follow(run: number, stream: Readable): void {
    const lines = new LineSplitter();
    this.#stream = stream;
    this.#diagnosis.live();
    stream.on('data', (chunk: Buffer) => {
      for (const line of lines.push(chunk)) this.#received(line);
    });
    const onEnd = (error?: Error): void => {
      if (run !== this.#run) return;
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

  #received(line: string): void {
    const event = parseEvent(line);
    if (event === undefined) {
      this.#log.debug('not an event', { line: line.slice(0, 200) });
      return;
    }
    if (this.#seen.has(event.fingerprint)) return;
    this.#remember(event);
    this.#diagnosis.received(event);
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
    this.#diagnosis.healthy();
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
    const delayMs = this.#backoff.next();
    this.#diagnosis.failed(failure, delayMs);
    this.#become({ kind: 'waiting', failure, retryAt: this.#clock.now() + delayMs });
    this.#timer = this.#clock.after(delayMs, () => void this.#attempt());
  }

  #become(state: EventStreamState): void {
    this.#state = state;
    this.#didChange.fire();
  }
}
