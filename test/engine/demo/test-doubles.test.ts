import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import ssh2, { type ConnectConfig } from 'ssh2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { generateSshKey } from '../../../engine/demo/ssh-keys.ts';
import { TestDocker } from '../../support/test-docker.ts';
import {
  connectTestClient,
  openExec,
  openTcpChannel,
  openUnixChannel,
  runCommand,
} from '../../support/test-ssh-client.ts';
import { dialStdioExec, startTestSshd, type TestSshd, type TestSshdOptions } from '../../support/test-sshd.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

async function sshd(options: TestSshdOptions = {}): Promise<TestSshd> {
  return owned.add(await startTestSshd(options));
}

async function client(
  port: number,
  config: ConnectConfig = {},
): Promise<Awaited<ReturnType<typeof connectTestClient>>> {
  const connected = await connectTestClient(port, config);
  owned.defer(() => void connected.end());
  return connected;
}

test('cut breaks every connection off, and the next one works', async () => {
  const { port, network, counts } = await sshd();
  const first = await client(port);
  const closed = new Promise<void>((resolve) => first.on('close', () => resolve()));
  network.cut();
  await closed;
  expect(await runCommand(await client(port), 'true')).toMatchObject({ code: 0 });
  expect(counts.connections).toBe(2);
});

test('frozen, a connection stays and is silent; thawed, it goes on where it was', async () => {
  const { port, network, counts } = await sshd();
  const connection = await client(port);
  network.freeze();
  let code: number | undefined;
  const ran = runCommand(connection, 'true').then((result) => (code = result.code));
  const other = await sshd(); // a whole handshake of another server passes meanwhile
  await client(other.port);
  expect([code, counts.sessionsOpened, counts.connectionsOpen]).toEqual([undefined, 0, 1]);
  network.thaw();
  expect(await ran).toBe(0);
});

test('each kind of channel is refused on its own, with the reason asked for, until lifted', async () => {
  const docker = owned.add(new TestDocker());
  const { port, refuse } = await sshd({ openTcp: () => docker.connect() });
  const connection = await client(port);
  refuse({ tcpip: 'prohibited', streamlocal: 'connect-failed', session: 'connect-failed' });
  await expect(openTcpChannel(connection, 80)).rejects.toMatchObject({ reason: 1 });
  await expect(openUnixChannel(connection, '/x')).rejects.toMatchObject({ reason: 2 });
  await expect(openExec(connection, 'true')).rejects.toMatchObject({ reason: 2 });
  refuse({ tcpip: undefined, session: undefined });
  await openTcpChannel(connection, 80);
  expect(await runCommand(connection, 'true')).toMatchObject({ code: 0 });
});

test('a stalled streamlocal opens and never answers', async () => {
  const docker = owned.add(new TestDocker());
  const { port, stallStreamlocal } = await sshd({ openUnix: () => docker.connect() });
  const connection = await client(port);
  const ping = 'GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n';
  stallStreamlocal(true);
  const stalled = await openUnixChannel(connection, '/var/run/docker.sock');
  let heard = '';
  stalled.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  stalled.write(ping);
  stallStreamlocal(false);
  const served = await openUnixChannel(connection, '/var/run/docker.sock');
  served.write(ping);
  expect(await text(served)).toContain('OK');
  expect(heard).toBe('');
});

test('dial-stdio serves the Docker API through a session', async () => {
  const docker = owned.add(new TestDocker());
  docker.run({ name: 'web' });
  const { port } = await sshd({ exec: dialStdioExec(() => docker.connect()) });
  const channel = await openExec(await client(port), 'docker system dial-stdio');
  const call = request({ path: '/containers/json', headers: { Host: 'docker' }, createConnection: () => channel });
  call.end();
  const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream];
  expect(JSON.parse(await text(response))).toMatchObject([{ Names: ['/web'] }]);
});

test('a key opens the door only when it is allowed and signed with', async () => {
  const [mine, other] = [generateSshKey(), generateSshKey()];
  const { port, authAttempts } = await sshd({ auth: { publicKeys: [mine.publicKey] } });
  await client(port, { privateKey: mine.privateKey });
  await expect(client(port, { privateKey: other.privateKey })).rejects.toMatchObject({
    level: 'client-authentication',
  });
  expect(new Set(authAttempts)).toEqual(new Set(['none', 'publickey']));
});

test('passwords and several prompts at once open the door', async () => {
  const prompts = [
    { prompt: 'Password: ', answer: 'ahoy' },
    { prompt: 'Code: ', answer: '123', echo: true },
  ];
  const { port } = await sshd({ auth: { user: 'mate', password: 'ahoy', prompts } });
  await client(port, { username: 'mate', password: 'ahoy' });
  await expect(client(port, { username: 'mate', password: 'no' })).rejects.toThrow('authentication methods failed');
  await expect(client(port, { username: 'pirate', password: 'ahoy' })).rejects.toThrow('authentication methods failed');

  const asked: string[] = [];
  const interactive = new ssh2.Client().on('error', () => undefined);
  owned.defer(() => void interactive.end());
  interactive.on('keyboard-interactive', (_name, _instructions, _language, shown, answer) => {
    asked.push(...shown.map(({ prompt }) => prompt));
    answer(['ahoy', '123']);
  });
  const ready = once(interactive, 'ready');
  interactive.connect({ host: '127.0.0.1', port, username: 'mate', tryKeyboard: true });
  await ready;
  expect(asked).toEqual(['Password: ', 'Code: ']);
});

test('the host key is the one that was chosen, after a banner and noise', async () => {
  const hostKey = generateSshKey();
  const { port } = await sshd({ hostKey, banner: 'Welcome aboard', greeting: 'mind your head' });
  let shown: Buffer | undefined;
  await client(port, {
    hostVerifier: (key: Buffer) => {
      shown = key;
      return true;
    },
  });
  expect(shown).toEqual(hostKey.publicKey);
});

test('a delayed, limited network loses nothing', async () => {
  const { port, network } = await sshd({
    exec: async (_command, { stdin, stdout }) => {
      stdout.write(await text(stdin));
      return 0;
    },
  });
  network.delay(5);
  network.limit(1_000_000);
  const channel = await openExec(await client(port), 'cat');
  channel.end('y'.repeat(100_000));
  expect((await text(channel)).length).toBe(100_000);
  await waitFor(() => network.open === 1, { what: 'the connection to stay' });
});
