import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { connectTestClient, openExec, openTcpChannel, runCommand } from '../../support/test-ssh-client.ts';
import { startTestSshd, type TestSshd, type TestSshdOptions } from '../../support/test-sshd.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

async function sshd(options: TestSshdOptions = {}): Promise<TestSshd> {
  return owned.add(await startTestSshd(options));
}

/** A TCP server of the test, on the port returned. */
async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    owned.defer(() => void socket.destroy());
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function client(port: number, config = {}): Promise<Awaited<ReturnType<typeof connectTestClient>>> {
  const connected = await connectTestClient(port, config);
  owned.defer(() => void connected.end());
  return connected;
}

test('a direct-tcpip channel carries bytes both ways, a megabyte at a time', async () => {
  const echo = await listen((socket) => socket.pipe(socket));
  const { port } = await sshd();
  const channel = await openTcpChannel(await client(port), echo);
  channel.end('x'.repeat(3_000_000)); // more than a channel window
  expect((await text(channel)).length).toBe(3_000_000);
});

test('the client may end its side first and still hear the answer', async () => {
  const target = await listen((socket) => void text(socket).then((heard) => socket.end(`heard ${heard}`)));
  const { port, counts } = await sshd();
  const channel = await openTcpChannel(await client(port), target);
  channel.end('all');
  expect(await text(channel)).toBe('heard all');
  await waitFor(() => counts.channelsOpen === 0, { what: 'the channel to be gone' });
});

test('the target may end its side first and still hear the client', async () => {
  let heard: Promise<string> | undefined;
  const target = await listen((socket) => {
    socket.end('bye');
    heard = text(socket);
  });
  const { port, counts } = await sshd();
  const channel = await openTcpChannel(await client(port), target);
  expect(await text(channel)).toBe('bye');
  channel.end('one more thing');
  expect(await heard).toBe('one more thing');
  await waitFor(() => counts.channelsOpen === 0, { what: 'the channel to be gone' });
});

test('a target that resets its connection closes the channel', async () => {
  const target = await listen((socket) => void socket.once('data', () => socket.resetAndDestroy()));
  const { port, counts } = await sshd();
  const channel = await openTcpChannel(await client(port), target);
  channel.resume().write('anything');
  await once(channel, 'close');
  await waitFor(() => counts.channelsOpen === 0, { what: 'the channel to be gone' });
});

test('a client that goes away takes its targets with it', async () => {
  const sockets: Socket[] = [];
  const target = await listen((socket) => void sockets.push(socket.resume()));
  const { port, counts } = await sshd();
  const connection = await client(port);
  await openTcpChannel(connection, target);
  await waitFor(() => sockets.length === 1, { what: 'the target to be dialled' });
  connection.end();
  await waitFor(() => sockets[0]?.readableEnded === true, { what: 'the target to be let go' });
  expect(counts.connections).toBe(1);
});

test('a target that does not read holds the client back', async () => {
  const sockets: Socket[] = [];
  const target = await listen((socket) => void sockets.push(socket.pause()));
  const { port } = await sshd();
  const channel = await openTcpChannel(await client(port), target);
  const size = 64 * 1024 * 1024;
  let sent = false;
  channel.write(Buffer.alloc(size), () => (sent = true));
  await waitFor(() => sockets.length === 1, { what: 'the target to be dialled' });
  const other = await listen((socket) => socket.pipe(socket));
  const free = await openTcpChannel(await client(port), other);
  free.end('not held back');
  expect(await text(free)).toBe('not held back');
  expect(sent).toBe(false);
  sockets[0]?.resume();
  await waitFor(() => sockets[0]?.bytesRead === size, { what: 'all of it to arrive' });
});

test('a refused channel says why in number and words', async () => {
  const { port } = await sshd({
    openTcp: ({ port: wanted }) => {
      return wanted === 1
        ? { refused: 'prohibited', description: 'open failed' }
        : { refused: 'connect-failed', description: 'Connection refused' };
    },
  });
  const connection = await client(port);
  const refused = (wanted: number): Promise<unknown> =>
    openTcpChannel(connection, wanted).catch((error: unknown) => error);
  expect(await refused(1)).toMatchObject({ reason: 1, message: expect.stringContaining('open failed') as string });
  expect(await refused(2)).toMatchObject({
    reason: 2,
    message: expect.stringContaining('Connection refused') as string,
  });
});

test('a command gets its stdin and gives stdout, stderr and an exit code', async () => {
  const { port } = await sshd({
    exec: async (command, { stdin, stdout, stderr }) => {
      stdout.write(`${command}: ${await text(stdin)}`);
      stderr.write('careful');
      return 3;
    },
  });
  const channel = await openExec(await client(port), 'count');
  const closed = once(channel, 'close');
  channel.end('one two');
  expect(await Promise.all([text(channel), text(channel.stderr), closed])).toEqual(['count: one two', 'careful', [3]]);
});

test('one session channel more than maxSessions is refused, direct channels do not count', async () => {
  const echo = await listen((socket) => socket.pipe(socket));
  const { port, counts } = await sshd({
    maxSessions: 2,
    exec: (_command, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(0))),
  });
  const connection = await client(port);
  const first = await openExec(connection, 'wait');
  await openExec(connection, 'wait');
  await Promise.all(Array.from({ length: 5 }, () => openTcpChannel(connection, echo)));
  await expect(openExec(connection, 'wait')).rejects.toMatchObject({ reason: 2 });
  first.close();
  await waitFor(() => counts.sessionsOpen === 1, { what: 'the first session to end' });
  await openExec(connection, 'wait');
  expect(counts).toMatchObject({ sessionsOpened: 3, sessionsOpen: 2, channelsOpened: 5 });
});

test('keepalives are answered', async () => {
  const { port } = await sshd();
  const seen: string[] = [];
  const config = { keepaliveInterval: 5, keepaliveCountMax: 1000, debug: (line: string) => void seen.push(line) };
  await client(port, config);
  const answers = (): number => seen.filter((line) => line.includes('REQUEST_FAILURE')).length;
  await waitFor(() => answers() >= 3, { what: 'three answers' });
});

test('a probe that never speaks SSH does not keep the server from closing', async () => {
  const { port, counts, ...server } = await startTestSshd();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await waitFor(() => counts.connections === 1, { what: 'the connection' });
  await server.dispose();
  socket.destroy();
  expect(counts.authenticated).toBe(0);
});

test('a session of the same connection still works after a command failed inside', async () => {
  const { port } = await sshd({
    exec: (command) => (command === 'break' ? Promise.reject(new Error('broken')) : Promise.resolve(0)),
  });
  const connection = await client(port);
  expect(await runCommand(connection, 'break')).toMatchObject({ code: 255, stderr: 'Error: broken\n' });
  expect(await runCommand(connection, 'work')).toEqual({ code: 0, stdout: '', stderr: '' });
});
