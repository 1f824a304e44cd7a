import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Disposable } from '../base/disposables.ts';
import { abandon, relay } from '../base/relay.ts';
import type { OpenStream } from './channel-agent.ts';

/**
 * A Unix socket on this machine that leads to the host's Docker over the one connection: for the docker command, Compose,
 * Testcontainers. Ours alone (0700 directory, 0600 socket); a stale one is removed, as the instance lock says nobody
 * else is using it. A client that comes while Docker can't be reached is closed at once and tries again by itself.
 */
export class LocalDockerSocket implements Disposable {
  readonly path: string;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();

  private constructor(path: string, server: Server, openStream: OpenStream) {
    this.path = path;
    this.#server = server;
    server.on('error', () => undefined); // a failed accept concerns one client, not the socket
    server.on('connection', (client) => void this.#serve(client, openStream));
  }

  /** Resolves once it accepts. Rejects where the directory or the socket can't be made. */
  static async open(path: string, openStream: OpenStream): Promise<LocalDockerSocket> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await chmod(dirname(path), 0o700);
    await rm(path, { force: true });
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o600);
    return new LocalDockerSocket(path, server, openStream);
  }

  /** Ends the socket and everybody who uses it. */
  async dispose(): Promise<void> {
    this.#server.close();
    for (const client of this.#clients) client.destroy();
    await rm(this.path, { force: true });
  }

  async #serve(client: Socket, openStream: OpenStream): Promise<void> {
    this.#clients.add(client);
    client.on('error', () => undefined); // `close` follows
    client.once('close', () => this.#clients.delete(client));
    try {
      const stream = await openStream();
      if (client.destroyed) abandon(stream);
      else await relay(client, stream, { up: () => undefined, down: () => undefined });
    } catch {
      client.destroy();
    }
  }
}
