import { expect, test } from 'vitest';
import { stackAfter } from '../../../engine/deploy/stack-status.ts';
import { deployProgressSchema, type DeployResult } from '../../../shared/deploy.ts';
import type { DeployEvent } from '../../../shared/deployment.ts';
import { stackViewSchema, type StackAction, type StackStatus, type StackView } from '../../../shared/stack-view.ts';

const idle: StackView = { name: 'shop', hostId: 'staging', dir: '/shop', project: 'shop', status: { kind: 'idle' } };
const failure = { code: 'build', message: 'The build failed.' };

const progress = (step: unknown): DeployEvent => ({
  kind: 'progress',
  stack: 'shop',
  progress: deployProgressSchema.parse(step),
});

const result = (differences: Partial<DeployResult>): DeployEvent => ({
  kind: 'result',
  stack: 'shop',
  result: {
    ...{ id: 'r1', stack: 'shop', outcome: 'succeeded', release: 'new', stage: 'committing' },
    ...{ gates: [], bytesSent: 10, durationMs: 5 },
    ...differences,
  },
});

/** The view after the events of one run, a second apart. */
function after(events: readonly DeployEvent[], from = idle, action: StackAction = 'deploy', run = 'run-1'): StackView {
  const settled: StackStatus = from.status;
  const view = events.reduce(
    (before, event, index) => stackAfter(before, event, { run, action, at: index * 1_000 }, settled),
    from,
  );
  return stackViewSchema.parse(view);
}

const begun: DeployEvent = { kind: 'begun', run: 'run-1', stacks: ['shop'] };
const uploading = progress({ kind: 'stage', stage: 'uploading', atMs: 0 });

test('a run is queued, then in a stage, with how much of the upload is sent', () => {
  expect(after([begun]).status).toEqual({ kind: 'queued', run: 'run-1', action: 'deploy', since: 0 });
  expect(after([begun, uploading, progress({ kind: 'bytes', sent: 509, total: 1_000 })]).status).toEqual({
    ...{ kind: 'running', run: 'run-1', action: 'deploy', since: 1_000 },
    ...{ stage: 'uploading', percent: 50 },
  });
});

test('the share of the upload ends with its stage', () => {
  const verifying = progress({ kind: 'stage', stage: 'verifying', atMs: 9 });
  expect(after([begun, uploading, progress({ kind: 'bytes', sent: 1, total: 1 }), verifying]).status).toEqual({
    ...{ kind: 'running', run: 'run-1', action: 'deploy', since: 1_000, stage: 'verifying' },
  });
});

test('bytes that make no whole percent change nothing', () => {
  const half = after([begun, uploading, progress({ kind: 'bytes', sent: 500, total: 1_000 })]);
  const occasion = { run: 'run-1', action: 'deploy', at: 9 } as const;
  expect(stackAfter(half, progress({ kind: 'bytes', sent: 501, total: 1_000 }), occasion, { kind: 'idle' })).toBe(half);
});

test.each([
  [{}, { kind: 'deployed', at: 2_000, release: 'r1' }],
  [
    { outcome: 'failed', release: 'old', failure },
    { kind: 'rolled-back', at: 2_000, failure },
  ],
  [
    { outcome: 'failed', release: 'none', failure },
    { kind: 'failed', at: 2_000, failure },
  ],
  [
    { outcome: 'failed', release: 'unknown', failure },
    { kind: 'failed', at: 2_000, failure },
  ],
  [
    { outcome: 'refused', release: 'old', failure },
    { kind: 'refused', at: 2_000, failure },
  ],
  [
    { outcome: 'interrupted', release: 'unknown', failure },
    { kind: 'interrupted', at: 2_000, failure },
  ],
  [
    { outcome: 'cancelled', release: 'old' },
    { kind: 'cancelled', at: 2_000 },
  ],
] as const)('a result of %o leaves the stack %o', (differences, status) => {
  const view = after([begun, uploading, result(differences)]);
  expect(view.status).toEqual(status);
  expect(view.lastDeployment).toMatchObject({ id: 'r1', action: 'deploy', at: 2_000, ...differences });
});

test('verifying keeps the name of the release that runs', () => {
  const deployed: StackView = { ...idle, status: { kind: 'deployed', at: 1, release: 'r0' } };
  const verified = (ok: boolean): DeployEvent => ({ kind: 'verified', stack: 'shop', ok, ...(ok ? {} : { failure }) });
  expect(after([begun, verified(true)], deployed, 'verify').status).toEqual({
    ...{ kind: 'deployed', at: 1_000, release: 'r0' },
  });
  expect(after([begun, verified(false)], deployed, 'verify').status).toEqual({ kind: 'failed', at: 1_000, failure });
});

test('a stack that is left out, or whose verifying was cancelled, is what it was before', () => {
  const before: StackView = { ...idle, status: { kind: 'cancelled', at: 7 } };
  const cancelled = { code: 'cancelled', message: 'Cancelled.' };
  expect(after([begun, { kind: 'skipped', stack: 'shop', because: 'db' }], before)).toEqual(before);
  expect(after([begun, { kind: 'verified', stack: 'shop', ok: false, failure: cancelled }], before)).toEqual(before);
});

test('a second run, which the lock will refuse, does not speak for the stack', () => {
  const running = after([begun, uploading]);
  const second = after(
    [{ ...begun, run: 'run-2' }, result({ outcome: 'refused', failure })],
    running,
    'deploy',
    'run-2',
  );
  expect(second).toEqual(running);
});
