import { expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { reachOf, whenReachable } from '../../engine/reachable.ts';
import { StateStore } from '../../engine/state-store.ts';
import { appState, hostView } from './serve/fake-engine.ts';

const never = new AbortController().signal;
const reason = { code: 'auth-refused', message: 'shop refused 3 keys.' };

test('a connected host is reachable, and its Docker once the endpoint is known', () => {
  expect(reachOf(hostView('shop'), 'shop', 'docker')).toEqual({ kind: 'yes' });
  expect(reachOf(hostView('shop', { docker: {} }), 'shop', 'docker')).toEqual({ kind: 'waiting' });
  expect(reachOf(hostView('shop', { docker: {} }), 'shop', 'connection')).toEqual({ kind: 'yes' });
});

test('what will not come by itself is told with its reason', () => {
  expect(reachOf(hostView('shop', { state: 'needs-user', reason }), 'shop', 'connection')).toEqual({
    kind: 'no',
    failure: reason,
  });
  expect(reachOf(hostView('shop', { docker: { reason } }), 'shop', 'docker')).toEqual({ kind: 'no', failure: reason });
  expect(reachOf(hostView('shop', { state: 'idle' }), 'shop', 'connection')).toMatchObject({
    failure: { code: 'host-disconnected' },
  });
  expect(reachOf(undefined, 'shop', 'connection')).toMatchObject({ failure: { code: 'host-not-found' } });
});

test('a host on its way is waited for, until it is there, has failed, or nobody waits any more', async () => {
  const store = new StateStore(appState([hostView('shop', { state: 'connecting' })]), systemClock);
  const become = (state: 'ready' | 'failed'): void =>
    store.updateHost('shop', (host) => ({ ...host, state, ...(state === 'failed' ? { reason } : {}) }));
  const first = whenReachable(store, 'shop', 'connection', never);
  const left = new AbortController();
  const impatient = whenReachable(store, 'shop', 'connection', left.signal);
  left.abort(new Error('enough'));
  await expect(impatient).rejects.toThrow('enough');
  become('ready');
  await expect(first).resolves.toBeUndefined();
  become('failed');
  await expect(whenReachable(store, 'shop', 'connection', never)).rejects.toMatchObject(reason);
});
