import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApi } from '../../engine/api.ts';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { Engine } from '../../engine/engine.ts';
import { resolvePaths } from '../../engine/paths.ts';
import { SettingsFile } from '../../engine/settings-file.ts';
import { StateFile } from '../../engine/state-file.ts';
import { createRouterClient } from '@orpc/server';
import type { HostTestStep } from '../../shared/contract.ts';
import { startTestSshd } from '../support/test-sshd.ts';
import { waitFor } from '../support/wait-for.ts';

/** What a person can do through a window, on a real engine. */
let owned: DisposableStore;
let engine: Engine;
let settingsFile: string;

beforeEach(async () => {
  owned = new DisposableStore();
  const home = await mkdtemp(join(tmpdir(), 'towline-engine-'));
  owned.defer(() => rm(home, { recursive: true, force: true }));
  const env = { HOME: home, TOWLINE_HOME: home, PATH: process.env['PATH'] };
  const paths = resolvePaths({ env, platform: process.platform, home, uid: 0 });
  settingsFile = paths.settingsFile;
  const parts = { clock: systemClock, log: silentLogger };
  const settings = owned.add(await SettingsFile.open({ ...parts, file: settingsFile }));
  const stateFile = owned.add(await StateFile.open({ ...parts, file: paths.stateFile }));
  engine = owned.add(new Engine({ ...parts, settings, stateFile, paths, env, mode: 'headless' }));
  await engine.start();
});
afterEach(() => owned.dispose());

const forwards = () => Object.values(engine.store.state.hosts['demo']?.forwards ?? {});
const web = () => forwards().find(({ service }) => service === 'web');

async function demo(): Promise<void> {
  await engine.startDemo();
  await waitFor(() => web()?.state === 'listening', { what: 'the demo shop', timeoutMs: 15_000 });
}

test('the demo host comes on request, once, and is not saved', async () => {
  await demo();
  expect(await engine.startDemo()).toBe('demo');
  expect(Object.keys(engine.store.state.hosts)).toEqual(['demo']);
  expect(engine.listHosts()).toEqual([]);
});

test('another local port and leaving out become rules in the file, and are in force at once', async () => {
  await demo();
  const { id } = web() ?? { id: '' };
  await engine.forwards.remap('demo', id, 28_099);
  await waitFor(() => web()?.local.port === 28_099 && web()?.state === 'listening', { what: 'the new port' });
  await engine.forwards.ignore('demo', id);
  await waitFor(() => web()?.state === 'ignored', { what: 'being left out' });
  const rule = { host: 'demo', match: { project: 'shop', service: 'web', port: 8080 }, ignore: true };
  expect(engine.store.state.settings.rules).toEqual([rule]);
  expect(JSON.parse(await readFile(settingsFile, 'utf8'))).toMatchObject({ rules: [rule] });
  expect(engine.forwards.previewRules([]).find(({ forwardId }) => forwardId === id)).toMatchObject({ becomes: 'open' });
  await engine.forwards.replaceRules([]);
  await waitFor(() => web()?.state === 'listening', { what: 'the port to be back' });
});

test('settings are changed by groups, and every door sees what is in force', async () => {
  await engine.updateSettings({ outage: { holdMs: 5_000, suspendAfterMs: 30_000 } });
  expect(engine.store.state.settings).toMatchObject({ outage: { holdMs: 5_000 }, ports: { policy: 'remap' } });
  const { notifications } = engine.store.state.settings;
  await engine.updateSettings({ notifications: { ...notifications, ports: false }, desktop: { startAtLogin: true } });
  expect(engine.store.state.settings).toMatchObject({
    ...{ notifications: { ports: false, needsYou: true }, desktop: { startAtLogin: true }, outage: { holdMs: 5_000 } },
  });
});

test('a forward that is not there cannot be moved or left out', async () => {
  await demo();
  await expect(engine.forwards.remap('demo', 'nothing', 80)).rejects.toMatchObject({ code: 'forward-not-found' });
  await expect(engine.forwards.ignore('nowhere', 'web')).rejects.toMatchObject({ code: 'host-not-found' });
});

test('with somebody watching who can answer, the question of a host test is shown, and the answer counts', async () => {
  const sshd = owned.add(await startTestSshd());
  const client = createRouterClient(createApi(engine, silentLogger));
  const end = new AbortController();
  const watching = (async () => {
    for await (const _ of await client.state.watch({ canAnswer: true }, { signal: end.signal }));
  })();
  const steps: HostTestStep[] = [];
  const profile = { id: 'new', target: `ssh://me@127.0.0.1:${sshd.port}` };
  const testing = (async () => {
    for await (const step of engine.testHost(profile, end.signal)) steps.push(step);
  })();
  const question = await waitFor(() => engine.store.state.questions?.[0], { what: 'the question' });
  expect(question.request).toMatchObject({ kind: 'host-key', hostId: 'new' });
  await engine.answerPrompt('new', question.id, { kind: 'host-key', hostId: 'new', accept: false });
  await testing;
  end.abort();
  await watching.catch(() => undefined);
  expect(engine.store.state.questions).toBeUndefined();
  expect(steps.at(-1)).toMatchObject({ state: 'failed' });
});
