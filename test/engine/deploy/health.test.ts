import { expect, test } from 'vitest';
import { watchHealth, type ProjectContainer } from '../../../engine/deploy/health.ts';
import type { GateReport } from '../../../shared/deploy.ts';
import { TestClock } from '../../support/test-clock.ts';

const web: ProjectContainer = { id: 'w', name: 'web', state: 'running', exitCode: 0, restarts: 0 };

/** A watch over containers that the test changes; stable after 2 s, over after 10 s. */
function watching(...first: ProjectContainer[]) {
  const clock = new TestClock();
  const now = { containers: first };
  const cancel = new AbortController();
  let report: GateReport | undefined;
  const ended = watchHealth({
    ...{ project: 'shop', clock, stableMs: 2_000, timeoutMs: 10_000, signal: cancel.signal },
    health: {
      containers: () => Promise.resolve(now.containers),
      lastLines: (id) => Promise.resolve([`the last of ${id}`]),
    },
  }).then((result) => (report = result));
  return { clock, now, cancel, ended, report: () => report };
}

test('containers that run without a break for the stable time are well, and a job that has ended with 0 too', async () => {
  const { clock, report } = watching(web, { ...web, id: 'm', name: 'migrate', state: 'exited' });
  await clock.advance(1_900);
  expect(report()).toBeUndefined();
  await clock.advance(200);
  expect(report()).toEqual({ gate: 'health', ok: true, saw: '2 containers running' });
});

test('a health check is waited for, and the stable time begins after it', async () => {
  const { clock, now, report } = watching({ ...web, health: 'starting' });
  await clock.advance(5_000);
  now.containers = [{ ...web, health: 'healthy' }];
  await clock.advance(1_500);
  expect(report()).toBeUndefined();
  await clock.advance(1_500);
  expect(report()?.ok).toBe(true);
});

test.each([
  ['web is unhealthy', { health: 'unhealthy' as const }],
  ['web has ended with exit code 3', { state: 'exited' as const, exitCode: 3 }],
])('"%s" ends the watch at once, with the last lines of the container', async (saw, change) => {
  const { clock, report } = watching(web, { ...web, ...change });
  await clock.advance(0);
  expect(report()).toEqual({ gate: 'health', ok: false, saw, log: ['the last of w'] });
});

test('a restart between two looks begins the stable time anew, and three are a loop', async () => {
  const { clock, now, report } = watching({ ...web, restarts: 7 });
  await clock.advance(1_600);
  now.containers = [{ ...web, restarts: 8 }];
  await clock.advance(1_600);
  expect(report()).toBeUndefined();
  now.containers = [{ ...web, restarts: 10, exitCode: 1 }];
  await clock.advance(500);
  expect(report()?.saw).toBe('web restarts again and again (exit code 1)');
});

test('when time is over, the container that is not there yet is named', async () => {
  const { clock, report } = watching({ ...web, state: 'created' });
  await clock.advance(10_500);
  expect(report()).toMatchObject({ ok: false, saw: 'web is created after 10 s' });
});

test('a project without any container is not well', async () => {
  const { clock, report } = watching();
  await clock.advance(10_500);
  expect(report()).toEqual({ gate: 'health', ok: false, saw: 'there is no container after 10 s' });
});

test('a cancelled watch ends at once and leaves no timer', async () => {
  const { clock, cancel, ended } = watching(web);
  await clock.advance(600);
  cancel.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
  await clock.advance(1_000);
  expect(clock.pending).toBeLessThanOrEqual(1);
});
