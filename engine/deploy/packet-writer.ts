import type { Writable } from 'node:stream';
import type { Disposable } from '../base/disposables.ts';

/** A channel makes a packet of each piece that it is given, so small ones travel together. */
const packetBytes = 32 * 1024;

/** Writes to a channel in packets and at its pace: there is never more than one under way. */
export class PacketWriter implements Disposable {
  readonly #to: Writable;
  readonly #onSent: (bytes: number) => void;
  readonly #signal: AbortSignal;
  #packet = Buffer.allocUnsafe(packetBytes);
  #filled = 0;
  /** Ends the write that is under way: a channel that is gone may never answer it. */
  #giveUp: (reason: Error) => void = () => undefined;
  readonly #onClose = (): void => this.#giveUp(new Error('the channel was closed'));
  readonly #onAbort = (): void => this.#giveUp(this.#signal.reason as Error);

  constructor(to: Writable, onSent: (bytes: number) => void, signal: AbortSignal) {
    this.#to = to.once('close', this.#onClose);
    this.#onSent = onSent;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves when `piece` may be used for something else. */
  async add(piece: Buffer): Promise<void> {
    for (let at = 0; at < piece.length;) {
      const taken = piece.copy(this.#packet, this.#filled, at);
      at += taken;
      this.#filled += taken;
      if (this.#filled === packetBytes) await this.flush();
    }
  }

  async flush(): Promise<void> {
    const packet = this.#packet.subarray(0, this.#filled);
    if (packet.length === 0) return;
    this.#packet = Buffer.allocUnsafe(packetBytes); // the channel may keep the other one
    this.#filled = 0;
    this.#signal.throwIfAborted();
    if (this.#to.destroyed) throw new Error('the channel was closed');
    await new Promise<void>((resolve, reject) => {
      this.#giveUp = reject;
      this.#to.write(packet, (error) => (error ? reject(error) : resolve()));
    });
    this.#onSent(packet.length);
  }

  dispose(): void {
    this.#to.off('close', this.#onClose);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}
