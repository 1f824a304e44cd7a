import { expect, test } from 'vitest';
import { shownAlerts } from '../../../renderer/models/alert-list.ts';
import type { Alert } from '../../../shared/alert.ts';

const alert = (id: string, since: number, hostId?: string): Alert => ({
  ...{ id, code: 'log-growing', message: id, hint: '', since, announcedAt: 10 },
  ...(hostId === undefined ? {} : { hostId }),
});
const alerts = { b: alert('b', 1), a: alert('a', 2, 'shop'), c: alert('c', 1) };
const ids = (...more: [ReadonlyMap<string, number>, string?]): string[] =>
  shownAlerts(alerts, ...more).map(({ id }) => id);

test('the oldest trouble comes first, and a host tells its own on its page', () => {
  expect([ids(new Map()), ids(new Map(), 'shop'), ids(new Map(), 'edge')]).toEqual([
    ['b', 'c', 'a'],
    ['b', 'c'],
    ['b', 'c', 'a'],
  ]);
});

test('what was put away comes back when people are told again', () => {
  expect([ids(new Map([['b', 10]])), ids(new Map([['b', 9]]))]).toEqual([
    ['c', 'a'],
    ['b', 'c', 'a'],
  ]);
});
