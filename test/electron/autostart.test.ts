import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { autostart, autostartFile } from '../../electron/autostart.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'towline-autostart-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const file = (): string => autostartFile({}, home);
const item = (...command: string[]) => autostart({ file: file(), command, icon: 'towline' });

test("the file lies in the user's autostart folder, as the XDG specifications have it", () => {
  expect(autostartFile({}, '/home/me')).toBe('/home/me/.config/autostart/towline.desktop');
  expect(autostartFile({ XDG_CONFIG_HOME: '/cfg' }, '/home/me')).toBe('/cfg/autostart/towline.desktop');
  expect(autostartFile({ XDG_CONFIG_HOME: 'relative' }, '/home/me')).toBe('/home/me/.config/autostart/towline.desktop');
});

test('switched on there is the file, switched off there is none', async () => {
  const start = item('/opt/towline', '--hidden');
  expect(await start.set(true)).toEqual({ kind: 'on' });
  expect(await readFile(file(), 'utf8')).toContain('\nExec=/opt/towline --hidden\n');
  expect(await start.set(false)).toEqual({ kind: 'off' });
  await expect(stat(file())).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await start.set(false)).toEqual({ kind: 'off' });
});

test('at each start the path is that of the app that runs, as when an AppImage was replaced by a newer one', async () => {
  await item('/apps/Towline-1.AppImage', '--hidden').set(true);
  expect(await item('/apps/Towline-2.AppImage', '--hidden').refresh(true)).toEqual({ kind: 'on' });
  expect(await readFile(file(), 'utf8')).toMatch(/^Exec=\/apps\/Towline-2.AppImage --hidden$/m);
});

test('a wanted file that is missing is made', async () => {
  expect(await item('/opt/towline').refresh(true)).toEqual({ kind: 'on' });
  expect(await readFile(file(), 'utf8')).toContain('Exec=/opt/towline\n');
});

test("what the user switched off in the desktop's settings stays off, with a path that is true", async () => {
  await item('/old').set(true);
  const off = (await readFile(file(), 'utf8')).replace('enabled=true', 'enabled=false');
  await writeFile(file(), off);
  expect(await item('/new').refresh(true)).toEqual({ kind: 'off' });
  expect(await readFile(file(), 'utf8')).toBe(off.replace('/old', '/new'));
});

test('an unwanted file is removed at the start, but not that of another copy of the app', async () => {
  await item('/opt/towline').set(true);
  expect(await item('/home/me/src/towline').refresh(false)).toEqual({ kind: 'off' });
  expect(await readFile(file(), 'utf8')).toContain('Exec=/opt/towline\n');
  expect(await item('/opt/towline').refresh(false)).toEqual({ kind: 'off' });
  await expect(stat(file())).rejects.toMatchObject({ code: 'ENOENT' });
});

test('where it can not be written, it says which file to look at', async () => {
  await mkdir(join(home, '.config'));
  await writeFile(join(home, '.config', 'autostart'), 'a file where a folder should be');
  await expect(item('/opt/towline').set(true)).rejects.toMatchObject({
    code: 'autostart-unwritable',
    hint: `Make ${file()} writable.`,
  });
});
