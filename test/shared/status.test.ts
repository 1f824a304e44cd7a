import { expect, test } from 'vitest';
import { sortForwards, statusDocument } from '../../shared/status.ts';
import { appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';

test('the document lists hosts by id and forwards by project, container and port', () => {
  const forwards = {
    z: forwardView('z', 1, { container: 'api', project: 'shop' }),
    b: forwardView('b', 9, { container: 'api', project: 'shop' }),
    a: forwardView('a', 5),
  };
  const document = statusDocument(
    appState([hostView('zeta'), hostView('alpha', { forwards })], { startedAt: 1_000 }),
    4_000,
  );
  expect(document).toMatchObject({ pid: process.pid, mode: 'headless', uptimeMs: 3_000 });
  expect(document.hosts.map((host) => host.id)).toEqual(['alpha', 'zeta']);
  expect(document.hosts[0]?.forwards.map((forward) => forward.id)).toEqual(['a', 'z', 'b']);
});

test('the order of forwards does not depend on their state', () => {
  const forwards = [forwardView('a', 1), forwardView('b', 2)];
  const failing = forwards.map((forward) => ({ ...forward, state: 'conflict' as const }));
  expect(sortForwards(failing).map(({ id }) => id)).toEqual(sortForwards(forwards).map(({ id }) => id));
});

test('the document is what scripts were promised', () => {
  const [host] = statusDocument(appState([hostView('shop', { forwards: { web: forwardView('web', 8080) } })]), 0).hosts;
  expect(host).toMatchObject({
    id: 'shop',
    target: 'ssh://me@shop',
    state: 'ready',
    connections: { opened: 1, lastHour: 1 },
    sessions: { limit: 2, inUse: 0, waiting: 0, peak: 1, opened: 1, lastHour: 1 },
    docker: { endpoint: { kind: 'streamlocal' }, apiVersion: '1.41', engineVersion: '20.10.24' },
    events: { state: 'live', received: 0, consecutiveFailures: 0 },
    forwards: [
      {
        id: 'web',
        protocol: 'tcp',
        local: { address: '127.0.0.1', port: 8080 },
        requestedPort: 8080,
        state: 'listening',
      },
    ],
  });
});
