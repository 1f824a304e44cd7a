import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { establish, type Established, type EstablishOptions } from '../../../engine/ssh/establish.ts';
import { TestClock } from '../../support/test-clock.ts';
import { startTestSshd } from '../../support/test-sshd.ts';
import { waitFor } from '../../support/wait-for.ts';
import { planFor } from './test-plan.ts';

let owned: DisposableStore;
let clock: TestClock;
beforeEach(() => {
  owned = new DisposableStore();
  clock = new TestClock();
});
afterEach(() => owned.dispose());

async function attempt(plan: EstablishOptions['plan'], signal = new AbortController().signal): Promise<Established> {
  const established = await establish({ plan, clock, signal, onTransportUp: () => undefined });
  owned.defer(() => void established.client.destroy());
  return established;
}

/** A server that greets in a way of its own; the sockets it has. */
async function greeter(greet: (socket: Socket) => void): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.resume();
    greet(socket);
  }).listen(0, '127.0.0.1');
  owned.defer(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, sockets };
}

test('noise before the identification is passed over, in whatever pieces it comes', async () => {
  const { port } = owned.add(await startTestSshd({ greeting: 'Welcome aboard\r\nMind your head' }));
  const { ident } = await attempt(planFor(port));
  expect(ident).toMatch(/^SSH-2\.0-OpenSSH_9\.6 towline-demo$/);
});

test.each([
  ['a web server', (s: Socket) => s.once('data', () => s.end('HTTP/1.1 400 Bad Request\r\n\r\n')), 'not-ssh'],
  ['a server that hangs up', (s: Socket) => s.end(), 'host-hung-up'],
  ['a server that resets', (s: Socket) => s.once('data', () => s.resetAndDestroy()), 'host-hung-up'],
  ['sshd over MaxStartups', (s: Socket) => s.end('Exceeded MaxStartups\r\n'), 'host-hung-up'],
  ['sshd that shut us out', (s: Socket) => s.end('Not allowed at this time\r\n'), 'host-hung-up'],
])('%s is told from an SSH server', async (_title, greet, code) => {
  const { port, sockets } = await greeter((socket) => void greet(socket));
  await expect(attempt(planFor(port))).rejects.toMatchObject({ code });
  await waitFor(() => sockets.size === 0, { what: 'no socket' });
  expect(clock.pending).toBe(0);
});

test('a server that says nothing is given up after 30 s', async () => {
  const { port, sockets } = await greeter(() => undefined);
  const failed = expect(attempt(planFor(port))).rejects.toMatchObject({ code: 'handshake-timeout' });
  await waitFor(() => sockets.size === 1, { what: 'a connection' });
  await waitFor(() => clock.pending === 1, { what: 'the limit' });
  await clock.advance(30_000);
  await failed;
  await waitFor(() => sockets.size === 0, { what: 'no socket' });
});

test('the limit stands still while a person is asked', async () => {
  const { port } = owned.add(await startTestSshd());
  const answer = Promise.withResolvers<boolean>();
  let asked = false;
  const plan: EstablishOptions['plan'] = async (ask, signal) => ({
    ...(await planFor(port)(ask, signal)),
    verifyHostKey: (_key, verdict) => {
      asked = true;
      void ask(() => answer.promise).then(verdict);
    },
  });
  const attempted = attempt(plan);
  await waitFor(() => asked, { what: 'the question' });
  await clock.advance(600_000);
  answer.resolve(true);
  expect((await attempted).ident).toContain('OpenSSH');
});

test('a plan that does not hear of the end does not keep the attempt', async () => {
  const stop = new AbortController();
  const attempted = attempt(() => new Promise(() => undefined), stop.signal);
  stop.abort(new Error('stopped'));
  await expect(attempted).rejects.toThrow('stopped');
});

test('algorithms that ssh2 does not know leave no transport open', async () => {
  const { port, counts } = owned.add(await startTestSshd());
  const algorithms = { cipher: ['rot13'] } as never;
  await expect(attempt(planFor(port, { algorithms }))).rejects.toThrow(/rot13/);
  await waitFor(() => counts.connections === 1 && counts.connectionsOpen === 0, { what: 'it closed' });
  expect(clock.pending).toBe(0);
});
