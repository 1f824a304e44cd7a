import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChannelRefused } from '../../../../engine/ssh/channels.ts';
import { receiveWindowBytes, type MuxChannel } from '../../../../engine/ssh/openssh/mux-channel.ts';
import { WireReader } from '../../../../engine/ssh/openssh/wire.ts';
import { FakeMaster, message, said } from './fake-master.ts';

const nothing = Buffer.alloc(0);
let master: FakeMaster;

beforeEach(async () => {
  master = await FakeMaster.start();
});
afterEach(() => master.dispose());

async function opened(type = 'direct-tcpip', window?: number): Promise<MuxChannel> {
  const opening = master.connection.open('a channel', type, nothing);
  master.say(said.opened(0, window));
  const channel = await opening;
  channel.on('error', () => undefined); // of the connection that ends with the test
  return channel;
}

function dataOf(body: Buffer): string {
  const reader = new WireReader(body);
  reader.uint32();
  return reader.text();
}

test('a refusal carries the reason of the server', async () => {
  const refusals = [1, 2, 3, 4, 99].map((_reason, index) =>
    master.connection.open(`channel ${index}`, 'direct-tcpip', nothing).then(
      () => 'open',
      (error: unknown) => (error instanceof ChannelRefused ? error.reason : error),
    ),
  );
  master.say(...[1, 2, 3, 4, 99].map((reason, index) => said.refused(index, reason)));
  expect(await Promise.all(refusals)).toEqual([
    'prohibited',
    'connect-failed',
    'unknown-type',
    'resource-shortage',
    'connect-failed',
  ]);
});

test('no more is sent than the far side has room for, in packets that it takes', async () => {
  const channel = await opened('direct-tcpip', 1500);
  channel.write('x'.repeat(2500));
  expect((await master.hears(94, 2)).map((body) => dataOf(body).length)).toEqual([1000, 500]);
  master.say(said.adjust(0, 5000));
  channel.end();
  await master.hears(96);
  expect((await master.hears(94)).map((body) => dataOf(body).length)).toEqual([1000, 500, 1000]);
});

test('the window is refilled by what is read, not by what arrives', async () => {
  const channel = await opened();
  const portion = Buffer.alloc(32 * 1024);
  const portions = receiveWindowBytes / portion.length;
  master.say(...Array.from({ length: portions }, () => said.data(0, portion)), said.keepalive(0));
  await master.hears(100);
  const granted = (): number =>
    master.heard.filter(({ type }) => type === 93).reduce((sum, { body }) => sum + body.readUInt32BE(4), 0);
  expect(granted()).toBeLessThan(receiveWindowBytes / 2);
  master.say(said.data(0, portion), said.eof(0));
  const everything = (await text(channel)).length;
  expect(everything).toBe(receiveWindowBytes + portion.length);
});

describe('an end', () => {
  test('of the far side leaves our direction open', async () => {
    const channel = await opened();
    master.say(said.data(0, 'bye'), said.eof(0));
    expect(await text(channel)).toBe('bye');
    channel.end('but I have more');
    expect((await master.hears(94)).map(dataOf)).toEqual(['but I have more']);
    await master.hears(97);
  });

  test('of both is answered with a close, and a session waits for the server’s', async () => {
    const session = await opened('session');
    master.say(said.eof(0), said.keepalive(0));
    session.resume().end();
    await once(session, 'finish');
    await master.hears(100);
    expect(master.heard.some(({ type }) => type === 97)).toBe(false);
    master.say(said.close(0));
    await once(session, 'close');
    expect(await master.hears(97)).toHaveLength(1);
  });

  test('by a close takes pending writes with it', async () => {
    const channel = await opened('direct-tcpip', 3);
    const written = new Promise<unknown>((resolve) => channel.write('more than three', resolve));
    channel.resume();
    master.say(said.close(0));
    await once(channel, 'close');
    expect(await written).not.toBeInstanceOf(Error);
  });
});

test('an exit that comes in one piece with all the rest is heard, before the close', async () => {
  const session = await opened('session');
  const running = session.exec('true');
  master.say(said.success(0), said.data(0, 'out'), said.exit(0, 3), said.eof(0), said.close(0));
  expect(await running).toBe(true);
  const told: unknown[] = [];
  session.on('exit', (code) => told.push(code)).on('data', (data) => told.push(String(data)));
  await once(session, 'close');
  expect(told.sort()).toEqual([3, 'out']);
});

test('a server that asks whether a channel lives is answered', async () => {
  await opened();
  master.say(said.keepalive(0));
  expect((await master.hears(100)).map((body) => body.readUInt32BE())).toEqual([70]);
});

test('a signal is sent by its name', async () => {
  const session = await opened('session');
  session.signal('TERM');
  const [request = nothing] = await master.hears(98);
  const reader = new WireReader(request);
  expect([reader.uint32(), reader.text(), reader.bool(), reader.text()]).toEqual([70, 'signal', false, 'TERM']);
});

test.each([
  ['cut off', message(94, Buffer.of(0, 0))],
  ['too long', Buffer.of(0xff, 0xff, 0xff, 0xff)],
  ['no answer to an opening', said.success(1)],
])(
  'a message that is %s ends the connection, with an error for every channel and opening',
  async (_title, nonsense) => {
    const channel = await opened();
    const failed = new Promise<Error>((resolve) => channel.once('error', resolve));
    const opening = master.connection.open('another', 'direct-tcpip', nothing).catch((error: unknown) => error);
    const closed = new Promise<Error>((resolve) => master.connection.onDidClose(resolve));
    await master.hears(90, 2);
    master.say(nonsense);
    const error = await failed;
    expect((await closed).message).toBe(error.message);
    expect(await opening).toMatchObject({ reason: 'not-connected' });
    await expect(master.connection.open('late', 'session', nothing)).rejects.toMatchObject({ reason: 'not-connected' });
  },
);

test('a master of another protocol, or one that will not be a proxy, is refused', async () => {
  await expect(FakeMaster.start({ version: 5 })).rejects.toThrow('version 5');
  await expect(FakeMaster.start({ answer: 0x80000003 })).rejects.toThrow('refused to be a proxy');
});
