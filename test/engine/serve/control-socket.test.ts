import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { connectControl } from '../../../engine/serve/control-client.ts';
import { openControlSocket } from '../../../engine/serve/control-socket.ts';
import { protocolVersion } from '../../../shared/contract.ts';
import { waitFor } from '../../support/wait-for.ts';
import { FakeEngine, appState, hostView } from './fake-engine.ts';

let owned: DisposableStore;
let directory: string;
let path: string;
let engine: FakeEngine;

beforeEach(async () => {
  owned = new DisposableStore();
  directory = await mkdtemp(join(tmpdir(), 'tl-'));
  owned.defer(() => rm(directory, { recursive: true }));
  path = join(directory, 'run', 'control.sock');
  engine = new FakeEngine(appState([hostView('shop')]));
});
afterEach(() => owned.dispose());

const open = async () => owned.add(await openControlSocket({ path, commands: engine, log: silentLogger }));
const connected = async () => owned.add(await connectControl(path));

/** A WebSocket that keeps to no protocol; resolves with the code it was closed with. */
async function abusive(send: (socket: WebSocket) => void): Promise<number> {
  const socket = new WebSocket('ws://localhost/rpc', { createConnection: () => connect(path) });
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.once('open', () => send(socket));
  return closed;
}

test('requests and failures pass the socket, which only its owner can reach', async () => {
  await open();
  const { api } = await connected();
  const profile = { id: 'edge', target: 'edge' };
  expect(await api.hosts.add(profile)).toEqual({ hostId: 'edge' });
  await expect(api.hosts.add(profile)).rejects.toMatchObject({
    name: 'FailureError',
    code: 'host-exists',
    hint: 'Another name.',
  });
  expect([(await stat(path)).mode & 0o777, (await stat(join(directory, 'run'))).mode & 0o777]).toEqual([0o600, 0o700]);
});

test('the state is followed over the socket, and nobody listens once the client has left', async () => {
  await open();
  const client = await connected();
  const pushes = await client.api.state.watch();
  expect((await pushes.next()).value).toMatchObject({ kind: 'snapshot' });
  engine.store.updateHost('shop', (host) => ({ ...host, paused: true }));
  expect((await pushes.next()).value).toMatchObject({
    kind: 'patches',
    patches: [{ path: ['hosts', 'shop', 'paused'], value: true }],
  });
  await client.dispose();
  await expect(pushes.next()).rejects.toMatchObject({ code: 'engine-gone' });
});

test('another protocol is refused with both versions', async () => {
  await open();
  await expect(connectControl(path, protocolVersion + 1)).rejects.toMatchObject({ code: 'protocol-mismatch' });
});

test('garbage, a frame too large and a broken upgrade close that client, and no other', async () => {
  await open();
  const { api } = await connected();
  expect(await abusive((socket) => socket.send('garbage'))).toBe(1007);
  expect(await abusive((socket) => socket.send('{"i":"1","p":{"u":7}}'))).toBe(1007);
  expect(await abusive((socket) => socket.send(Buffer.from([255, 0, 1])))).toBe(1007);
  expect(await abusive((socket) => socket.send('x'.repeat(1024 * 1024 + 1)))).toBe(1009);
  const raw = connect(path).end('\0\0not http\r\n\r\n');
  raw.on('error', () => undefined);
  await new Promise((resolve) => raw.once('close', resolve));
  expect(await api.hosts.list()).toEqual([]);
});

test('an unknown request is an error to its sender', async () => {
  await open();
  const { api } = await connected();
  const unknown = (api as unknown as Record<string, () => Promise<unknown>>)['self-destruct'];
  await expect(unknown?.()).rejects.toThrow();
  expect(await api.hosts.list()).toEqual([]);
});

test('a socket whose owner is dead is replaced; one that answers stays', async () => {
  const other = createServer();
  await mkdir(join(directory, 'run'), { mode: 0o700 });
  await new Promise<void>((resolve) => other.listen(path, resolve));
  await expect(open()).rejects.toMatchObject({ code: 'control-socket-in-use' });
  await new Promise((resolve) => other.close(resolve));
  await writeFile(path, '');
  await expect(open()).rejects.toMatchObject({ code: 'control-socket-in-use' });
  await rm(path);
  await leaveDeadSocket(path);
  await open();
  expect(await (await connected()).api.hosts.list()).toEqual([]);
});

test('a directory open to others is made private, and one that is only a link is not used', async () => {
  await mkdir(join(directory, 'run'));
  await chmod(join(directory, 'run'), 0o777);
  await (await open()).dispose();
  expect((await stat(join(directory, 'run'))).mode & 0o777).toBe(0o700);
  await symlink(join(directory, 'run'), join(directory, 'link'));
  path = join(directory, 'link', 'control.sock');
  await expect(open()).rejects.toMatchObject({ code: 'control-socket-unavailable' });
});

test('a path too long for a socket is told before the system cuts it', async () => {
  path = join(directory, 'x'.repeat(100), 'control.sock');
  await expect(open()).rejects.toMatchObject({
    code: 'socket-path-too-long',
    hint: expect.stringMatching(/TOWLINE_HOME/) as string,
  });
});

test('without an engine the client says so; when the engine goes, the client hears it', async () => {
  await expect(connectControl(path)).rejects.toMatchObject({ code: 'not-running' });
  const door = await open();
  const client = await connected();
  await door.dispose();
  await client.closed;
  await expect(client.api.hosts.list()).rejects.toMatchObject({ code: 'engine-gone' });
  await waitFor(
    () =>
      stat(path).then(
        () => false,
        () => true,
      ),
    { what: 'the socket to be gone' },
  );
});

/** What a killed engine leaves: a socket nobody listens on. */
async function leaveDeadSocket(at: string): Promise<void> {
  const { execFile } = await import('node:child_process');
  const script = `require('net').createServer().listen(${JSON.stringify(at)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await new Promise<void>((resolve) => execFile(process.execPath, ['-e', script], () => resolve()));
}
