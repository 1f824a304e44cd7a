import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { Machine } from '../../engine/machine.ts';
import { resolvePaths } from '../../engine/paths.ts';
import { SettingsFile } from '../../engine/settings-file.ts';
import { StateStore } from '../../engine/state-store.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { appState, hostView } from './serve/fake-engine.ts';

let home: string;
let settings: SettingsFile;
let machine: Machine;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tl-machine-'));
  const env = { HOME: home, TOWLINE_HOME: home };
  const paths = resolvePaths({ env, platform: process.platform, home, uid: 0 });
  settings = await SettingsFile.open({ file: paths.settingsFile, clock: systemClock, log: silentLogger });
  const store = new StateStore(appState([hostView('shop')]), systemClock);
  machine = new Machine({ settings, store, paths, env, commandFile: undefined });
});
afterEach(async () => {
  await settings.dispose();
  await rm(home, { recursive: true });
});

test('a docker context is installed, told, and removed', async () => {
  const name = 'towline-shop';
  expect(await machine.dockerContext('shop')).toEqual({ name, installed: false });
  expect(await machine.installContext('shop')).toEqual({ name, installed: true });
  expect(await machine.dockerContext('shop')).toEqual({ name, installed: true });
  expect(await machine.removeContext('shop')).toEqual({ name, installed: false });
  await expect(machine.installContext('nowhere')).rejects.toMatchObject({ code: 'host-not-found' });
});

test('a profile says what it would do, does it when applied, and a broken one changes nothing', async () => {
  const text = JSON.stringify({ towline: 'profile', version: 1, hosts: [{ id: 'nas', target: 'ssh://me@nas' }] });
  expect(machine.previewProfile(text)).toEqual([{ what: 'host', name: 'nas', change: 'added' }]);
  expect(settings.settings.hosts).toEqual([]);
  await machine.applyProfile(text);
  await expect(machine.applyProfile('{}')).rejects.toMatchObject({ code: 'profile-unreadable' });
  expect(settings.settings.hosts).toEqual([{ id: 'nas', target: 'ssh://me@nas' }]);
  expect(JSON.parse(machine.exportProfile())).toMatchObject({ hosts: [{ id: 'nas' }] });
});

test('a reset takes the settings back to the first ones, and leaves hosts where they are', async () => {
  const hosts = [{ id: 'nas', target: 'ssh://me@nas' }];
  await settings.update((before) => ({ ...before, hosts, ports: { policy: 'require', allowLan: true } }));
  await machine.resetSettings();
  expect(settings.settings).toEqual({ ...defaultSettings, hosts });
});
