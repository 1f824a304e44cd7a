import { expect, test } from 'vitest';
import { StackBoard } from '../../engine/stack-board.ts';
import { StateStore } from '../../engine/state-store.ts';
import { stackSchema, type Stack } from '../../shared/stack.ts';
import { TestClock } from '../support/test-clock.ts';
import { appState } from './serve/fake-engine.ts';

const stack = (name: string, more: Partial<Stack> = {}): Stack =>
  stackSchema.parse({ name, host: 'staging', dir: `/${name}`, ...more });

function board(): { store: StateStore; board: StackBoard } {
  const clock = new TestClock();
  const store = new StateStore(appState(), clock);
  return { store, board: new StackBoard(store, clock) };
}

const kinds = ({ state }: StateStore): unknown =>
  Object.values(state.stacks).map(({ name, status }) => `${name} ${status.kind}`);

test('the state shows the stacks of the settings, and no change where there is none', () => {
  const { store, board: shown } = board();
  shown.reconcile([stack('shop'), stack('db.main')]);
  expect(store.state.stacks['db.main']).toEqual({
    ...{ name: 'db.main', hostId: 'staging', dir: '/db.main', project: 'dbmain' },
    status: { kind: 'idle' },
  });
  const before = store.revision;
  shown.reconcile([stack('shop'), stack('db.main')]);
  expect(store.revision).toBe(before);
  shown.reconcile([stack('db.main')]);
  expect(kinds(store)).toEqual(['db.main idle']);
});

test('a run that is over leaves no stack under way, whatever it had told', () => {
  const { store, board: shown } = board();
  shown.reconcile([stack('shop'), stack('db')]);
  shown.hear('run', 'deploy', { kind: 'begun', run: 'run', stacks: ['db', 'shop'] });
  shown.hear('run', 'verify', { kind: 'verified', stack: 'db', ok: true });
  expect(kinds(store)).toEqual(['shop queued', 'db deployed']);
  shown.over('run');
  expect(kinds(store)).toEqual(['shop idle', 'db deployed']);
  shown.hear('next', 'deploy', { kind: 'begun', run: 'next', stacks: ['db'] });
  shown.over('next');
  expect(kinds(store)).toEqual(['shop idle', 'db deployed']);
});

test('a stack that moves to another host is one that nothing is known of', () => {
  const { store, board: shown } = board();
  shown.reconcile([stack('shop')]);
  shown.hear('run', 'verify', { kind: 'verified', stack: 'shop', ok: true });
  shown.reconcile([stack('shop', { dir: '/elsewhere' })]);
  expect(kinds(store)).toEqual(['shop deployed']);
  shown.reconcile([stack('shop', { host: 'other' })]);
  expect(kinds(store)).toEqual(['shop idle']);
});

test('an event of a stack that was removed meanwhile changes nothing', () => {
  const { store, board: shown } = board();
  shown.hear('run', 'deploy', { kind: 'skipped', stack: 'constructor', because: 'db' });
  expect(store.state.stacks).toEqual({});
});
