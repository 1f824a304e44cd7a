import { createRequire } from 'node:module';
import type { ClientChannel } from 'ssh2';

/** ssh2's own channel and its refill, which it does not export. */
const { Channel, windowAdjust, WINDOW_THRESHOLD } = createRequire(import.meta.url)('ssh2/lib/Channel.js') as {
  Channel: new (client: object, info: object) => ClientChannel;
  windowAdjust: (channel: ClientChannel) => void;
  WINDOW_THRESHOLD: number;
};

export const kib = 1024;
export const mib = 1024 * kib;
const packet = Buffer.alloc(32 * kib);

/** A channel of ssh2 that holds a server to its window; the test says what arrives and what is read. */
export class WindowedChannel {
  readonly channel: ClientChannel;
  /** The bytes of each SSH_MSG_CHANNEL_WINDOW_ADJUST, in order. */
  readonly adjusts: number[] = [];
  readonly #incoming = { id: 0, window: 2 * mib, packetSize: packet.length, state: 'open' };
  #granted = 2 * mib;
  #sent = 0;
  #appetite = 0;

  constructor() {
    const protocol = {
      channelWindowAdjust: (_id: number, bytes: number): void => {
        this.adjusts.push(bytes);
        this.#granted += bytes;
      },
      channelEOF: () => undefined,
      channelClose: () => undefined,
    };
    const outgoing = { id: 1, window: 2 * mib, packetSize: packet.length, state: 'open' };
    this.channel = new Channel({ _protocol: protocol }, { type: 'direct-tcpip', incoming: this.#incoming, outgoing });
    this.channel.on('data', (data: Buffer) => {
      this.#appetite -= data.length;
      if (this.#appetite <= 0) this.channel.pause();
    });
    this.channel.pause();
  }

  /** What the server may have under way: granted, and not received. */
  get window(): number {
    return this.#granted - this.#sent;
  }

  /** What the client believes of it. */
  get believed(): number {
    return this.#incoming.window;
  }

  get unread(): number {
    return this.channel.readableLength;
  }

  /** The client reads this much more, then pauses until it is to read again. */
  async read(bytes: number): Promise<void> {
    this.#appetite = bytes;
    if (bytes > 0) this.channel.resume();
    await turn();
  }

  /** What the server may send now, or this much of it, arrives. `handled` runs after each packet. */
  async receive(bytes: number, handled: () => void = () => undefined): Promise<void> {
    for (let left = Math.min(bytes, this.window); left >= packet.length; left -= packet.length) {
      this.#handle(packet);
      handled();
      if (left % (4 * packet.length) === 0) await turn(); // a few packets come in one read of the socket
    }
    await turn();
  }

  /** The server's CLOSE, after which the channel ends for whoever has read it. */
  async close(): Promise<void> {
    this.#incoming.state = 'closed';
    this.channel.once('end', () => this.channel.emit('close'));
    this.channel.push(null);
    void this.read(Infinity);
    await new Promise((resolve) => void this.channel.once('close', resolve));
  }

  /** As ssh2's client handles CHANNEL_DATA. */
  #handle(data: Buffer): void {
    this.#sent += data.length;
    this.#incoming.window -= data.length;
    const channel = this.channel as ClientChannel & { _waitChanDrain: boolean };
    if (!channel.push(data)) channel._waitChanDrain = true;
    else if (this.#incoming.window <= WINDOW_THRESHOLD) windowAdjust(channel);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
