import { expect, test } from 'vitest';
import { StateStore } from '../../engine/state-store.ts';
import type { AppState } from '../../shared/app-state.ts';
import type { StatePush } from '../../shared/contract.ts';
import { applyPatches } from '../../shared/patch.ts';
import { TestClock } from '../support/test-clock.ts';
import { appState, hostView } from './serve/fake-engine.ts';

const attempt = (store: StateStore, number: number): void =>
  store.updateHost('shop', (host) => ({ ...host, attempt: number }));

/** A subscriber whose pushes pile up in `pushes` while it reads. */
function subscribe(store: StateStore): { pushes: StatePush[]; stop: () => Promise<void> } {
  const abort = new AbortController();
  const pushes: StatePush[] = [];
  const reading = (async () => {
    for await (const push of store.watch(abort.signal)) pushes.push(push);
  })();
  return {
    pushes,
    async stop() {
      abort.abort();
      await reading;
    },
  };
}

test('a subscriber gets the whole state, then the first change at once and a burst as one', async () => {
  const clock = new TestClock();
  const store = new StateStore(appState([hostView('shop')]), clock);
  const { pushes, stop } = subscribe(store);
  await clock.advance(0);
  attempt(store, 1);
  await clock.advance(0);
  for (let number = 2; number <= 50; number += 1) attempt(store, number);
  await clock.advance(99);
  expect(pushes).toHaveLength(2);
  await clock.advance(1);
  await stop();
  expect(pushes).toEqual([
    { kind: 'snapshot', revision: 1, state: appState([hostView('shop')]) },
    { kind: 'patches', since: 1, revision: 2, patches: [{ path: ['hosts', 'shop', 'attempt'], value: 1 }] },
    { kind: 'patches', since: 2, revision: 51, patches: [{ path: ['hosts', 'shop', 'attempt'], value: 50 }] },
  ]);
  expect(clock.pending).toBe(0);
});

test('a steady stream of changes is passed on ten times a second', async () => {
  const clock = new TestClock();
  const store = new StateStore(appState([hostView('shop')]), clock);
  const { pushes, stop } = subscribe(store);
  for (let number = 1; number <= 200; number += 1) {
    attempt(store, number);
    await clock.advance(10);
  }
  await stop();
  expect(pushes.length).toBeGreaterThanOrEqual(20);
  expect(pushes.length).toBeLessThanOrEqual(22);
});

test('a subscriber that does not read gets one merged push, and the state is right', async () => {
  const clock = new TestClock();
  const store = new StateStore(appState([hostView('shop')]), clock);
  const pushes = store.watch(new AbortController().signal);
  const snapshot = (await pushes.next()).value as Extract<StatePush, { kind: 'snapshot' }>;
  for (let number = 1; number <= 1000; number += 1) attempt(store, number);
  store.update((state) => ({ ...state, hosts: { ...state.hosts, edge: hostView('edge') } }));
  const patches = (await pushes.next()).value as Extract<StatePush, { kind: 'patches' }>;
  expect(patches.patches).toHaveLength(2);
  expect(applyPatches<AppState>(snapshot.state, patches.patches)).toEqual(store.state);
});

test('a state that came back to what it was is not sent', async () => {
  const clock = new TestClock();
  const store = new StateStore(appState([hostView('shop')]), clock);
  const { pushes, stop } = subscribe(store);
  await clock.advance(0);
  attempt(store, 1);
  await clock.advance(0);
  attempt(store, 2);
  attempt(store, 1);
  await clock.advance(500);
  await stop();
  expect(pushes).toHaveLength(2);
});

test('the same object back is no change, and a host that is gone is left alone', () => {
  const store = new StateStore(appState([hostView('shop')]), new TestClock());
  const { edge } = store.state.hosts;
  store.update((state) => state);
  store.updateHost('shop', (host) => host);
  store.updateHost('edge', (host) => ({ ...host, paused: true }));
  store.updateHost('toString', (host) => ({ ...host, paused: true }));
  expect([store.revision, edge]).toEqual([1, undefined]);
});

test('a change of one host keeps the identity of the others', () => {
  const store = new StateStore(appState([hostView('shop'), hostView('edge')]), new TestClock());
  const before = store.state.hosts['edge'];
  attempt(store, 1);
  expect(store.state.hosts['edge']).toBe(before);
});
