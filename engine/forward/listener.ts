import { createServer, type Server, type Socket } from 'node:net';
import type { Disposable } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';

/** Why a local port could not be bound, as the kernel says. */
export type BindRefusal =
  | { readonly kind: 'in-use' }
  | { readonly kind: 'privileged' }
  | { readonly kind: 'unavailable'; readonly detail: string };

export type BindResult = { readonly kind: 'bound'; readonly listener: Listener } | BindRefusal;

/** Room for a burst of clients before the loop comes round to accepting them. */
const backlog = 4_096;

/**
 * The local sockets of one forward: one port, on every address asked for. Accepted sockets come paused, with half-close allowed,
 * and stay with whoever takes them: closing the listener does not end them.
 */
export class Listener implements Disposable {
  readonly addresses: readonly string[];
  readonly port: number;
  readonly #servers: readonly Server[];
  readonly #didAccept = new Emitter<Socket>();

  readonly onDidAccept = this.#didAccept.event;

  private constructor(port: number, bound: readonly { address: string; server: Server }[]) {
    this.port = port;
    this.addresses = bound.map(({ address }) => address);
    this.#servers = bound.map(({ server }) => server);
    for (const server of this.#servers) {
      server.on('connection', (socket) => {
        socket.on('error', () => undefined); // a client may reset before anybody else listens
        this.#didAccept.fire(socket);
      });
    }
  }

  /**
   * Binds `port` on all `addresses`; resolves once the kernel listens on each. The first must be had; a further one that this
   * machine does not have (no IPv6) is left out, but one that another program holds makes the port taken: `localhost` would
   * lead half of all clients astray.
   */
  static async bind(this: void, addresses: readonly string[], port: number): Promise<BindResult> {
    const bound: { address: string; server: Server }[] = [];
    for (const address of addresses) {
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
      const refusal = await listen(server, address, port);
      if (refusal === undefined) bound.push({ address, server });
      else if (bound.length === 0 || refusal.kind === 'in-use') {
        for (const item of bound) item.server.close();
        return refusal;
      }
    }
    return { kind: 'bound', listener: new Listener(port, bound) };
  }

  /** The port is free at once; the sockets that were accepted live on. */
  dispose(): void {
    this.#didAccept.dispose();
    for (const server of this.#servers) server.close();
  }
}

function listen(server: Server, host: string, port: number): Promise<BindRefusal | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(refusalOf(error)));
    try {
      server.listen({ host, port, backlog, exclusive: true }, () => {
        server.on('error', () => undefined); // a failed accept concerns one client, not the listener
        resolve(undefined);
      });
    } catch (error) {
      resolve(refusalOf(error as NodeJS.ErrnoException)); // Node itself refuses what is no port
    }
  });
}

function refusalOf(error: NodeJS.ErrnoException): BindRefusal {
  if (error.code === 'EADDRINUSE') return { kind: 'in-use' };
  if (error.code === 'EACCES' || error.code === 'EPERM') return { kind: 'privileged' };
  return { kind: 'unavailable', detail: error.message };
}
