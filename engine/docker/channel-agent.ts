import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { abandon } from '../base/relay.ts';

/** Opens one stream to the Docker daemon: a channel to its socket, or a `dial-stdio` session. An abort ends a wait for a session. */
export type OpenStream = (signal?: AbortSignal) => Promise<Duplex>;

/** What Node's HTTP client calls on a socket and a channel does not have; none of it means anything on a channel. */
interface SocketManners {
  setKeepAlive(): unknown;
  setNoDelay(): unknown;
  setTimeout(ms: number, done?: () => void): unknown;
  ref(): unknown;
  unref(): unknown;
  destroy(error?: Error): unknown;
}

/** An HTTP agent whose sockets are streams inside the SSH connection. Idle ones are kept, so that a request costs one round trip. */
export class ChannelAgent extends Agent {
  readonly #open: OpenStream;
  #destroyed = false;

  constructor(open: OpenStream) {
    super({ keepAlive: true, maxFreeSockets: 2 });
    this.#open = open;
  }

  override createConnection(
    { signal }: ClientRequestArgs,
    created?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#openOne(signal).then(
      (stream) => created?.(null, stream),
      (error: unknown) => created?.(error as Error, undefined as unknown as Duplex),
    );
  }

  async #openOne(signal: AbortSignal | undefined): Promise<Duplex> {
    if (!this.#destroyed) {
      const stream = await this.#open(signal);
      if (!this.#destroyed) return withManners(stream);
      abandon(stream);
    }
    throw givenUp();
  }

  /** docker-modem prints its agent in full before each request, for a log that is off: 15 ms with a connection below it. */
  [inspect.custom](): string {
    return 'ChannelAgent';
  }

  /** Ends every stream, those that are just being opened as well. Requests that are under way fail. */
  override destroy(): void {
    this.#destroyed = true;
    const inUse = Object.values(this.sockets).flatMap((streams) => streams ?? []);
    for (const stream of inUse) stream.emit('error', givenUp()); // a mere close in mid-answer is told to nobody
    super.destroy();
  }
}

function givenUp(): Error {
  return new Error('the connection to Docker was given up');
}

function withManners(stream: Duplex): Duplex {
  const destroy = stream.destroy.bind(stream);
  const polite: SocketManners = {
    setKeepAlive: () => stream,
    setNoDelay: () => stream,
    setTimeout: () => stream,
    ref: () => stream,
    unref: () => stream,
    destroy: (error) => {
      stream.resume(); // a channel tells of its close only when it has been read to its end
      return destroy(error);
    },
  };
  return Object.assign(stream, polite);
}
