import { ChannelRefused } from '../channels.ts';
import type { Channel, NegotiatedAlgorithms, SessionChannel, SshLink } from '../link.ts';
import type { Event } from '../../base/emitter.ts';
import type { MuxConnection } from './mux-connection.ts';
import { string, uint32 } from './wire.ts';

export interface LinkOptions {
  readonly ident: string;
  readonly algorithms: NegotiatedAlgorithms | undefined;
  readonly connection: MuxConnection;
  readonly onDidClose: Event<Error>;
  readonly close: () => Promise<void>;
}

/** No server has it: its refusal is the cheapest sign of life that costs neither a session nor a line in sshd's log. */
const unknownType = 'sign-of-life@towline';
const nothing = Buffer.alloc(0);

/** A connection that the system's ssh holds. */
export class OpenSshLink implements SshLink {
  readonly ident: string;
  readonly algorithms: NegotiatedAlgorithms | undefined;
  readonly onDidClose: Event<Error>;
  readonly #connection: MuxConnection;
  readonly #close: () => Promise<void>;
  /** sshd gives a session's place back a moment after the close; another word from it tells that the moment is over. */
  #placeIsFree: Promise<void> = Promise.resolve();

  constructor({ ident, algorithms, connection, onDidClose, close }: LinkOptions) {
    this.ident = ident;
    this.algorithms = algorithms;
    this.onDidClose = onDidClose;
    this.#connection = connection;
    this.#close = close;
  }

  openTcp(target: { host: string; port: number }, originator: { address: string; port: number }): Promise<Channel> {
    const details = [string(target.host), uint32(target.port), string(originator.address), uint32(originator.port)];
    return this.#connection.open(
      `direct-tcpip to ${target.host}:${target.port}`,
      'direct-tcpip',
      Buffer.concat(details),
    );
  }

  openUnix(path: string): Promise<Channel> {
    const details = Buffer.concat([string(path), string(''), uint32(0)]); // two fields that are reserved
    return this.#connection.open(`direct-streamlocal to ${path}`, 'direct-streamlocal@openssh.com', details);
  }

  async openSession(command: string): Promise<SessionChannel> {
    const what = 'session channel';
    await this.#placeIsFree;
    const channel = await this.#connection.open(what, 'session', nothing);
    channel.once('close', () => {
      this.#placeIsFree = this.signOfLife().catch(() => undefined);
    });
    if (await channel.exec(command)) return channel;
    channel.on('error', () => undefined); // only its refusal counts
    channel.destroy();
    throw new ChannelRefused('prohibited', what, 'the server does not run commands');
  }

  async signOfLife(): Promise<void> {
    const answer = this.#connection.open('sign of life', unknownType, nothing);
    const channel = await answer.catch((error: unknown) => {
      if (error instanceof ChannelRefused && error.reason !== 'not-connected') return undefined;
      throw error;
    });
    channel?.destroy();
  }

  close(): Promise<void> {
    return this.#close();
  }
}
