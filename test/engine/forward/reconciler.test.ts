import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import type { DesiredForward } from '../../../engine/forward/desired.ts';
import { Listener, type BindResult } from '../../../engine/forward/listener.ts';
import { ForwardReconciler } from '../../../engine/forward/reconciler.ts';
import type { ForwardTarget } from '../../../shared/forward.ts';
import { TestClock } from '../../support/test-clock.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
let clock: TestClock;
let desired: DesiredForward[];
let remembered: Map<string, number>;
let reconciler: ForwardReconciler;
let dialled: ForwardTarget[];
let dial: (target: ForwardTarget) => Promise<Duplex>;
let bind: (addresses: readonly string[], port: number) => Promise<BindResult>;
let web: number;
let db: number;

/** What answers at the far end: which target it is, to whatever is asked. */
function far(target: ForwardTarget): Duplex {
  const [near, other] = duplexPair();
  other.on('error', () => undefined);
  other.once('data', () => other.end(target.kind === 'tcp' ? `${target.address} ${target.port}` : target.path));
  near.once('close', () => other.destroy());
  return near;
}

beforeEach(async () => {
  owned = new DisposableStore();
  clock = new TestClock();
  remembered = new Map();
  dialled = [];
  dial = (target) => Promise.resolve(far(target));
  bind = Listener.bind;
  [web, db] = [await freePort(), await freePort()];
  desired = [];
  reconciler = owned.add(
    new ForwardReconciler({
      desired: () => desired,
      dial: (target) => {
        dialled.push(target);
        return dial(target);
      },
      remembered: { get: (key) => remembered.get(key), set: (key, port) => void remembered.set(key, port) },
      ownerOf: () => Promise.resolve('postgres, pid 812'),
      holdMs: () => 10_000,
      bind: (addresses, port) => bind(addresses, port),
      clock,
      log: silentLogger,
    }),
  );
  reconciler.setPresence('ready');
});
afterEach(async () => {
  await owned.dispose();
  await waitFor(() => clock.pending === 0, { what: 'every timer to end' });
});

function forward(id: string, requestedPort: number, more: Partial<DesiredForward> = {}): DesiredForward {
  return {
    ...{
      id,
      source: 'container',
      container: id,
      containerId: id,
      protocol: 'tcp',
      target: { kind: 'tcp', address: id, port: 80 },
    },
    ...{ bind: ['127.0.0.1'], requestedPort, policy: 'require', disposition: { kind: 'open' }, ...more },
  };
}

async function freePort(): Promise<number> {
  const server = await occupy(0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function occupy(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(() => void server.close());
  return server;
}

async function want(...forwards: DesiredForward[]): Promise<void> {
  desired = forwards;
  await reconciler.request();
}

function client(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  owned.defer(() => void socket.destroy());
  return socket;
}

async function ask(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write('who is there?');
  return text(socket);
}

/** Not `once`: a reset is an error first. */
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));
const view = (id: string) => reconciler.views.find((it) => it.id === id);
const states = () => Object.fromEntries(reconciler.views.map(({ id, state }) => [id, state]));

test('what is wanted listens, and clients reach its target', async () => {
  await want(forward('web', web), forward('db', db));
  expect([states(), await ask(web), await ask(db)]).toEqual([{ web: 'listening', db: 'listening' }, 'web 80', 'db 80']);
});

test('a port held by another program is a conflict, said with its owner, the others open; freed, it is taken', async () => {
  const program = await occupy(web);
  await want(forward('web', web), forward('db', db));
  expect([states(), view('web')?.reason]).toMatchObject([
    { web: 'conflict', db: 'listening' },
    { code: 'port-in-use', message: `${web} is used here by postgres, pid 812.` },
  ]);
  program.close();
  await once(program, 'close');
  await clock.advance(2_000);
  await waitFor(() => view('web')?.state === 'listening', { what: 'the retry' });
  expect([await ask(web), view('web')?.reason]).toEqual(['web 80', undefined]);
});

test('where a remap is allowed another port is taken, said, remembered, and taken again first', async () => {
  const program = await occupy(web);
  const remap = forward('web', web, { policy: 'remap' });
  await want(remap);
  const port = view('web')?.local.port ?? 0;
  expect(view('web')).toMatchObject({ state: 'listening', requestedPort: web, reason: { code: 'port-in-use' } });
  expect(port).not.toBe(web);
  program.close();
  await once(program, 'close');
  await want();
  await want(remap);
  expect([view('web')?.local.port, view('web')?.reason?.hint]).toEqual([
    port,
    `web is on localhost:${port} instead, and stays there.`,
  ]);
});

test('a remembered port does not stand in the way of another one that a rule asks for', async () => {
  await occupy(web);
  await want(forward('web', web, { policy: 'remap' }));
  const other = await freePort();
  await want(forward('web', other, { policy: 'remap' }));
  expect(view('web')?.local.port).toBe(other);
});

test('a privileged port is remapped with the reason, or refused where this one is required', async () => {
  bind = (addresses, port) => (port === web ? Promise.resolve({ kind: 'privileged' }) : Listener.bind(addresses, port));
  await want(forward('web', web, { policy: 'remap' }));
  expect(view('web')).toMatchObject({ state: 'listening', reason: { code: 'port-privileged' } });
  await want(forward('web', web));
  expect(view('web')).toMatchObject({ state: 'refused', reason: { code: 'port-privileged' } });
});

test('two containers that want one port: the first in order has it, the other goes elsewhere and says so', async () => {
  await want(forward('new', web, { policy: 'remap' }), forward('old', web, { policy: 'remap' }));
  expect([view('new')?.local.port, view('old')?.reason?.code]).toEqual([web, 'port-in-use']);
});

test('a recreated container keeps its listener, and new clients go to the new target', async () => {
  let binds = 0;
  bind = (addresses, port) => {
    binds += 1;
    return Listener.bind(addresses, port);
  };
  await want(forward('web', web));
  await want(forward('web', web, { containerId: 'again', target: { kind: 'tcp', address: 'again', port: 80 } }));
  expect([await ask(web), binds]).toEqual(['again 80', 1]);
});

test('while its container is away a port holds new clients, and serves them at the new target', async () => {
  await want(forward('web', web));
  await want(forward('web', web, { disposition: { kind: 'linger' } }));
  expect(states()).toEqual({ web: 'lingering' });
  const answer = ask(web);
  await waitFor(() => view('web')?.active === 1, { what: 'the client' });
  expect(dialled).toEqual([]);
  await want(forward('web', web, { target: { kind: 'tcp', address: '127.0.0.1', port: 32_769 } }));
  expect(await answer).toBe('127.0.0.1 32769');
});

test('a lingering port that another container claims is handed over at once, without being closed', async () => {
  let binds = 0;
  bind = (addresses, port) => {
    binds += 1;
    return Listener.bind(addresses, port);
  };
  await want(forward('old', web));
  await want(forward('new', web, { startHeardAt: clock.monotonic() }));
  expect([states(), await ask(web), binds, view('new')?.openedMs]).toEqual([{ new: 'listening' }, 'new 80', 1, 0]);
});

test('paused it is closed and clients go on; resumed it is on the same port', async () => {
  await want(forward('web', web));
  const socket = client(web);
  await waitFor(() => dialled.length === 1, { what: 'the channel' });
  await want(forward('web', web, { disposition: { kind: 'paused' } }));
  await expect(ask(web)).rejects.toThrow('ECONNREFUSED');
  socket.write('still there?');
  expect([await text(socket), states()]).toEqual(['web 80', { web: 'paused' }]);
  await want(forward('web', web));
  expect(await ask(web)).toBe('web 80');
});

test('without a connection clients are held, and served the moment it is back', async () => {
  await want(forward('web', web));
  reconciler.setPresence('holding');
  const answer = ask(web);
  await waitFor(() => view('web')?.active === 1, { what: 'the client' });
  expect([states(), dialled.length]).toEqual([{ web: 'holding' }, 0]);
  reconciler.setPresence('ready');
  expect(await answer).toBe('web 80');
});

test('a client that waited for too long is reset', async () => {
  await want(forward('web', web));
  reconciler.setPresence('holding');
  const reset = closed(client(web));
  await waitFor(() => view('web')?.active === 1, { what: 'the client' });
  await clock.advance(10_000);
  await reset;
});

test('suspended the ports close, and come back the same', async () => {
  await want(forward('web', web));
  reconciler.setPresence('suspended');
  await reconciler.request();
  expect(states()).toEqual({ web: 'suspended' });
  await expect(ask(web)).rejects.toThrow('ECONNREFUSED');
  reconciler.setPresence('ready');
  await reconciler.request();
  expect(await ask(web)).toBe('web 80');
});

test('a connection lost while the channel opens is waited for once more', async () => {
  await want(forward('web', web));
  dial = (target) => {
    if (dialled.length > 1) return Promise.resolve(far(target));
    reconciler.setPresence('holding');
    return Promise.reject(new Error('No response from server'));
  };
  const answer = ask(web);
  await waitFor(() => dialled.length === 1 && view('web')?.state === 'holding', { what: 'the loss' });
  reconciler.setPresence('ready');
  expect(await answer).toBe('web 80');
});

test('a refused target is a reset client, and the next one is served', async () => {
  await want(forward('web', web));
  dial = () => Promise.reject(new Error('Connection refused'));
  const socket = client(web);
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  dial = (target) => Promise.resolve(far(target));
  expect(await ask(web)).toBe('web 80');
});

test('clients that nobody there would have are counted until one gets an answer', async () => {
  await want(forward('web', web));
  dial = () => Promise.reject(new Error('connection refused'));
  await closed(client(web));
  dial = async () => {
    const [near, other] = duplexPair();
    other.resume().end();
    return near;
  };
  client(web);
  await waitFor(() => view('web')?.unreached?.clients === 2, { what: 'both to be counted' });
  expect(view('web')?.unreached?.reason.message).toBe('it hangs up without a word');
  dial = (target) => Promise.resolve(far(target));
  await ask(web);
  expect(view('web')?.unreached).toBeUndefined();
});

test('a client that leaves before it has an answer says nothing of the target', async () => {
  await want(forward('web', web));
  dial = async () => {
    const [near, other] = duplexPair();
    other.on('error', () => undefined).resume();
    other.once('end', () => other.end());
    return near;
  };
  const [orderly, rude] = [client(web), client(web)];
  orderly.end('a line of a log');
  await Promise.all([closed(orderly), once(rude, 'connect')]);
  rude.resetAndDestroy();
  await waitFor(() => view('web')?.total === 2 && view('web')?.active === 0, { what: 'both to be gone' });
  expect(view('web')?.unreached).toBeUndefined();
});

test('a client that resets before its channel is open leaves no channel behind', async () => {
  await want(forward('web', web));
  let open: (channel: Duplex) => void = () => undefined;
  dial = () => new Promise((resolve) => (open = resolve));
  const socket = client(web);
  await waitFor(() => dialled.length === 1, { what: 'the dialling' });
  socket.resetAndDestroy();
  const [near, other] = duplexPair();
  near.on('end', () => near.destroy());
  other.resume();
  const abandoned = once(near, 'close');
  open(near);
  await abandoned;
  await waitFor(() => view('web')?.active === 0, { what: 'the client to be forgotten' });
});

test('two thousand short connections leave nothing behind', async () => {
  await want(forward('web', web));
  const before = process.getActiveResourcesInfo().length;
  for (let round = 0; round < 40; round += 1) await Promise.all(Array.from({ length: 50 }, () => ask(web)));
  await waitFor(() => view('web')?.active === 0, { what: 'the last client to go' });
  expect([view('web')?.total, view('web')?.bytesDown]).toEqual([2_000, 2_000 * 'web 80'.length]);
  await waitFor(() => process.getActiveResourcesInfo().length <= before, { what: 'the resources to be given back' });
});

test('unsupported and ignored ones are shown with the reason and never retried', async () => {
  const reason = { code: 'udp-not-carried', message: '53/udp' };
  await want(
    forward('dns', web, { disposition: { kind: 'unsupported', reason } }),
    forward('x', db, { disposition: { kind: 'ignored', reason } }),
  );
  expect([states(), view('dns')?.reason, clock.pending]).toEqual([{ dns: 'unsupported', x: 'ignored' }, reason, 0]);
});

test('disposed in the middle of a pass it leaves no port bound', async () => {
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  let binding = false;
  bind = async (addresses, port) => {
    binding = true;
    await held;
    return Listener.bind(addresses, port);
  };
  void want(forward('web', web));
  await waitFor(() => binding, { what: 'the pass' });
  const disposed = reconciler.dispose();
  go();
  await disposed;
  await expect(ask(web)).rejects.toThrow('ECONNREFUSED');
});

test('disposed it resets whoever is carried or waits', async () => {
  await want(forward('web', web), forward('db', db, { disposition: { kind: 'linger' } }));
  const sockets = [client(web), client(db)];
  const gone = Promise.all(sockets.map(closed));
  await waitFor(() => view('web')?.active === 1 && view('db')?.active === 1, { what: 'the clients' });
  await reconciler.dispose();
  await gone;
});
