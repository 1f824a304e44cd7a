import { afterEach, beforeEach, expect, test } from 'vitest';
import { StateStore } from '../../../engine/state-store.ts';
import { Timeline } from '../../../engine/timeline/timeline.ts';
import type { TimelinePush } from '../../../shared/timeline.ts';
import { appState, hostView } from '../serve/fake-engine.ts';
import { TestClock } from '../../support/test-clock.ts';

let clock: TestClock;
let store: StateStore;
let timeline: Timeline;
let leaving: AbortController;

beforeEach(() => {
  clock = new TestClock();
  store = new StateStore(appState([hostView('shop'), hostView('forge')]), clock);
  timeline = new Timeline({ store, clock, remembered: 3 });
  leaving = new AbortController();
});
afterEach(async () => {
  leaving.abort();
  await timeline.dispose();
});

const become = (hostId: string, state: 'ready' | 'reconnecting' | 'idle'): void =>
  store.updateHost(hostId, (host) => ({ ...host, state }));
const start = (name: string, hostId = 'shop'): void =>
  timeline.heard(hostId, { type: 'container', action: 'start', containerId: 'ab'.repeat(32), name });

async function nextOf(pushes: AsyncGenerator<TimelinePush, void>): Promise<TimelinePush | undefined> {
  const { value } = await pushes.next();
  return value ?? undefined;
}

test('each entry has the next number, its time, and how long had lasted what it ended', async () => {
  become('shop', 'reconnecting');
  await clock.advance(1_500);
  become('shop', 'ready');
  expect(timeline.read({})).toEqual([
    { seq: 1, at: clock.now() - 1_500, kind: 'connection', hostId: 'shop', state: 'reconnecting' },
    { seq: 2, at: clock.now(), kind: 'connection', hostId: 'shop', state: 'ready', lastedMs: 1_500 },
  ]);
});

test('a container in a crash loop pushes out its own old entries, and no others', () => {
  become('shop', 'reconnecting');
  for (const name of ['a', 'b', 'c', 'd', 'e']) start(name);
  expect(timeline.read({}).map((entry) => [entry.seq, entry.kind])).toEqual([
    [1, 'connection'],
    [4, 'container'],
    [5, 'container'],
    [6, 'container'],
  ]);
});

test('what is asked for is read: of one host, of some kinds, the newest', () => {
  become('shop', 'reconnecting');
  become('forge', 'idle');
  start('web');
  const seqs = (query: Parameters<Timeline['read']>[0]): number[] => timeline.read(query).map(({ seq }) => seq);
  expect(seqs({ hostId: 'shop' })).toEqual([1, 3]);
  expect(seqs({ kinds: ['connection'] })).toEqual([1, 2]);
  expect(seqs({ tail: 2 })).toEqual([2, 3]);
  expect(seqs({ tail: 0 })).toEqual([]);
});

test('what concerns the daemon or a network is left out', () => {
  timeline.heard('shop', { type: 'daemon', action: 'reload', containerId: undefined, name: undefined });
  timeline.heard('shop', { type: 'network', action: 'connect', containerId: 'ab'.repeat(32), name: undefined });
  expect(timeline.read({})).toEqual([]);
});

test('a host that is removed takes its entries with it, and one of the same name begins anew', async () => {
  become('shop', 'reconnecting');
  become('forge', 'idle');
  const { shop, ...rest } = store.state.hosts;
  store.update((state) => ({ ...state, hosts: rest }));
  expect(timeline.read({}).map(({ hostId }) => hostId)).toEqual(['forge']);
  await clock.advance(5_000);
  store.update((state) => ({ ...state, hosts: { ...rest, shop: shop ?? hostView('shop') } }));
  const [first] = timeline.read({ hostId: 'shop' });
  expect(first?.kind).toBe('connection');
  expect(first?.lastedMs).toBeUndefined();
});

test('a watcher gets what there is, then what comes, and nothing else', async () => {
  start('web');
  const pushes = timeline.watch({ kinds: ['container'] }, leaving.signal);
  expect((await nextOf(pushes))?.entries.map(({ seq }) => seq)).toEqual([1]);
  const next = nextOf(pushes);
  become('shop', 'reconnecting');
  start('db');
  expect((await next)?.entries).toMatchObject([{ seq: 3, container: 'db' }]);
});

test('to a watcher with nothing to read yet the beginning is empty', async () => {
  expect(await nextOf(timeline.watch({}, leaving.signal))).toEqual({ entries: [], missed: 0 });
});

test('a watcher that does not read misses the oldest, and is told how many', async () => {
  const pushes = timeline.watch({}, leaving.signal);
  await nextOf(pushes);
  for (let number = 0; number < 1_200; number += 1) start('web');
  const late = await nextOf(pushes);
  expect([late?.missed, late?.entries.length, late?.entries.at(-1)?.seq]).toEqual([200, 1_000, 1_200]);
});

test('a watcher that leaves is let go, while it waits and while it does not', async () => {
  const pushes = timeline.watch({}, leaving.signal);
  await nextOf(pushes);
  const waiting = nextOf(pushes);
  leaving.abort();
  expect(await waiting).toBeUndefined();
  expect(await nextOf(timeline.watch({}, leaving.signal))).toBeUndefined();
});
