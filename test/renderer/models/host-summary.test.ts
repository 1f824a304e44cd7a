import { expect, test } from 'vitest';
import { hostStateWord, lineSentence, promiseFigures } from '../../../renderer/models/host-summary.ts';
import { appState, forwardView, hostView } from '../../engine/serve/fake-engine.ts';

test('the promise adds up what is open and what was opened, over all hosts', () => {
  const away = hostView('away', { state: 'reconnecting', connections: { opened: 4, lastHour: 3 } });
  expect(promiseFigures(appState([hostView('a'), hostView('b'), away]).hosts)).toEqual({
    connections: { now: 2, lastHour: 5 },
    sessions: { inUse: 0, limit: 4, lastHour: 3 },
  });
});

test('a host that has failed says why in two words where it can', () => {
  const reason = { code: 'host-key-changed', message: 'long' };
  expect(hostStateWord(hostView('a', { state: 'failed', reason })).word).toBe('Host key changed');
  expect(hostStateWord(hostView('a', { state: 'failed', reason: { ...reason, code: 'unheard-of' } })).word).toBe(
    'Failed',
  );
});

test('the line is one sentence to those who do not see it', () => {
  const forwards = { web: forwardView('web', 80), api: forwardView('api', 81, { state: 'conflict' }) };
  expect(lineSentence(hostView('shop', { forwards }))).toBe('shop: Connected, 2 forwards, 1 conflict');
});
