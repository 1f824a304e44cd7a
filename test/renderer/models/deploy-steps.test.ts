import { expect, test } from 'vitest';
import { afterEvents } from '../../../renderer/models/deploy-run.ts';
import { progressOf, stepNumber, stepsOf } from '../../../renderer/models/deploy-steps.ts';
import type { DeployResult, DeployStage } from '../../../shared/deploy.ts';
import type { DeployEvent } from '../../../shared/deployment.ts';

function states(stages: readonly (readonly [DeployStage, number])[], result?: Partial<DeployResult>): string[] {
  const events: DeployEvent[] = [
    { kind: 'begun', run: '1', stacks: ['shop'] },
    ...stages.map(([stage, atMs]): DeployEvent => ({
      kind: 'progress',
      stack: 'shop',
      progress: { kind: 'stage', stage, atMs },
    })),
  ];
  const whole: DeployResult = {
    ...{ id: 'r', stack: 'shop', outcome: 'succeeded', release: 'new', stage: 'committing' },
    ...{ gates: [], bytesSent: 0, durationMs: 1_000 },
    ...result,
  };
  if (result !== undefined) events.push({ kind: 'result', stack: 'shop', result: whole });
  const view = afterEvents(undefined, events);
  return view === undefined ? [] : stepsOf(view).map(({ name, state, ms }) => `${name} ${state} ${ms ?? '-'}`);
}

test('a step is done when a later one has begun, with its time; one that was not needed has none', () => {
  expect(
    states([
      ['packing', 0],
      ['connecting', 10],
      ['inspecting', 20],
      ['building', 300],
    ]),
  ).toEqual([
    'Compare done 300',
    'Upload done -',
    'Apply done -',
    'Build now -',
    'Start todo -',
    'Health todo -',
    'Keep todo -',
  ]);
});

test('what has succeeded is done to its last step', () => {
  expect(
    states(
      [
        ['packing', 0],
        ['committing', 900],
      ],
      {},
    ).at(-1),
  ).toBe('Keep done 100');
});

test('a failure marks the step in which it failed, and the way back takes the place of the last one', () => {
  const stages = [
    ['packing', 0],
    ['starting', 400],
    ['gating', 500],
    ['restoring', 800],
  ] as const;
  expect(states(stages).slice(-2)).toEqual(['Health failed 300', 'Go back now -']);
  expect(states(stages, { outcome: 'failed', release: 'old', stage: 'gating' })).toEqual([
    'Compare done 400',
    'Upload done -',
    'Apply done -',
    'Build done -',
    'Start done 100',
    'Health failed 300',
    'Go back done 200',
  ]);
});

test('what was refused at once has nothing after it', () => {
  expect(states([['packing', 0]], { outcome: 'refused', release: 'old', stage: 'packing', durationMs: 20 })).toEqual([
    'Compare failed 20',
    ...['Upload', 'Apply', 'Build', 'Start', 'Health', 'Keep'].map((name) => `${name} todo -`),
  ]);
});

test('progress goes by steps, and within an upload by bytes', () => {
  const running = { kind: 'running', run: '1', action: 'deploy', since: 0 } as const;
  expect(progressOf({ ...running, stage: 'packing' })).toBe(0);
  expect(progressOf({ ...running, stage: 'uploading', percent: 50 })).toBeCloseTo(1.5 / 7);
  expect([stepNumber('building'), stepNumber('restoring')]).toEqual([
    { step: 4, of: 7 },
    { step: 7, of: 7 },
  ]);
});
