import { expect, test } from 'vitest';
import { parseRoute, formatRoute } from '../../renderer/route.ts';

test.each([
  ['#/forwards', { view: 'forwards' }],
  ['', { view: 'forwards' }],
  ['#/hosts', { view: 'add-host' }],
  ['#/hosts/me%40shop', { view: 'host', hostId: 'me@shop' }],
  ['#/rules', { view: 'rules' }],
  ['#/nonsense', { view: 'forwards' }],
])('%s leads to a view', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test('a host of any name has an address that leads back to it', () => {
  const route = { view: 'host', hostId: 'a b/ü#%' } as const;
  expect(parseRoute(formatRoute(route))).toEqual(route);
});
