import { once } from 'node:events';
import { connect, createServer, Socket, type AddressInfo, type TcpNetConnectOpts } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { dialTcp, type DialOptions } from '../../../engine/ssh/dial-tcp.ts';
import { TestClock } from '../../support/test-clock.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
let clock: TestClock;
beforeEach(() => {
  owned = new DisposableStore();
  clock = new TestClock();
});
afterEach(() => owned.dispose());

/** A network in which connects go unanswered until told otherwise. */
class Network {
  readonly sockets: Socket[] = [];
  answersWith: ((options: TcpNetConnectOpts) => Socket) | undefined;

  readonly connect = (options: TcpNetConnectOpts): Socket => {
    const socket = this.answersWith?.(options) ?? new Socket();
    this.sockets.push(socket);
    return socket;
  };

  get open(): number {
    return this.sockets.filter((socket) => !socket.destroyed).length;
  }
}

function dial(network: Network | undefined, more: Partial<DialOptions> = {}): Promise<Socket> {
  return dialTcp({
    host: '127.0.0.1',
    port: 22,
    timeoutMs: 30_000,
    signal: new AbortController().signal,
    clock,
    ...(network === undefined ? {} : { connect: network.connect }),
    ...more,
  });
}

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  owned.defer(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('a host that answers is connected to once, and no timer is left', async () => {
  const port = await listen();
  const network = new Network();
  network.answersWith = connect;
  const socket = await dial(network, { port });
  await clock.advance(10_000);
  expect([network.sockets.length, socket.remotePort, clock.pending]).toEqual([1, port, 0]);
  socket.destroy();
});

test('a host whose first answers were lost is found by a later connect, and the others are closed', async () => {
  const port = await listen();
  const network = new Network();
  const dialling = dial(network, { port });
  await clock.advance(5_000);
  expect(network.sockets.length).toBe(6);
  network.answersWith = connect;
  await clock.advance(900);
  const socket = await dialling;
  expect(socket).toBe(network.sockets[6]);
  expect([network.open, clock.pending]).toEqual([1, 0]);
  socket.destroy();
});

test('however long nobody answers, a fresh connect is under way and no more than eight are', async () => {
  const network = new Network();
  const dialling = dial(network);
  const failed = expect(dialling).rejects.toMatchObject({ code: 'host-unreachable' });
  await clock.advance(29_000);
  expect([network.sockets.length, network.open]).toEqual([33, 8]);
  await clock.advance(1_000);
  await failed;
  expect([network.open, clock.pending]).toEqual([0, 0]);
});

test('a refusal ends it at once', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, 'close');
  const network = new Network();
  network.answersWith = connect;
  await expect(dial(network, { port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect([network.open, clock.pending]).toEqual([0, 0]);
});

test('aborted, it rejects with the reason and closes what it had begun', async () => {
  const network = new Network();
  const stop = new AbortController();
  const dialling = dial(network, { signal: stop.signal });
  await clock.advance(2_000);
  stop.abort(new Error('stopped'));
  await expect(dialling).rejects.toThrow('stopped');
  await expect(dial(network, { signal: stop.signal })).rejects.toThrow('stopped');
  expect([network.sockets.length, network.open, clock.pending]).toEqual([3, 0, 0]);
});

test('a loser that fails or connects late is not heard', async () => {
  const port = await listen();
  const network = new Network();
  const dialling = dial(network, { port });
  await clock.advance(900);
  network.answersWith = connect;
  await clock.advance(900);
  const socket = await dialling;
  network.sockets[0]?.emit('error', new Error('late'));
  network.sockets[1]?.emit('connect');
  expect([socket.destroyed, network.open]).toEqual([false, 1]);
  socket.destroy();
});

test('while the name is being resolved nothing is asked twice', async () => {
  const network = new Network();
  const dialling = dial(network, { host: 'dockerhost' });
  dialling.catch(() => undefined);
  await clock.advance(5_000);
  expect(network.sockets.length).toBe(1);
  network.sockets[0]?.emit('lookup', null, '192.0.2.1', 4, 'dockerhost');
  await clock.advance(1_800);
  expect(network.sockets.length).toBe(3);
  network.sockets[0]?.emit('error', Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
  await expect(dialling).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await waitFor(() => network.sockets.slice(1).every((socket) => socket.destroyed), { what: 'the others closed' });
});
