import { expect, test } from 'vitest';
import { silentLogger } from '../../engine/base/logger.ts';
import { FailureError, type Failure } from '../../shared/failure.ts';
import { carryOut } from '../../electron/tray-actions.ts';
import type { TrayAction } from '../../electron/tray-menu-item.ts';
import { FakeEngine } from '../engine/serve/fake-engine.ts';

function setUp(engine = new FakeEngine()) {
  const done: unknown[] = [];
  const failures: Failure[] = [];
  const act = (action: TrayAction) =>
    carryOut(action, {
      commands: engine,
      openExternal: async (url) => void done.push(['open', url]),
      copy: (text) => void done.push(['copy', text]),
      show: (window, route) => void done.push(['show', window, route]),
      quit: () => void done.push(['quit']),
      fail: (failure) => failures.push(failure),
      log: silentLogger,
    });
  return { engine, done, failures, act };
}

test('a click in the tray asks of the engine what the contract has for it', async () => {
  const { engine, act } = setUp();
  await act({ kind: 'pause', hostId: 'shop', forwardId: 'web' });
  await act({ kind: 'resume' });
  await act({ kind: 'disconnect', hostId: 'shop' });
  await act({ kind: 'start-at-login', on: true });
  expect(engine.asked).toEqual([
    ['pause', { hostId: 'shop', forwardId: 'web' }],
    ['resume', {}],
    ['disconnect', 'shop'],
    ['settings', { desktop: { startAtLogin: true } }],
  ]);
});

test('the rest is the shell’s, and only pages of this machine are opened', async () => {
  const { done, act } = setUp();
  await act({ kind: 'open-url', url: 'http://127.0.0.1:8080/' });
  await act({ kind: 'open-url', url: 'https://example.com/' });
  await act({ kind: 'copy', text: '127.0.0.1:8080' });
  await act({ kind: 'show', route: '#/hosts/shop' });
  await act({ kind: 'show-logs' });
  await act({ kind: 'quit' });
  expect(done).toEqual([
    ['open', 'http://127.0.0.1:8080/'],
    ['copy', '127.0.0.1:8080'],
    ['show', 'main', '#/hosts/shop'],
    ['show', 'logs', undefined],
    ['quit'],
  ]);
});

test('what did not work is told', async () => {
  const failure = { code: 'host-not-found', message: 'There is no host shop.' };
  const engine = Object.assign(new FakeEngine(), { connect: () => Promise.reject(new FailureError(failure)) });
  const { failures, act } = setUp(engine);
  await act({ kind: 'connect', hostId: 'shop' });
  expect(failures).toEqual([failure]);
});
