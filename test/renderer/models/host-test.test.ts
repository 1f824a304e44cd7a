import { expect, test } from 'vitest';
import { walked } from '../../../renderer/models/host-test.ts';

test('the walk shows what was told last of each step, and those still to come', () => {
  const walk = walked([
    { step: 'connect', state: 'running' },
    { step: 'connect', state: 'done', ms: 3 },
    { step: 'authenticate', state: 'running' },
  ]);
  expect(walk.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'connect done',
    'authenticate running',
    'docker todo',
    'forwarding todo',
  ]);
});
