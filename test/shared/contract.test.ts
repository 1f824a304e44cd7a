import { expect, test } from 'vitest';
import { appStateSchema } from '../../shared/app-state.ts';
import { statePushSchema } from '../../shared/contract.ts';
import { diffTrees } from '../../shared/patch.ts';
import { appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';

test('the state that the engine publishes passes its schema unchanged', () => {
  const state = appState([hostView('shop', { forwards: { web: forwardView('web', 8080) } })]);
  expect(appStateSchema.parse(state)).toEqual(state);
});

test('a patch that takes a place away stays one after a journey as JSON', () => {
  const patches = diffTrees(appState([hostView('shop')]), appState([]));
  const push = statePushSchema.parse(JSON.parse(JSON.stringify({ kind: 'patches', since: 1, revision: 2, patches })));
  expect(push).toEqual({ kind: 'patches', since: 1, revision: 2, patches: [{ path: ['hosts', 'shop'] }] });
});
