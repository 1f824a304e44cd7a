import { expect, test } from 'vitest';
import { loginCommand } from '../../electron/login-item.ts';
import { macLoginItem } from '../../electron/login-item-mac.ts';
import { systemLoginItem } from '../../electron/login-item-system.ts';

test('the command of a packaged app is its program, hidden', () => {
  const program = {
    env: {},
    execPath: '/opt/Towline/towline',
    appPath: '/opt/Towline/resources/app.asar',
    isPackaged: true,
  };
  expect(loginCommand(program)).toEqual(['/opt/Towline/towline', '--hidden']);
});

test("an AppImage is started by its file, as its mount's path changes with each start", () => {
  const env = { APPIMAGE: '/home/me/Towline.AppImage', APPDIR: '/tmp/.mount_TowlinXy' };
  const program = { env, execPath: '/tmp/.mount_TowlinXy/towline', appPath: '', isPackaged: true };
  expect(loginCommand(program)).toEqual(['/home/me/Towline.AppImage', '--hidden']);
});

test('variables that come from a terminal inside another AppImage are not believed', () => {
  const env = { APPIMAGE: '/home/me/Editor.AppImage', APPDIR: '/tmp/.mount_Editor' };
  const program = { env, execPath: '/opt/Towline/towline', appPath: '', isPackaged: true };
  expect(loginCommand(program)).toEqual(['/opt/Towline/towline', '--hidden']);
});

test('from a checkout the command names Electron and the checkout', () => {
  const program = { env: {}, execPath: '/src/node_modules/electron/dist/electron', appPath: '/src', isPackaged: false };
  expect(loginCommand(program)).toEqual(['/src/node_modules/electron/dist/electron', '/src', '--hidden']);
});

/** macOS's list; `approved`: the user lets the app be on it. */
function fakeMac(approved: boolean) {
  let status = 'not-registered';
  const asked: boolean[] = [];
  return {
    asked,
    getLoginItemSettings: () => ({ openAtLogin: status === 'enabled', status }),
    setLoginItemSettings({ openAtLogin }: { readonly openAtLogin: boolean }) {
      asked.push(openAtLogin);
      status = openAtLogin ? (approved ? 'enabled' : 'requires-approval') : 'not-registered';
    },
  };
}

test('on macOS the system is told, and what it answers is what is said', async () => {
  const mac = fakeMac(true);
  const item = macLoginItem(mac);
  expect([await item.set(true), await item.refresh(true), await item.set(false)]).toEqual([
    { kind: 'on' },
    { kind: 'on' },
    { kind: 'off' },
  ]);
  expect(mac.asked).toEqual([true, false]);
});

test('where macOS wants the approval of its user, it is said how to give it, and he is not asked again at each start', async () => {
  const mac = fakeMac(false);
  const item = macLoginItem(mac);
  expect(await item.set(true)).toMatchObject({ kind: 'needs-user', failure: { code: 'login-item-needs-approval' } });
  expect(await item.refresh(true)).toMatchObject({ kind: 'needs-user' });
  expect(mac.asked).toEqual([true]);
});

test('an app that is on the list without being wanted there leaves it at its start', async () => {
  const mac = fakeMac(true);
  mac.setLoginItemSettings({ openAtLogin: true });
  expect(await macLoginItem(mac).refresh(false)).toEqual({ kind: 'off' });
});

test('a system whose way is not known has none', () => {
  const rest = {
    env: {},
    execPath: '/t',
    appPath: '/',
    isPackaged: true,
    home: '/home/me',
    icon: 'towline',
    app: fakeMac(true),
  };
  expect(systemLoginItem({ ...rest, platform: 'win32' })).toBeUndefined();
  expect(systemLoginItem({ ...rest, platform: 'linux' })).toBeDefined();
});
