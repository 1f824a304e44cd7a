import { expect, test } from 'vitest';
import { dockerSocketPath, resolvePaths } from '../../engine/paths.ts';

const linux = { env: {}, platform: 'linux', home: '/home/me', uid: 2 ** 31 } as const;

test('TOWLINE_HOME holds everything', () => {
  const paths = resolvePaths({ ...linux, env: { TOWLINE_HOME: '/t', XDG_STATE_HOME: '/s' } });
  expect(Object.values(paths).every((path: string) => path.startsWith('/t/'))).toBe(true);
});

test('on Linux the XDG directories hold it, by default or as given; relative ones are ignored', () => {
  expect(resolvePaths({ ...linux, env: { TMPDIR: '/var/tmp', XDG_CONFIG_HOME: 'relative' } })).toEqual({
    settingsFile: '/home/me/.config/towline/config.json',
    stateFile: '/home/me/.local/state/towline/state.json',
    lockFile: '/home/me/.local/state/towline/engine.lock',
    logFile: '/home/me/.local/state/towline/logs/towline.log',
    scrapeTokenFile: '/home/me/.local/state/towline/scrape-token',
    runtimeDir: `/var/tmp/towline-${2 ** 31}`,
    controlSocket: `/var/tmp/towline-${2 ** 31}/control.sock`,
  });
  const env = { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/run/user/1' };
  expect(resolvePaths({ ...linux, env })).toMatchObject({
    settingsFile: '/c/towline/config.json',
    stateFile: '/s/towline/state.json',
    controlSocket: '/run/user/1/towline/control.sock',
  });
});

test('on macOS the Library holds it', () => {
  const paths = resolvePaths({ env: {}, platform: 'darwin', home: '/Users/me', uid: 501 });
  expect(paths).toMatchObject({
    settingsFile: '/Users/me/Library/Application Support/Towline/config.json',
    logFile: '/Users/me/Library/Logs/Towline/towline.log',
    controlSocket: '/Users/me/Library/Caches/Towline/control.sock',
  });
  expect(dockerSocketPath(paths, 'shop')).toBe('/Users/me/Library/Caches/Towline/docker/shop.sock');
});
