import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { busNameHasOwner, busPath } from '../../electron/session-bus.ts';
import { awaitTrayHost, hasTrayHost } from '../../electron/tray-host.ts';
import { TestClock } from '../support/test-clock.ts';

/** What dbus-daemon 1.14 sent on our two calls: the answer to Hello, a signal that we have a name, the answer to NameHasOwner. */
const recorded = {
  hello:
    '6c02010109000000010000003d00000006017300040000003a312e32000000000501750001000000080167000173000007017300140000006f72672e667265656465736b746f702e4442757300000000040000003a312e3200',
  signal:
    '6c04010109000000020000008d00000001016f00150000002f6f72672f667265656465736b746f702f4442757300000002017300140000006f72672e667265656465736b746f702e4442757300000000030173000c0000004e616d6541637175697265640000000006017300040000003a312e320000000008016700017300000701730014000000' +
    '6f72672e667265656465736b746f702e4442757300000000040000003a312e3200',
  owner:
    '6c02010104000000030000003d00000006017300040000003a312e32000000000501750002000000080167000162000007017300140000006f72672e667265656465736b746f702e444275730000000000000000',
};

const owned: DisposableStore[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-bus-'));
});
afterEach(async () => {
  for (const store of owned.splice(0)) await store.dispose();
  await rm(folder, { recursive: true });
});

/** A bus that says these bytes once it has been greeted, in pieces of so many. */
async function bus(
  greeting: string,
  answer: Buffer,
  pieces = answer.length,
): Promise<{ address: string; asked: () => string }> {
  const store = new DisposableStore();
  owned.push(store);
  let asked = '';
  const server = createServer((socket) => {
    store.defer(() => void socket.destroy());
    socket.on('data', (data) => {
      asked += data.toString('latin1');
      if (data.includes('AUTH')) socket.write(greeting);
      if (!data.includes('NameHasOwner')) return;
      for (let at = 0; at < answer.length; at += pieces) socket.write(answer.subarray(at, at + pieces));
    });
  });
  store.defer(() => new Promise((resolve) => void server.close(() => resolve())));
  const path = join(folder, `bus-${owned.length}`);
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  return { address: `unix:path=${path},guid=0`, asked: () => asked };
}

function answers(value: number): Buffer {
  const owner = Buffer.from(recorded.owner, 'hex');
  owner.writeUInt32LE(value, owner.length - 4);
  return Buffer.concat([Buffer.from(recorded.hello, 'hex'), Buffer.from(recorded.signal, 'hex'), owner]);
}

const ask = (address: string | undefined) => busNameHasOwner(address, 'org.kde.StatusNotifierWatcher', systemClock);

test('a name on the bus has an owner or not, however the answer is cut into pieces', async () => {
  const there = await bus('OK 0\r\n', answers(1), 7);
  expect(await ask(there.address)).toBe(true);
  expect(there.asked()).toMatch(/^\0AUTH EXTERNAL (3\d)+\r\nBEGIN\r\nl[^]*Hello[^]*org\.kde\.StatusNotifierWatcher/);
  expect(await ask((await bus('OK 0\r\n', answers(0))).address)).toBe(false);
});

test('a bus that is not there, refuses us or hangs up has nobody to show an icon', async () => {
  const refusing = await bus('REJECTED EXTERNAL\r\n', Buffer.alloc(0));
  expect(
    await Promise.all([undefined, 'tcp:host=localhost', `unix:path=${folder}/none`, refusing.address].map(ask)),
  ).toEqual([false, false, false, false]);
});

test('the socket’s path is read out of an address', () => {
  expect(busPath('unix:path=/run/user/1000/bus')).toBe('/run/user/1000/bus');
  expect(busPath('tcp:host=x;unix:guid=1,abstract=/tmp/dbus-%41,x=1')).toBe('\0/tmp/dbus-A');
});

test('macOS and Windows always have a place for an icon', async () => {
  expect([await hasTrayHost('darwin', {}, systemClock), await hasTrayHost('win32', {}, systemClock)]).toEqual([
    true,
    true,
  ]);
});

test('without a bus nobody is waited for', async () => {
  expect(await awaitTrayHost('linux', {}, new TestClock())).toBe(false);
});
