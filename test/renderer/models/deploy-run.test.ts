import { expect, test } from 'vitest';
import { afterEvents, buildStep } from '../../../renderer/models/deploy-run.ts';
import type { DeployEvent } from '../../../shared/deployment.ts';

const begun: DeployEvent = { kind: 'begun', run: '1', stacks: ['shop'] };
const output = (line: string): DeployEvent => ({ kind: 'progress', stack: 'shop', progress: { kind: 'output', line } });

test('a run is what its events have told, in whatever portions they came', () => {
  const events: DeployEvent[] = [
    begun,
    { kind: 'progress', stack: 'shop', progress: { kind: 'stage', stage: 'packing', atMs: 0 } },
    { kind: 'progress', stack: 'shop', progress: { kind: 'stage', stage: 'building', atMs: 900 } },
    output('#10 [api 5/7] RUN npm run build'),
    output('\u001b[31mred\u001b[0m and\ttab\u0007'),
    { kind: 'progress', stack: 'shop', progress: { kind: 'bytes', sent: 5, total: 9 } },
    { kind: 'verified', stack: 'shop', ok: true },
  ];
  const atOnce = afterEvents(undefined, events);
  const oneByOne = events.reduce<ReturnType<typeof afterEvents>>(
    (view, event) => afterEvents(view, [event]),
    undefined,
  );
  expect(oneByOne).toEqual(atOnce);
  expect(atOnce).toMatchObject({
    output: [
      { stage: 'building', text: '#10 [api 5/7] RUN npm run build' },
      { stage: 'building', text: 'red and\ttab' },
    ],
    ...{
      sentBytes: 5,
      uploadBytes: 9,
      building: { image: 'api', step: 5, of: 7 },
      end: { kind: 'verified', ok: true },
    },
  });
});

test('a gate that is asked again says what it saw last', () => {
  const gate = (ok: boolean): DeployEvent => ({
    kind: 'progress',
    stack: 'shop',
    progress: { kind: 'gate', report: { gate: 'health', ok, saw: ok ? 'healthy' : 'starting' } },
  });
  expect(afterEvents(undefined, [begun, gate(false), gate(true)])?.gates).toEqual([
    { gate: 'health', ok: true, saw: 'healthy' },
  ]);
});

test('the next run begins with nothing, and of much output the newest stays', () => {
  const lines = Array.from({ length: 2_500 }, (_, i) => output(`line ${i}`));
  const view = afterEvents(undefined, [begun, output('of the run before'), begun, ...lines]);
  expect([view?.output.length, view?.output[0]?.text, view?.output.at(-1)?.text]).toEqual([
    2_000,
    'line 500',
    'line 2499',
  ]);
});

test('the step of a build is read from what either builder says', () => {
  expect(
    ['#10 [api 5/7] RUN x', '#4 [2/3] COPY . .', '#9 [web stage-1 2/4] RUN y', 'Step 3/8 : RUN z', '#10 DONE 0.1s'].map(
      buildStep,
    ),
  ).toEqual([
    { image: 'api', step: 5, of: 7 },
    { image: undefined, step: 2, of: 3 },
    { image: 'web', step: 2, of: 4 },
    { image: undefined, step: 3, of: 8 },
    undefined,
  ]);
});
