import { Backoff } from '../base/backoff.ts';
import { withTimeout, type Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import { HourlyCounter } from '../base/hourly-counter.ts';
import type { Logger } from '../base/logger.ts';
import { ChannelRefused } from './channels.ts';
import { classifyConnectionError } from './connection-failure.ts';
import { nextState, type ConnectionEvent, type ConnectionState } from './connection-state.ts';
import type { Channel, NegotiatedAlgorithms, SessionChannel, SshLink } from './link.ts';

/** One attempt to connect, by whichever means. Rejects with the cause; leaves nothing open then. */
export type Connect = (attempt: ConnectAttempt) => Promise<SshLink>;

export interface ConnectAttempt {
  readonly signal: AbortSignal;
  /** The server answers; what follows is handshake and login. */
  readonly onTransportUp: () => void;
}

export interface SshConnectionOptions {
  /** The host as the user knows it, for messages. */
  readonly where: string;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random?: () => number;
}

/** The first retry is at once: most losses are a server that restarted or a network that changed. */
const retryDelaysMs = [0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** After this long in `ready` the next loss starts with the first delay again. */
const healthyMs = 60_000;
/** A server that has not said anything for this long after a question is gone. */
const signOfLifeMs = 5_000;

/** A loss after this long is no sign of trouble at the other end: its first retry is at once, however often it happens. */
const settledMs = 3_000;

/** The present link and what belongs to it alone. */
interface Live {
  readonly link: SshLink;
  readonly readyAtMs: number;
  readonly channels: Set<Channel>;
}

/**
 * One persistent SSH connection to one host: it connects, keeps alive, reconnects with back-off, and opens channels.
 * Everybody above asks it for a channel at the moment of need; nobody holds a link across a loss.
 */
export class SshConnection implements Disposable {
  readonly #options: SshConnectionOptions;
  readonly #backoff: Backoff;
  readonly #didChange = new Emitter<ConnectionState>();
  readonly #didCountChannels = new Emitter<void>();
  readonly #opened: HourlyCounter;
  #state: ConnectionState = { kind: 'idle' };
  #attempt: AbortController | undefined;
  #live: Live | undefined;
  #retry: Disposable | undefined;
  /** What was let go and is still about to end. */
  readonly #ending = new Set<Promise<unknown>>();
  #verifying = false;
  #channelsPeak = 0;
  #channelsOpened = 0;
  #roundTripMs: number | undefined;
  #disposed = false;

  readonly onDidChange = this.#didChange.event;
  readonly onDidCountChannels = this.#didCountChannels.event;

  constructor(options: SshConnectionOptions) {
    this.#options = options;
    this.#opened = new HourlyCounter(options.clock);
    this.#backoff = new Backoff({
      delaysMs: retryDelaysMs,
      jitter: 0.5,
      ...(options.random ? { random: options.random } : {}),
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Transports opened, all and within the last hour. */
  get opened(): { opened: number; lastHour: number } {
    return { opened: this.#opened.total, lastHour: this.#opened.lastHour };
  }

  get channels(): { open: number; peak: number; opened: number } {
    return { open: this.#live?.channels.size ?? 0, peak: this.#channelsPeak, opened: this.#channelsOpened };
  }

  get ident(): string | undefined {
    return this.#live?.link.ident;
  }

  get algorithms(): NegotiatedAlgorithms | undefined {
    return this.#live?.link.algorithms;
  }

  /** The quickest channel opening seen on this connection, ms. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  /** Connects and stays connected until `stop`. */
  start(): void {
    if (this.#state.kind === 'idle') this.#connect();
  }

  /** Skips a waiting time, or tries again after a failure that needed the user. */
  retryNow(): void {
    if (this.#state.kind === 'reconnecting' || this.#state.kind === 'needs-user' || this.#state.kind === 'failed') {
      this.#backoff.reset();
      this.#connect();
    }
  }

  /** Drops the present connection, if there is one, and connects anew at once. `why` is said in the log. */
  reconnect(why: string): void {
    if (this.#live === undefined) return this.retryNow();
    this.#backoff.reset();
    this.#lose(new Error(why));
  }

  /** Asks the server for a sign of life; the connection is dropped when none comes in time. Cheaper than to wait for the keepalive. */
  verify(): void {
    const live = this.#live;
    if (live === undefined || this.#verifying) return;
    this.#verifying = true;
    withTimeout(
      this.#options.clock,
      signOfLifeMs,
      live.link.signOfLife(),
      () => new Error('the server gives no sign of life'),
    )
      .catch((error: unknown) => {
        if (this.#live === live) this.#lose(error);
      })
      .finally(() => {
        this.#verifying = false;
      });
  }

  stop(): void {
    this.#attempt?.abort(new Error('stopped'));
    this.#attempt = undefined;
    void this.#retry?.dispose();
    this.#release();
    this.#backoff.reset();
    this.#become({ kind: 'stop' });
  }

  /** Resolves when nothing of any connection is left. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.stop();
    this.#didChange.dispose();
    this.#didCountChannels.dispose();
    await Promise.allSettled(this.#ending);
  }

  async openTcp(
    target: { host: string; port: number },
    originator: { address: string; port: number },
  ): Promise<Channel> {
    return this.#open((link) => link.openTcp(target, originator));
  }

  async openUnix(path: string): Promise<Channel> {
    return this.#open((link) => link.openUnix(path));
  }

  /** Takes a session channel: only the session budget may call this. */
  async openSession(command: string): Promise<SessionChannel> {
    return this.#open((link) => link.openSession(command));
  }

  #connect(): void {
    if (this.#disposed) return;
    void this.#retry?.dispose();
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#become({ kind: 'start' });
    this.#untilEnded(this.#attemptOnce(attempt)); // reports through the state
  }

  async #attemptOnce(attempt: AbortController): Promise<void> {
    const { clock, log, connect } = this.#options;
    const startedAt = clock.monotonic();
    try {
      const link = await connect({
        signal: attempt.signal,
        onTransportUp: () => {
          this.#opened.add();
          this.#become({ kind: 'transport-up' });
        },
      });
      if (this.#attempt !== attempt) return await link.close();
      this.#attempt = undefined;
      log.info('connected', { ms: Math.round(clock.monotonic() - startedAt), server: link.ident });
      this.#adopt(link);
    } catch (error) {
      if (this.#attempt === attempt) this.#failed(error);
    }
  }

  #adopt(link: SshLink): void {
    const { clock } = this.#options;
    const live: Live = { link, readyAtMs: clock.monotonic(), channels: new Set() };
    link.onDidClose((cause) => {
      if (this.#live === live) this.#lose(cause);
    });
    this.#roundTripMs = undefined;
    this.#live = live;
    this.#become({ kind: 'ready', at: clock.now() });
  }

  #lose(error: unknown): void {
    const healthyForMs = this.#live === undefined ? 0 : this.#options.clock.monotonic() - this.#live.readyAtMs;
    if (healthyForMs >= healthyMs) this.#backoff.reset();
    this.#release();
    this.#failed(error, healthyForMs >= settledMs);
  }

  #failed(error: unknown, atOnce = false): void {
    const { clock, log, where } = this.#options;
    const { failure, verdict } = classifyConnectionError(error, where);
    this.#attempt = undefined;
    if (verdict === 'retry') {
      const backoffMs = this.#backoff.next();
      const delayMs = atOnce ? 0 : backoffMs;
      log.warn('connection lost', { code: failure.code, message: failure.message, retryInMs: delayMs });
      this.#retry = clock.after(delayMs, () => this.#connect()); // before the news, which may make somebody stop it
      this.#become({ kind: 'lost', failure, verdict, retryAt: clock.now() + delayMs });
    } else {
      log.error('connection needs attention', { code: failure.code, message: failure.message });
      this.#become({ kind: 'lost', failure, verdict, retryAt: clock.now() });
    }
  }

  #release(): void {
    const live = this.#live;
    this.#live = undefined;
    if (live !== undefined) this.#untilEnded(live.link.close());
  }

  #untilEnded(ending: Promise<void>): void {
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }

  async #open<T extends Channel>(open: (link: SshLink) => Promise<T>): Promise<T> {
    const live = this.#live;
    if (live === undefined) throw this.#notConnected();
    const startedAt = this.#options.clock.monotonic();
    const channel = await open(live.link);
    if (this.#live !== live) {
      channel.destroy();
      throw this.#notConnected();
    }
    const tookMs = this.#options.clock.monotonic() - startedAt;
    this.#roundTripMs = Math.min(this.#roundTripMs ?? Number.POSITIVE_INFINITY, tookMs);
    this.#count(live, channel);
    return channel;
  }

  #notConnected(): ChannelRefused {
    return new ChannelRefused('not-connected', 'channel', `no connection to ${this.#options.where}`);
  }

  #count({ channels }: Live, channel: Channel): void {
    channels.add(channel);
    this.#channelsPeak = Math.max(this.#channelsPeak, channels.size);
    this.#channelsOpened += 1;
    this.#didCountChannels.fire();
    channel.on('error', () => undefined); // whoever uses it may not care; nobody may be brought down by it
    channel.once('close', () => {
      channels.delete(channel);
      this.#didCountChannels.fire();
    });
  }

  #become(event: ConnectionEvent): void {
    const next = nextState(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#didChange.fire(next);
  }
}
