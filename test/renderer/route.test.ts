import { expect, test } from 'vitest';
import { parseRoute, formatRoute } from '../../renderer/route.ts';

test.each([
  ['#/forwards', { view: 'forwards' }],
  ['', { view: 'forwards' }],
  ['#/hosts', { view: 'add-host' }],
  ['#/hosts/me%40shop', { view: 'host', hostId: 'me@shop' }],
  ['#/rules', { view: 'rules' }],
  ['#/stacks', { view: 'stacks' }],
  ['#/logs', { view: 'logs' }],
  ['#/logs/shop', { view: 'logs' }],
  ['#/logs/a/b/no-time', { view: 'logs', hostId: 'a', name: 'b' }],
  ['#/timeline', { view: 'timeline' }],
  ['#/popover', { view: 'popover' }],
  ['#/nonsense', { view: 'forwards' }],
])('%s leads to a view', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test.each([
  { view: 'host', hostId: 'a b/ü#%' },
  { view: 'stacks', stack: 'a/b' },
  { view: 'logs', hostId: 'a/b', name: 'shop web' },
  { view: 'logs', hostId: 'a', name: 'b', at: '2026-11-20T14:31:02.118Z' },
  { view: 'timeline', hostId: 'a/b' },
] as const)('$view of any name has an address that leads back to it', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});
