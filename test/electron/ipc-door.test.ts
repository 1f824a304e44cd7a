import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLogger } from '../../engine/base/logger.ts';
import { openIpcDoor } from '../../electron/ipc-door.ts';
import { isOwnPage } from '../../electron/page-protocol.ts';
import { failureOf, overBridge, type Client } from '../../renderer/client.ts';
import { appState, FakeEngine, hostView } from '../engine/serve/fake-engine.ts';
import { waitFor } from '../support/wait-for.ts';
import { PageDouble } from './page-double.ts';

let page: PageDouble;
let engine: FakeEngine;
let door: { dispose(): void | Promise<void> };

beforeEach(() => {
  page = new PageDouble();
  engine = new FakeEngine(appState([hostView('shop')]));
  const isOurs = (): boolean => isOwnPage(page.frame.url);
  door = openIpcDoor({ ipcMain: page.ipcMain, commands: engine, isOurs, log: silentLogger });
});
afterEach(async () => {
  await door.dispose();
  vi.doUnmock('electron');
});

const connected = async (): Promise<Client> => overBridge(await page.load())();

test('requests, failures and the state pass between a page and the engine', async () => {
  const { api } = await connected();
  const profile = { id: 'edge', target: 'edge' };
  expect(await api.hosts.add(profile)).toEqual({ hostId: 'edge' });
  const refused: unknown = await api.hosts.add(profile).catch((error: unknown) => error);
  expect(failureOf(refused)).toMatchObject({ code: 'host-exists', hint: 'Another name.' });
  const pushes = await api.state.watch();
  expect((await pushes.next()).value).toMatchObject({ kind: 'snapshot' });
  engine.store.updateHost('shop', (host) => ({ ...host, paused: true }));
  expect((await pushes.next()).value).toMatchObject({ kind: 'patches' });
  await pushes.return(undefined);
});

test('input that the contract does not allow is told as such, and does not reach the engine', async () => {
  const { api } = await connected();
  const wrong = { hostId: 'shop', target: { kind: 'tcp', address: 'db', port: 5432 }, localPort: 70_000 } as const;
  const refused: unknown = await api.forwards.add(wrong).catch((error: unknown) => error);
  expect([failureOf(refused).code, engine.asked]).toEqual(['invalid-input', []]);
});

test('a page that is not ours is not heard', async () => {
  const bridge = await page.load();
  page.frame.url = 'https://towline.invalid/';
  const { api } = await overBridge(bridge)();
  void api.hosts.remove({ hostId: 'shop' }).catch(() => undefined); // is never answered
  page.frame.url = 'app://towline/index.html';
  await (await connected()).api.hosts.disconnect({ hostId: 'shop' });
  expect(engine.asked).toEqual([['disconnect', 'shop']]);
});

test('what is no message of the channel is refused, and a way that carries no request is cut off', async () => {
  for (const message of [undefined, 'open', { kind: 'shell' }, { kind: 'open', page: 1, way: 1 }]) page.say(message);
  expect(page.heard).toEqual([]);
  const bridge = await page.load();
  await new Promise<void>((cutOff) => bridge.connect(() => undefined, cutOff).send('{"i":"1"}'));
});

test('a page that is loaded anew, or crashes, leaves no request behind', async () => {
  for (const leave of [() => page.load(), () => page.sender.emit('render-process-gone')]) {
    const { api } = await connected();
    const pushes = await api.state.watch({ canAnswer: true });
    await pushes.next();
    expect(engine.attending).toBe(1);
    const reloaded = await leave();
    if (typeof reloaded === 'object') await overBridge(reloaded)().then(({ api: next }) => next.hosts.list());
    await waitFor(() => engine.attending === 0, { what: 'the end of the watching' });
  }
});

test('a page that is busy is sent a bounded number of frames, and the rest when it has time', async () => {
  const { api } = await connected();
  await api.hosts.list();
  page.heard.length = 0;
  page.busy = true;
  const answers = Array.from({ length: 100 }, () => api.hosts.list());
  await waitFor(() => page.heard.length === 32, { what: 'the frames that may be on their way' });
  page.takeAll();
  expect((await Promise.all(answers)).length).toBe(100);
});

test('closing the door ends every way, and the page hears of it', async () => {
  const { api, closed } = await connected();
  await api.hosts.list();
  await door.dispose();
  await closed;
  expect(failureOf(await api.hosts.list().catch((error: unknown) => error)).code).toBe('engine-gone');
});
