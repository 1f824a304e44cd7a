import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { startDelayProxy } from './host/delay-proxy.ts';

let owned = new DisposableStore();

afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

/** A connection through the proxy to a server that does this with what it accepts. */
async function through(serve: (socket: Socket) => void): Promise<Socket> {
  const server = createServer({ allowHalfOpen: true }, serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const proxy = owned.add(await startDelayProxy({ host: '127.0.0.1', port }, 20));
  const client = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true });
  owned.defer(() => void client.destroy());
  return client;
}

test('an answer that follows the end of the request arrives whole', async () => {
  const answer = Buffer.alloc(3_000_000, 'towline');
  const client = await through((socket) => socket.resume().once('end', () => socket.end(answer)));
  client.end('request');
  expect((await buffer(client)).equals(answer)).toBe(true);
});

test('a reset arrives as a reset', async () => {
  const client = await through((socket) => socket.once('data', () => socket.resetAndDestroy()));
  client.write('request');
  await expect(once(client, 'data')).rejects.toMatchObject({ code: 'ECONNRESET' });
});
