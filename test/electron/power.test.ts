import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { StateStore } from '../../engine/state-store.ts';
import { followPower } from '../../electron/power.ts';
import { appState, hostView } from '../engine/serve/fake-engine.ts';

function setUp() {
  const powerMonitor = new EventEmitter();
  const returns: string[] = [];
  const blockers: string[] = [];
  const store = new StateStore(appState([hostView('shop', { state: 'connecting' })]), systemClock);
  const power = followPower({
    powerMonitor,
    powerSaveBlocker: {
      start: (type) => blockers.push(`start ${type}`),
      stop: (id) => blockers.push(`stop ${id}`) > 0,
    },
    store,
    onReturn: (why) => returns.push(why),
    log: silentLogger,
  });
  return { powerMonitor, returns, blockers, store, power };
}

test('a machine that wakes, or is unlocked, has its connections checked', async () => {
  const { powerMonitor, returns, power } = setUp();
  for (const event of ['suspend', 'resume', 'lock-screen', 'unlock-screen']) powerMonitor.emit(event);
  expect(returns).toEqual(['resume', 'unlock-screen']);
  await power.dispose();
  expect(powerMonitor.eventNames()).toEqual([]);
});

test('the app is kept from being suspended while, and only while, a host is connected', async () => {
  const { blockers, store, power } = setUp();
  const become = (state: 'ready' | 'reconnecting') => store.updateHost('shop', (host) => ({ ...host, state }));
  expect(blockers).toEqual([]);
  become('ready');
  store.updateHost('shop', (host) => ({ ...host, paused: true }));
  expect(blockers).toEqual(['start prevent-app-suspension']);
  become('reconnecting');
  expect(blockers).toEqual(['start prevent-app-suspension', 'stop 1']);
  become('ready');
  await power.dispose();
  expect(blockers.slice(2)).toEqual(['start prevent-app-suspension', 'stop 3']);
});
