import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { Listener } from '../../../engine/forward/listener.ts';
import { portOwner } from '../../../engine/forward/port-owner.ts';

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

/** Takes a free port on one address. */
async function occupy(host: string, port = 0): Promise<number> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  owned.defer(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function bind(addresses: readonly string[], port: number): Promise<Awaited<ReturnType<typeof Listener.bind>>> {
  const result = await Listener.bind(addresses, port);
  if (result.kind === 'bound') owned.add(result.listener);
  return result;
}

test('clients of both loopback families are accepted', async () => {
  const port = await freePort();
  const result = await bind(['127.0.0.1', '::1'], port);
  if (result.kind !== 'bound') throw new Error(result.kind);
  const families: (string | undefined)[] = [];
  result.listener.onDidAccept((socket) => {
    families.push(socket.remoteFamily);
    socket.end();
    socket.resume();
  });
  for (const host of ['127.0.0.1', '::1']) {
    const client = connect({ host, port });
    client.resume();
    await once(client, 'close');
  }
  expect([families, result.listener.addresses]).toEqual([
    ['IPv4', 'IPv6'],
    ['127.0.0.1', '::1'],
  ]);
});

test('a port that is taken on ::1 alone is taken, and 127.0.0.1 is let go again', async () => {
  const port = await occupy('::1');
  expect(await bind(['127.0.0.1', '::1'], port)).toEqual({ kind: 'in-use' });
  expect((await bind(['127.0.0.1'], port)).kind).toBe('bound');
});

test.each([
  ['an address of another machine', '192.0.2.1'],
  ['what is no address', '127.0.0.999'],
])('%s is not to be had', async (_what, address) => {
  expect(await bind([address], 18_080)).toMatchObject({ kind: 'unavailable' });
});

test('a further address that this machine lacks is left out', async () => {
  const result = await bind(['127.0.0.1', '192.0.2.1'], await freePort());
  expect(result.kind === 'bound' && result.listener.addresses).toEqual(['127.0.0.1']);
});

test('what is no port is not to be had, and no exception', async () => {
  expect(await bind(['127.0.0.1'], 70_000)).toMatchObject({ kind: 'unavailable' });
});

test('once disposed the port can be bound again at once', async () => {
  const port = await freePort();
  const first = await bind(['127.0.0.1', '::1'], port);
  if (first.kind === 'bound') first.listener.dispose();
  expect((await bind(['127.0.0.1', '::1'], port)).kind).toBe('bound');
});

test.runIf(process.platform === 'linux')('the owner of a port is named with its pid', async () => {
  const owner = await portOwner(await occupy('127.0.0.1'));
  expect(owner).toContain(`pid ${process.pid}`);
  expect(await portOwner(await freePort())).toBeUndefined();
});
