import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import ssh2, { type Client } from 'ssh2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { memoryConnection } from '../../../engine/demo/memory-stream.ts';
import { generateSshKey } from '../../../engine/demo/ssh-keys.ts';
import { openDirectTcp, openDirectUnix, openExec, refusalReason, requestReply } from '../../../engine/ssh/channels.ts';
import { connectTestClient } from '../../support/test-ssh-client.ts';
import { startTestSshd, type TestSshd, type TestSshdOptions } from '../../support/test-sshd.ts';

const target = { host: 'db.internal', port: 5432 };
const originator = { address: '127.0.0.1', port: 40_000 };

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

async function connected(options: TestSshdOptions = {}): Promise<{ client: Client; sshd: TestSshd }> {
  const sshd = owned.add(await startTestSshd(options));
  const client = await connectTestClient(sshd.port);
  owned.defer(() => void client.end());
  return { client, sshd };
}

test('a channel names its target and its originator to the server, and carries bytes', async () => {
  const asked: unknown[] = [];
  const echo = (...what: unknown[]) => {
    asked.push(...what);
    const [near, far] = memoryConnection();
    near.pipe(near);
    return far;
  };
  const { client } = await connected({ openTcp: echo, openUnix: echo });
  for (const channel of [
    await openDirectTcp(client, target, originator),
    await openDirectUnix(client, '/run/docker.sock'),
  ]) {
    channel.end('over and back');
    expect(await text(channel)).toBe('over and back');
  }
  expect(asked).toEqual([target, { host: originator.address, port: originator.port }, '/run/docker.sock']);
});

test.each([
  ['prohibited', 'prohibited', /^direct-tcpip to db\.internal:5432: open failed$/],
  ['connect-failed', 'connect-failed', /refused by the test/],
  ['unknown-channel-type', 'unknown-type', /refused by the test/],
  ['resource-shortage', 'resource-shortage', /refused by the test/],
] as const)('a server that answers %s is told apart', async (refusal, reason, message) => {
  const { client, sshd } = await connected();
  sshd.refuse({ tcpip: refusal });
  await expect(openDirectTcp(client, target, originator)).rejects.toMatchObject({
    name: 'ChannelRefused',
    code: 'channel-refused',
    reason,
    message: expect.stringMatching(message) as unknown,
  });
});

test('the message says what was to be opened', async () => {
  const { client, sshd } = await connected();
  sshd.refuse({ streamlocal: 'prohibited', session: 'prohibited' });
  await expect(openDirectUnix(client, '/run/docker.sock')).rejects.toThrow('direct-streamlocal to /run/docker.sock: ');
  await expect(openExec(client, 'true')).rejects.toThrow('session channel: ');
});

test('a number without a meaning counts as a target that was not reached', () => {
  expect([0, 1, 2, 3, 4, 99].map(refusalReason)).toEqual([
    'connect-failed',
    'prohibited',
    'connect-failed',
    'unknown-type',
    'resource-shortage',
    'connect-failed',
  ]);
});

test('a command that the server does not take is no lost connection', async () => {
  const server = new ssh2.Server({ hostKeys: [generateSshKey().privateKey] }, (peer) => {
    peer.on('error', () => undefined);
    peer.on('authentication', (context) => context.accept());
    peer.on('session', (accept) => accept().on('exec', (_accept, reject) => reject()));
  }).listen(0, '127.0.0.1');
  owned.defer(() => void server.close());
  await once(server, 'listening');
  const client = await connectTestClient((server.address() as AddressInfo).port);
  owned.defer(() => void client.end());
  await expect(openExec(client, 'id')).rejects.toMatchObject({ code: 'channel-refused', reason: 'command-refused' });
});

test.each([
  ['a channel', (client: Client) => openDirectTcp(client, target, originator)],
  ['a socket', (client: Client) => openDirectUnix(client, '/run/docker.sock')],
  ['a session', (client: Client) => openExec(client, 'true')],
])('%s on a connection that is gone is refused for that, not thrown', async (_title, open) => {
  const { client, sshd } = await connected();
  const closed = new Promise((resolve) => void client.once('close', () => resolve(undefined)));
  sshd.network.cut();
  await closed;
  await expect(open(client)).rejects.toMatchObject({ code: 'not-connected', reason: 'not-connected' });
});

test('a channel that is being opened when the connection goes is refused for that', async () => {
  const { client, sshd } = await connected({ openTcp: () => new Promise(() => undefined) });
  const opening = openDirectTcp(client, target, originator);
  sshd.network.cut();
  await expect(opening).rejects.toMatchObject({ code: 'not-connected' });
});

test('a server answers a keepalive request', async () => {
  const { client } = await connected();
  const { _sock: transport } = client as unknown as { _sock: NodeJS.EventEmitter };
  const answer = once(transport, 'data');
  requestReply(client);
  await answer;
});
