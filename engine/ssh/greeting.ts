import type { Duplex } from 'node:stream';
import type { Disposable } from '../base/disposables.ts';

/** More noise than this before the identification is no SSH server's. */
const maxHeard = 16 * 1024;

/**
 * Listens to how a server introduces itself (RFC 4253 §4.2: any lines, then `SSH-2.0-…`) beside whoever reads the transport.
 * The transport is left paused, so that nothing is missed by a reader who comes later and resumes it.
 */
export class Greeting implements Disposable {
  readonly #transport: Duplex;
  #heard = '';
  #ident = '';

  constructor(transport: Duplex) {
    this.#transport = transport;
    transport.pause();
    transport.on('data', this.#onData);
  }

  /** All that came up to the identification line. */
  get heard(): string {
    return this.#heard;
  }

  /** The identification line, `SSH-2.0-OpenSSH_9.2p1 …`; empty as long as there was none. */
  get ident(): string {
    return this.#ident;
  }

  dispose(): void {
    this.#transport.removeListener('data', this.#onData);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#heard += chunk.toString('latin1');
    const line = /^(SSH-[\x20-\x7e]{1,250})\r?\n/m.exec(this.#heard)?.[1];
    if (line !== undefined) this.#ident = line;
    if (line !== undefined || this.#heard.length > maxHeard) this.dispose();
  };
}
