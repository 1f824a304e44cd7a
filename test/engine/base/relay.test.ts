import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { relay, reset } from '../../../engine/base/relay.ts';
import { memoryConnection } from '../../../engine/demo/memory-stream.ts';
import { connectTestClient, openTcpChannel } from '../../support/test-ssh-client.ts';
import { startTestSshd } from '../../support/test-sshd.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

test('a client that leaves in the middle of a download it did not read leaves no channel', async () => {
  const [source, served] = memoryConnection();
  const { port, counts } = owned.add(await startTestSshd({ openTcp: () => served }));
  const client = await connectTestClient(port);
  owned.defer(() => void client.end());
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accepted.resolve).listen(0, '127.0.0.1');
  owned.defer(() => void server.close());
  await once(server, 'listening');
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const socket = await accepted.promise;
  socket.on('error', () => undefined);
  const channel = await openTcpChannel(client, 80);
  const done = relay(socket, channel, { up: () => undefined, down: () => undefined });
  source.on('error', () => undefined);
  const chunk = Buffer.alloc(1024 * 1024);
  const pump = (): void => {
    while (!source.destroyed && source.write(chunk));
  };
  source.on('drain', pump);
  pump();
  await waitFor(() => channel.isPaused(), { what: 'back-pressure' });
  reader.destroy();
  await done;
  await waitFor(() => counts.channelsOpen === 0, { what: 'no channel' });
  expect(socket.destroyed).toBe(true);
});

test('a client that is cut off while our end is on its way to it is closed all the same', async () => {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer({ allowHalfOpen: true }, accepted.resolve).listen(0, '127.0.0.1');
  owned.defer(() => void server.close());
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  owned.defer(() => void client.destroy());
  client.on('error', () => undefined).resume();
  const socket = await accepted.promise;
  const failures: Error[] = [];
  socket.on('error', (error: Error) => failures.push(error));
  const closed = once(socket, 'close');
  socket.end();
  await new Promise<void>((resolve) => process.nextTick(resolve)); // the FIN is asked for, and not sent yet
  reset(socket);
  await closed;
  expect(failures).toEqual([]);
  expect(socket.writableFinished).toBe(false);
});
