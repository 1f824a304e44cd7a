import { expect, test } from 'vitest';
import { poolView } from '../../engine/pool-view.ts';

const sessions = { limit: 2, inUse: 1, waiting: 0, peak: 1, opened: 4, lastHour: 4, rejected: 0 };

test('a ready host holds its one connection, and the sessions that are taken', () => {
  expect(poolView({ kind: 'ready', since: 7_000 }, sessions, [9_000])).toEqual({
    connections: { total: 1, inUse: 1, available: 0, since: [7_000] },
    sessions: { total: 2, inUse: 1, available: 1, since: [9_000] },
  });
});

test('a limit learned below what is taken leaves no place free, and the oldest session comes first', () => {
  const { connections, sessions: places } = poolView(
    { kind: 'idle' },
    { ...sessions, limit: 1, inUse: 2 },
    [9_000, 8_000],
  );
  expect(connections).toEqual({ total: 1, inUse: 0, available: 1, since: [] });
  expect(places).toEqual({ total: 1, inUse: 2, available: 0, since: [8_000, 9_000] });
});
