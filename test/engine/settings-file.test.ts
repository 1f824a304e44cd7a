import { mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { SettingsFile } from '../../engine/settings-file.ts';
import { defaultSettings } from '../../shared/settings.ts';
import { waitFor } from '../support/wait-for.ts';

let owned: DisposableStore;
let directory: string;
let file: string;

beforeEach(async () => {
  owned = new DisposableStore();
  directory = await mkdtemp(join(tmpdir(), 'tl-settings-'));
  owned.defer(() => rm(directory, { recursive: true }));
  file = join(directory, 'config.json');
});
afterEach(() => owned.dispose());

const open = async () => owned.add(await SettingsFile.open({ file, clock: systemClock, log: silentLogger }));
const shop = { id: 'shop', target: 'ssh://me@shop' };

test('without a file the defaults are in force, and none is written', async () => {
  const settings = await open();
  expect([settings.settings, settings.problem]).toEqual([defaultSettings, undefined]);
  expect(await readdir(directory)).toEqual([]);
});

test('a change is written whole and privately; what the user wrote and nobody changed stays', async () => {
  await writeFile(file, '{ "rules": [ { "match": { "container": "db" }, "ignore": true } ] }');
  await (await open()).update((settings) => ({ ...settings, hosts: [shop] }));
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    version: 1,
    rules: [{ match: { container: 'db' }, ignore: true }],
    hosts: [shop],
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(['config.json']);
});

test('changes asked for at the same time all arrive', async () => {
  const settings = await open();
  const ids = ['a', 'b', 'c', 'd'];
  await Promise.all(ids.map((id) => settings.update((now) => ({ ...now, hosts: [...now.hosts, { id, target: id }] }))));
  expect((await open()).settings.hosts.map((host) => host.id)).toEqual(ids);
});

test('an edit from outside applies, in place or by a new file', async () => {
  const settings = await open();
  const seen: string[][] = [];
  owned.add(settings.onDidChange(({ hosts }) => seen.push(hosts.map((host) => host.id))));
  await writeFile(file, JSON.stringify({ hosts: [shop] }));
  await waitFor(() => seen.length === 1, { what: 'the first edit' });
  await writeFile(join(directory, 'next'), JSON.stringify({ hosts: [] }));
  await rename(join(directory, 'next'), file);
  await waitFor(() => seen.length === 2, { what: 'the second edit' });
  expect(seen).toEqual([['shop'], []]);
});

test('a broken edit leaves the last good settings in force, says the line, keeps a copy and heals', async () => {
  await writeFile(file, JSON.stringify({ hosts: [shop] }));
  const settings = await open();
  await writeFile(file, '{\n  "hosts": [] x\n}');
  await waitFor(() => settings.problem, { what: 'the problem' });
  expect(settings.problem).toMatchObject({
    code: 'config-unreadable',
    message: expect.stringMatching(/line 2, /) as string,
    hint: expect.stringMatching(/^Kept as config\.json\.broken\. .*last good settings/) as string,
  });
  expect(settings.settings.hosts).toEqual([shop]);
  await expect(settings.update((now) => ({ ...now, hosts: [] }))).rejects.toMatchObject({ code: 'config-unreadable' });
  expect(await readFile(file, 'utf8')).toContain(' x\n');
  await writeFile(file, '{}');
  await waitFor(() => settings.problem === undefined, { what: 'the problem to go' });
  expect(settings.settings.hosts).toEqual([]);
});

test('copies of broken files are numbered, never overwritten, and not kept twice', async () => {
  for (const text of ['{ one', '{ two', '{ two', '{ one']) {
    await writeFile(file, text);
    await (await open()).dispose();
  }
  expect((await readdir(directory)).sort()).toEqual(['config.json', 'config.json.broken', 'config.json.broken.2']);
  expect(await readFile(`${file}.broken`, 'utf8')).toBe('{ one');
});

test('a setting that does not exist is told by its place', async () => {
  await writeFile(file, '{ "outage": { "hold": 1 } }');
  expect((await open()).problem?.message).toMatch(/outage: .*hold/);
});

test('a directory that cannot be written is a clear failure, and the settings stay as they were', async () => {
  const blocked = join(directory, 'blocked');
  await writeFile(blocked, 'not a directory');
  file = join(blocked, 'config.json');
  const settings = await open();
  await expect(settings.update((now) => ({ ...now, hosts: [shop] }))).rejects.toMatchObject({
    code: 'config-unwritable',
    message: expect.stringContaining(file) as string,
  });
  expect(settings.settings).toEqual(defaultSettings);
});

test('a directory that is made by the first write is followed from then on', async () => {
  file = join(directory, 'deep', 'down', 'config.json');
  const settings = await open();
  await settings.update((now) => ({ ...now, hosts: [shop] }));
  await writeFile(file, '{}');
  await waitFor(() => settings.settings.hosts.length === 0, { what: 'the edit' });
});
