import { expect, test } from 'vitest';
import { queueOf } from '../../../renderer/models/prompt-queue.ts';
import type { PromptRequest } from '../../../shared/prompt.ts';
import { appState, hostView } from '../../engine/serve/fake-engine.ts';

const asks = (hostId: string): PromptRequest => ({ kind: 'password', hostId, user: 'me', host: hostId });
const asking = (hostId: string) => hostView(hostId, { prompt: { id: `q-${hostId}`, request: asks(hostId) } });

test('questions are answered in the order in which they came, those of host tests among them', () => {
  const first = queueOf(appState([asking('zebra')]), []);
  const state = appState([asking('ant'), asking('zebra')], { questions: [{ id: 'q-test', request: asks('new') }] });
  const both = queueOf(state, first);
  expect(both.map(({ id, hostId }) => [id, hostId])).toEqual([
    ['q-zebra', 'zebra'],
    ['q-ant', 'ant'],
    ['q-test', 'new'],
  ]);
  expect(queueOf(appState([asking('ant')]), both).map(({ id }) => id)).toEqual(['q-ant']);
});

test('while nothing changes the queue is the same', () => {
  const queue = queueOf(appState([asking('ant')]), []);
  expect(queueOf(appState([asking('ant'), hostView('other')]), queue)).toBe(queue);
});
