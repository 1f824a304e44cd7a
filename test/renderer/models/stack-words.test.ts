import { expect, test } from 'vitest';
import { portsOf, stackLines, stackWord, whatServes } from '../../../renderer/models/stack-words.ts';
import { sortedStacks, stackOnShow } from '../../../renderer/models/stack-list.ts';
import type { LastDeployment, StackStatus, StackView } from '../../../shared/stack-view.ts';
import { forwardView, hostView } from '../../engine/serve/fake-engine.ts';

const at = new Date('2026-11-20T17:40:00').getTime();
const failure = { code: 'gate-failed', message: 'api is restarting.' };

function stack(status: StackStatus, differences: Partial<StackView> = {}): StackView {
  return { name: 'shop', hostId: 'staging', dir: '~/shop', project: 'shop', status, ...differences };
}

test('each state has its own words, and says what runs', () => {
  const running = { kind: 'running', run: '1', action: 'deploy', stage: 'building', since: at } as const;
  const lastDeployment: LastDeployment = {
    ...{ id: 'r', outcome: 'succeeded', release: 'new', stage: 'committing', gates: [] },
    ...{ bytesSent: 1, durationMs: 21_400, action: 'deploy', at },
  };
  const said = (view: StackView, ports = 0): string[] => [
    stackWord(view, ports).word,
    ...stackLines(view, ports, at + 38_000),
  ];
  expect([
    said(stack({ kind: 'idle' })),
    said(stack({ kind: 'idle' }), 2),
    said(stack(running)),
    said(stack({ ...running, action: 'verify', stage: 'gating' })),
    said(stack({ kind: 'deployed', at }, { lastDeployment })),
    said(stack({ kind: 'deployed', at: at + 1 }, { lastDeployment })),
    said(stack({ kind: 'rolled-back', at, failure })),
    said(stack({ kind: 'cancelled', at }, { lastDeployment: { ...lastDeployment, release: 'old' } })),
  ]).toEqual([
    ['Not verified', 'Nothing done with it since Towline started'],
    ['Runs', '2 ports on localhost'],
    ['Deploying', 'Step 4 of 7, pulling and building, 38 s'],
    ['Verifying', 'Waiting until it works, 38 s'],
    ['Works', 'Deployed 17:40, in 21 s'],
    ['Works', 'Verified 17:40'],
    ['Rolled back', 'api is restarting.', 'The release before runs.'],
    ['Cancelled', 'Cancelled 17:40. The release before runs.'],
  ]);
  expect([whatServes(stack(running)), whatServes(stack({ ...running, stage: 'starting' }))]).toEqual([
    'old release still serves',
    undefined,
  ]);
});

test('the ports of a stack are those of its project that are open here', () => {
  const forwards = {
    web: forwardView('web', 8080, { project: 'shop' }),
    db: forwardView('db', 5432, { project: 'shop', state: 'paused' }),
    other: forwardView('other', 9000, { project: 'edge' }),
  };
  expect(portsOf(stack({ kind: 'idle' }), hostView('staging', { forwards }))).toBe(1);
});

test('on show is the stack that was chosen, else one at work, else the last that something was done with', () => {
  const stacks = sortedStacks({
    c: stack({ kind: 'idle' }, { name: 'c' }),
    b: stack({ kind: 'deployed', at: 7 }, { name: 'b' }),
    a: stack({ kind: 'idle' }, { name: 'a' }),
  });
  const busy = stack({ kind: 'queued', run: '1', action: 'deploy', since: 1 }, { name: 'd' });
  expect([
    stackOnShow(stacks, 'c')?.name,
    stackOnShow([...stacks, busy], undefined)?.name,
    stackOnShow(stacks, 'gone')?.name,
    stackOnShow(
      stacks.filter(({ name }) => name !== 'b'),
      undefined,
    )?.name,
    stackOnShow([], 'c'),
  ]).toEqual(['c', 'd', 'b', 'a', undefined]);
});
