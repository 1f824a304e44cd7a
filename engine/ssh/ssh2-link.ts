import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { Clock } from '../base/clock.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { openDirectTcp, openDirectUnix, openExec, requestReply } from './channels.ts';
import type { Connect } from './connection.ts';
import { establish, type Established, type EstablishOptions } from './establish.ts';
import type { Channel, NegotiatedAlgorithms, SessionChannel, SshLink } from './link.ts';
import { ReceiveWindows } from './receive-window.ts';

/** Connects with ssh2, by a plan made anew for each attempt. */
export function overSsh2(plan: EstablishOptions['plan'], clock: Clock): Connect {
  return async (attempt) => new Ssh2Link(await establish({ ...attempt, plan, clock }), clock);
}

/** A connection that ssh2 holds, in this process. */
class Ssh2Link implements SshLink {
  readonly ident: string;
  readonly algorithms: NegotiatedAlgorithms | undefined;
  readonly #client: Client;
  readonly #transport: Duplex;
  readonly #clock: Clock;
  readonly #windows: ReceiveWindows;
  readonly #channels = new Set<ClientChannel>();
  readonly #didClose = new Emitter<Error>();
  #roundTripMs: number | undefined;
  #cause: Error | undefined;
  #gone: Error | undefined;
  #closed = false;

  /** Who subscribes after the fact hears of it all the same: a server may say goodbye in the same breath as welcome. */
  readonly onDidClose: Event<Error> = (listener) => {
    const gone = this.#gone;
    if (gone !== undefined) queueMicrotask(() => listener(gone));
    return this.#didClose.event(listener);
  };

  constructor({ client, transport, ident, algorithms }: Established, clock: Clock) {
    this.ident = ident;
    this.algorithms = algorithms;
    this.#client = client;
    this.#transport = transport;
    this.#clock = clock;
    this.#windows = new ReceiveWindows(clock, () => this.#roundTripMs);
    client.on('error', (error: Error) => {
      this.#cause ??= error;
    });
    // Before ssh2 ends the channels: on a broken connection an end would look like all there was to read.
    transport.prependListener('close', () => breakOff(this.#channels));
    client.once('close', () => this.#ended());
    if (!transport.writable) this.#ended(); // before anybody listened
  }

  openTcp(target: { host: string; port: number }, originator: { address: string; port: number }): Promise<Channel> {
    return this.#open(() => openDirectTcp(this.#client, target, originator));
  }

  openUnix(path: string): Promise<Channel> {
    return this.#open(() => openDirectUnix(this.#client, path));
  }

  openSession(command: string): Promise<SessionChannel> {
    return this.#open(() => openExec(this.#client, command));
  }

  signOfLife(): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      this.#transport.once('data', () => resolve());
    });
    requestReply(this.#client);
    return heard;
  }

  close(): Promise<void> {
    this.#closed = true; // on purpose: no news
    this.#client.destroy();
    this.#transport.destroy();
    return Promise.resolve();
  }

  async #open(open: () => Promise<ClientChannel>): Promise<ClientChannel> {
    const startedAt = this.#clock.monotonic();
    const channel = await open();
    this.#roundTripMs = Math.min(this.#roundTripMs ?? Number.POSITIVE_INFINITY, this.#clock.monotonic() - startedAt);
    this.#channels.add(channel);
    channel.once('close', () => this.#channels.delete(channel));
    this.#windows.tune(channel);
    return channel;
  }

  #ended(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gone = this.#cause ?? new Error('the server closed it');
    this.#didClose.fire(this.#gone);
  }
}

/** Tells whoever uses the channels. What they hold unread is dropped, or ssh2 would never close them. */
function breakOff(channels: ReadonlySet<ClientChannel>): void {
  for (const channel of channels) {
    channel.emit('error', new Error('the connection was lost'));
    channel.resume();
  }
}
