import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP connection's worst days on demand: stands on loopback between a client and a port. */
export interface TestTcpProxy {
  readonly port: number;
  /** Connections that pass through it now. */
  readonly open: number;
  /** Breaks every connection off, with a RST to both sides. */
  cut(): void;
  /** From now on nothing passes in either direction, connections stay; new ones are accepted and get no answer. */
  freeze(): void;
  /** What was held back passes again. */
  thaw(): void;
  /** One-way delay of what is sent from now on, in ms. */
  delay(ms: number): void;
  /** Bytes a second in each direction of each connection; Infinity = no limit. */
  limit(bytesPerSecond: number): void;
  dispose(): Promise<void>;
}

export async function startTestTcpProxy(targetPort: number): Promise<TestTcpProxy> {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const holds = new Map<Socket, number>(); // how many reasons there are not to read this socket
  let frozen = false;
  let delayMs = 0;
  let bytesPerSecond = Infinity;

  const later = (ms: number, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  const hold = (socket: Socket): void => {
    holds.set(socket, (holds.get(socket) ?? 0) + 1);
    socket.pause();
  };
  const release = (socket: Socket): void => {
    holds.set(socket, (holds.get(socket) ?? 1) - 1);
    if (holds.get(socket) === 0) socket.resume();
  };
  const pass = (run: () => void): void => {
    if (delayMs === 0) run();
    else later(delayMs, run);
  };
  const pump = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      pass(() => {
        if (to.destroyed || to.write(chunk)) return;
        hold(from);
        to.once('drain', () => release(from));
      });
      if (bytesPerSecond === Infinity) return;
      hold(from);
      later((chunk.length / bytesPerSecond) * 1000, () => release(from));
    });
    from.on('end', () => pass(() => to.end()));
    from.on('error', () => to.resetAndDestroy());
    from.on('close', () => {
      sockets.delete(from);
      holds.delete(from);
      if (!from.readableEnded) to.destroy();
    });
    if (frozen) hold(from);
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const target = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    sockets.add(client).add(target);
    pump(client, target);
    pump(target, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get open() {
      return sockets.size / 2;
    },
    cut() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    freeze() {
      if (!frozen) for (const socket of sockets) hold(socket);
      frozen = true;
    },
    thaw() {
      if (frozen) for (const socket of sockets) release(socket);
      frozen = false;
    },
    delay(ms) {
      delayMs = ms;
    },
    limit(bytes) {
      bytesPerSecond = bytes;
    },
    async dispose() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      for (const timer of timers) clearTimeout(timer);
      await closed;
    },
  };
}
