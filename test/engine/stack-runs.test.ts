import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { Engine } from '../../engine/engine.ts';
import { resolvePaths } from '../../engine/paths.ts';
import { SettingsFile } from '../../engine/settings-file.ts';
import { StateFile } from '../../engine/state-file.ts';
import type { DeployEvent } from '../../shared/deployment.ts';
import { runRequestSchema } from '../../shared/deployment.ts';
import { stackSchema } from '../../shared/stack.ts';

/** Runs that nobody need watch, on a real engine with its pretend host. */
let owned: DisposableStore;
let engine: Engine;
let home: string;

beforeEach(async () => {
  owned = new DisposableStore();
  home = await mkdtemp(join(tmpdir(), 'tl-runs-'));
  owned.defer(() => rm(home, { recursive: true, force: true }));
  const env = { HOME: home, TOWLINE_HOME: home, PATH: process.env['PATH'] };
  const paths = resolvePaths({ env, platform: process.platform, home, uid: 0 });
  const parts = { clock: systemClock, log: silentLogger };
  const settings = owned.add(await SettingsFile.open({ ...parts, file: paths.settingsFile }));
  const stateFile = owned.add(await StateFile.open({ ...parts, file: paths.stateFile }));
  engine = owned.add(new Engine({ ...parts, settings, stateFile, paths, env, mode: 'headless' }));
  await engine.start();
  await engine.startDemo();
  await engine.stacks.add(stackSchema.parse({ name: 'shop', host: 'demo', dir: join(home, 'nowhere') }));
});
afterEach(() => owned.dispose());

async function told(stack: string): Promise<DeployEvent[]> {
  const events = [];
  for await (const event of engine.stacks.follow(stack, new AbortController().signal)) events.push(event);
  return events;
}

test('a run that nobody reads goes to its end, and is read from its beginning by whoever comes later', async () => {
  const run = await engine.stacks.begin(runRequestSchema.parse({ action: 'deploy', stacks: ['shop'] }));
  const events = await told('shop');
  expect(events[0]).toEqual({ kind: 'begun', run, stacks: ['shop'] });
  expect(events.at(-1)).toMatchObject({ kind: 'result', stack: 'shop', result: { outcome: 'refused' } });
  expect(engine.store.state.stacks['shop']).toMatchObject({ status: { kind: 'refused' } });
  expect(await told('shop')).toEqual(events);
});

test('a run of a stack that nobody knows does not begin', async () => {
  const request = runRequestSchema.parse({ action: 'rollback', stack: 'edge' });
  await expect(engine.stacks.begin(request)).rejects.toMatchObject({ code: 'stack-not-found' });
  expect(() => engine.stacks.follow('edge', new AbortController().signal)).toThrow('There is no stack edge.');
});
