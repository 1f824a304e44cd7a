import type { Socket } from 'node:net';
import { Emitter } from '../../base/emitter.ts';
import { ChannelRefused, type RefusalReason } from '../channels.ts';
import { openMessage, readServerMessage, type ServerMessage } from './connection-message.ts';
import type { FrameSplitter } from './frame-splitter.ts';
import { maxPacketBytes, MuxChannel, receiveWindowBytes } from './mux-channel.ts';

interface PendingOpen {
  readonly what: string;
  readonly session: boolean;
  readonly resolve: (channel: MuxChannel) => void;
  readonly reject: (error: ChannelRefused) => void;
}

const reasons: Readonly<Record<number, RefusalReason>> = {
  1: 'prohibited',
  2: 'connect-failed',
  3: 'unknown-type',
  4: 'resource-shortage',
};

/**
 * The channels of one connection, over a control socket in proxy mode: OpenSSH keeps the transport, the channels are ours,
 * with the server's own answers (RFC 4254 §5).
 */
export class MuxConnection {
  readonly #socket: Socket;
  readonly #frames: FrameSplitter;
  readonly #opening = new Map<number, PendingOpen>();
  readonly #channels = new Map<number, MuxChannel>();
  readonly #didClose = new Emitter<Error>();
  #nextChannel = 0;
  #lost: Error | undefined;

  /** Fires once, after every channel has had its `error`. */
  readonly onDidClose = this.#didClose.event;

  /** `socket` is connected and in proxy mode, `frames` has what was read of it so far. */
  constructor(socket: Socket, frames: FrameSplitter) {
    this.#socket = socket;
    this.#frames = frames;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.once('error', (error) => this.#lose(error));
    socket.once('close', () => this.#lose(new Error('ssh closed its control socket')));
  }

  /** Opens a channel of `type` with the fields it wants; `what` names it in the refusal. Rejects with `ChannelRefused`. */
  open(what: string, type: string, details: Buffer): Promise<MuxChannel> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) return reject(notConnected(what, this.#lost));
      const channel = this.#nextChannel++;
      this.#opening.set(channel, { what, session: type === 'session', resolve, reject });
      this.#send(openMessage({ type, channel, window: receiveWindowBytes, maxPacket: maxPacketBytes, details }));
    });
  }

  close(): void {
    this.#lose(new Error('the connection was closed'));
  }

  readonly #send = (message: Buffer, taken?: () => void): void => {
    if (this.#lost === undefined) this.#socket.write(message, taken);
    else taken?.();
  };

  #read(chunk: Buffer): void {
    try {
      for (const frame of this.#frames.push(chunk)) {
        const message = readServerMessage(frame);
        if (message !== undefined) this.#dispatch(message);
      }
    } catch (error) {
      this.#lose(new Error('ssh sent what is no SSH message', { cause: error }));
    }
  }

  #dispatch(message: ServerMessage): void {
    const pending = this.#opening.get(message.channel);
    if (pending !== undefined) return this.#settle(message, pending);
    const channel = this.#channels.get(message.channel);
    if (channel?.receive(message) === true) this.#channels.delete(message.channel);
  }

  #settle(message: ServerMessage, { what, session, resolve, reject }: PendingOpen): void {
    switch (message.kind) {
      case 'open-confirmed': {
        this.#opening.delete(message.channel);
        const { peer, window, maxPacket } = message;
        const channel = new MuxChannel({ peer, window, maxPacket, session, send: this.#send });
        this.#channels.set(message.channel, channel);
        return resolve(channel);
      }
      case 'open-refused':
        this.#opening.delete(message.channel);
        return reject(new ChannelRefused(reasons[message.reason] ?? 'connect-failed', what, message.description));
      default:
        throw new Error(`${message.kind} on a channel that is not open`);
    }
  }

  #lose(cause: Error): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    this.#socket.destroy();
    for (const { what, reject } of this.#opening.values()) reject(notConnected(what, cause));
    this.#opening.clear();
    for (const channel of this.#channels.values()) channel.lose(cause);
    this.#channels.clear();
    process.nextTick(() => this.#didClose.fire(cause)); // behind their errors, which come in the next tick as well
  }
}

function notConnected(what: string, cause: Error): ChannelRefused {
  return new ChannelRefused('not-connected', what, cause.message, { cause });
}
