import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import process from 'node:process';
import type { Disposable } from '../../../engine/base/disposables.ts';

/** A TCP proxy on 127.0.0.1 that holds every byte for some time in each direction: a long wire, with no loss. */
export interface DelayProxy extends Disposable {
  readonly port: number;
}

const wireBytes = 64 * 1024 * 1024; // what may be on the wire at once, so that delay alone and not the proxy limits the rate

export async function startDelayProxy(
  target: { host: string; port: number },
  oneWayDelayMs: number,
): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const own = (socket: Socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...target, allowHalfOpen: true });
    own(near);
    own(far);
    carry(near, far, oneWayDelayMs);
    carry(far, near, oneWayDelayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async dispose() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Whatever happens on one socket (bytes, an end, a reset) happens on the other after the delay, in the same order. */
function carry(from: Socket, to: Socket, delayMs: number): void {
  const wire: { dueAt: number; bytes: number; deliver: () => void }[] = [];
  let onWire = 0;
  let timer: NodeJS.Timeout | undefined;

  const put = (bytes: number, deliver: () => void) => {
    wire.push({ dueAt: performance.now() + delayMs, bytes, deliver });
    onWire += bytes;
    if (onWire > wireBytes) from.pause();
    timer ??= setTimeout(take, delayMs);
  };
  const take = () => {
    for (let first = wire[0]; first !== undefined && first.dueAt <= performance.now(); first = wire[0]) {
      wire.shift();
      onWire -= first.bytes;
      if (!to.destroyed) first.deliver();
    }
    if (onWire + to.writableLength <= wireBytes) from.resume();
    timer = wire[0] && setTimeout(take, Math.max(0, wire[0].dueAt - performance.now()));
  };

  from.on('data', (chunk) => put(chunk.length, () => to.write(chunk)));
  from.on('end', () => put(0, () => to.end()));
  from.on('error', () => put(0, () => to.resetAndDestroy()));
  to.on('drain', () => from.resume());
  to.on('close', () => clearTimeout(timer)); // how it closed is on its own way back to `from`
}

/** As a program of its own, so that its work is not its user's: `node delay-proxy.ts HOST PORT DELAY_MS`; says its port. */
if (import.meta.main) {
  const [host = '127.0.0.1', port, delayMs] = process.argv.slice(2);
  const proxy = await startDelayProxy({ host, port: Number(port) }, Number(delayMs));
  process.stdout.write(`${proxy.port}\n`);
  process.stdin.resume().once('end', () => void proxy.dispose()); // it ends with the process that started it
}
