import { expect, test } from 'vitest';
import { readLaunch, routeOfLink } from '../../electron/launch.ts';

test('a command line is read past what is Electron’s and Chromium’s own', () => {
  const nothing = { hidden: false, demo: false, route: undefined };
  expect(readLaunch(['.', '--user-data-dir=/x', '--no-sandbox'])).toEqual(nothing);
  expect(readLaunch(['--hidden', '.'])).toEqual({ ...nothing, hidden: true });
  expect(readLaunch(['.', '--demo', 'towline://hosts/shop'])).toEqual({
    ...nothing,
    demo: true,
    route: '#/hosts/shop',
  });
});

test('a link leads to a view, and can hold nothing else', () => {
  const links = ['towline://settings', 'towline://settings/', 'towline:hosts/edge-fra', 'towline://hosts/a%20b'];
  expect(links.map(routeOfLink)).toEqual(['#/settings', '#/settings', '#/hosts/edge-fra', '#/hosts/a%20b']);
  const others = [
    'https://settings',
    'towline://',
    'towline://hosts/shop/../..',
    'towline://hosts/shop?connect=1',
    'towline://hosts/"><script>',
    'towline://HOSTS',
  ];
  expect(others.map(routeOfLink)).toEqual(others.map(() => undefined));
});
