import { expect, test } from 'vitest';
import type { Client } from '../../renderer/client.ts';
import { StateMirror, type Mirrored } from '../../renderer/store.ts';
import type { StatePush } from '../../shared/contract.ts';
import { appState, hostView } from '../engine/serve/fake-engine.ts';
import { waitFor } from '../support/wait-for.ts';

const snapshot = (revision: number): StatePush => ({
  kind: 'snapshot',
  revision,
  state: appState([hostView('a'), hostView('b')]),
});
const paused = (since: number, revision: number): StatePush => ({
  ...{ kind: 'patches', since, revision },
  patches: [{ path: ['hosts', 'a', 'paused'], value: true }],
});

/** A mirror whose connections tell these pushes, one list for each time it joins; the last one stays open. */
function mirrorOf(...lives: readonly (readonly StatePush[])[]): {
  mirror: StateMirror;
  seen: Mirrored[];
  joined: () => number;
} {
  let joined = 0;
  const connect = (): Promise<Client> => {
    const pushes = lives[joined] ?? [];
    joined += 1;
    const last = joined === lives.length;
    async function* watch(_input: unknown, { signal }: { signal: AbortSignal }): AsyncGenerator<StatePush> {
      yield* pushes;
      if (last) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }
    const api = { state: { watch: async (input: unknown, options: { signal: AbortSignal }) => watch(input, options) } };
    return Promise.resolve({ api: api as unknown as Client['api'], closed: Promise.resolve(), close: () => undefined });
  };
  const mirror = new StateMirror(connect);
  const seen: Mirrored[] = [];
  mirror.subscribe(() => seen.push(mirror.read()));
  return { mirror, seen, joined: () => joined };
}

test('a snapshot, then patches; what they do not speak of keeps its identity', () => {
  const { mirror } = mirrorOf();
  expect(mirror.take(snapshot(4))).toBe(true);
  const before = mirror.read().state;
  expect(mirror.take(paused(4, 9))).toBe(true);
  const after = mirror.read().state;
  expect(after?.hosts['a']?.paused).toBe(true);
  expect(after?.hosts['b']).toBe(before?.hosts['b']);
});

test('patches that do not follow what is shown are refused, and change nothing', () => {
  const { mirror } = mirrorOf();
  mirror.take(snapshot(4));
  expect(mirror.take(paused(5, 6))).toBe(false);
  expect(mirror.read().state?.hosts['a']?.paused).toBe(false);
});

test('a gap means to join anew, and meanwhile the last known state stays on show as such', async () => {
  const { mirror, seen, joined } = mirrorOf([snapshot(1), paused(7, 8)], [snapshot(20)]);
  const end = new AbortController();
  const running = mirror.run(end.signal);
  await waitFor(() => joined() === 2 && mirror.read().link === 'live', { what: 'the second snapshot' });
  expect(seen.map(({ link, state }) => [link, state !== undefined])).toEqual([
    ['live', true],
    ['lost', true],
    ['live', true],
  ]);
  end.abort();
  await running;
});
