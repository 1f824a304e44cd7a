import type { Clock } from '../base/clock.ts';
import type { ClientChannel } from 'ssh2';

/** What ssh2 gives every channel and refills it to. */
const baseBytes = 2 * 1024 * 1024;
const maxBytes = 16 * 1024 * 1024;
/** What all channels of a connection may hold beyond the base, together. */
const poolBytes = 48 * 1024 * 1024;
/** Below this round trip the base window outruns any link: 2 MiB per 4 ms are 4 Gbit/s. */
const nearMs = 4;
/** After our CLOSE nothing more may be said on a channel (RFC 4254 §5.3). */
const mayStillAsk: ReadonlySet<string> = new Set(['open', 'eof']);

/** What is needed of a channel of ssh2 1.17 beyond its public types. */
interface WindowedChannel {
  incoming: { window: number; state: string };
  outgoing: { id: number; state: string };
  _client: { _protocol: { channelWindowAdjust(id: number, bytes: number): void } };
}

/**
 * Lets a download over a long path run faster than 2 MiB per round trip. RFC 4254 §5.2 lets the receiver enlarge a
 * channel's window at any time; this grows a channel's, twofold each time, while its reader keeps up and uses up a
 * quarter of it or more in each round trip (ssh2's own refill, at half of its window, allows little more), from a pool that
 * bounds the memory of all. A slow reader never grows: its window is refilled by what it has really consumed.
 */
export class ReceiveWindows {
  readonly #clock: Clock;
  readonly #roundTripMs: () => number | undefined;
  #pool = poolBytes;

  constructor(clock: Clock, roundTripMs: () => number | undefined) {
    this.#clock = clock;
    this.#roundTripMs = roundTripMs;
  }

  tune(channel: ClientChannel): void {
    const roundTripMs = this.#roundTripMs();
    if (roundTripMs === undefined || roundTripMs < nearMs) return;
    const { incoming, outgoing, _client: client } = channel as unknown as WindowedChannel;
    let size = baseBytes;
    let received = 0;
    let periodStart = this.#clock.monotonic();
    let consumedBefore = 0;

    const look = (): void => {
      const consumed = received - channel.readableLength;
      const periodMs = this.#clock.monotonic() - periodStart;
      if (periodMs >= roundTripMs) {
        const perRoundTrip = ((consumed - consumedBefore) * roundTripMs) / periodMs;
        const keepsUp = channel.readableLength < size / 4;
        if (keepsUp && perRoundTrip >= size / 4) size += this.#grant(size);
        periodStart += periodMs;
        consumedBefore = consumed;
      }
      if (size > baseBytes) refill();
    };
    const refill = (): void => {
      const credit = size - incoming.window - channel.readableLength - channel.stderr.readableLength;
      if (credit < size / 4 || incoming.state === 'closed' || !mayStillAsk.has(outgoing.state)) return;
      incoming.window += credit;
      client._protocol.channelWindowAdjust(outgoing.id, credit);
    };

    const push = channel.push.bind(channel);
    channel.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      if (chunk !== null) received += chunk.length;
      return push(chunk, encoding);
    };
    const read = channel._read.bind(channel);
    channel._read = (bytes) => {
      read(bytes);
      look();
    };
    channel.once('close', () => {
      this.#pool += size - baseBytes;
    });
  }

  /** Doubles `size` if the pool allows; what it grants comes back when the channel closes. */
  #grant(size: number): number {
    const wanted = Math.min(size, maxBytes - size);
    if (wanted > this.#pool) return 0;
    this.#pool -= wanted;
    return wanted;
  }
}
