import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore, type Disposable } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { resolvePaths } from '../../engine/paths.ts';
import { openControlSocket } from '../../engine/serve/control-socket.ts';
import { events, eventLine } from '../../headless/events.ts';
import { metrics } from '../../headless/metrics.ts';
import { main } from '../../headless/program.ts';
import { systemShell, type Shell } from '../../headless/shell.ts';
import type { TimelineEntry } from '../../shared/timeline.ts';
import { FakeEngine, appState, hostView } from '../engine/serve/fake-engine.ts';
import { waitFor } from '../support/wait-for.ts';

let owned: DisposableStore;
let engine: FakeEngine;
let door: Disposable;
let shell: Shell;
let said: { stdout: string; stderr: string };

beforeEach(async () => {
  owned = new DisposableStore();
  const home = await mkdtemp(join(tmpdir(), 'tl-ev-'));
  owned.defer(() => rm(home, { recursive: true }));
  const paths = resolvePaths({ env: { TOWLINE_HOME: home }, platform: 'linux', home, uid: 0 });
  engine = new FakeEngine(appState([hostView('shop'), hostView('forge')]));
  owned.add(engine.timeline);
  door = owned.add(await openControlSocket({ path: paths.controlSocket, commands: engine, log: silentLogger }));
  said = { stdout: '', stderr: '' };
  const into = (to: 'stdout' | 'stderr') =>
    ({ write: (text: string) => (said[to] += text) }) as unknown as NodeJS.WriteStream;
  shell = { ...systemShell(), paths, stdout: into('stdout'), stderr: into('stderr') };
});
afterEach(() => owned.dispose());

const lose = (hostId: string): void =>
  engine.store.updateHost(hostId, (host) => ({
    ...host,
    state: 'reconnecting',
    attempt: 1,
    reason: { code: 'connection-lost', message: `${hostId} hung up.` },
  }));
const start = (name: string): void =>
  engine.timeline.heard('shop', { type: 'container', action: 'start', containerId: 'ab'.repeat(32), name });

test('what is remembered is printed a line each, in the order in which it happened', async () => {
  lose('shop');
  start('we\x1b[31mb');
  expect(await events(shell, {})).toBe(0);
  expect(said.stdout).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}shop {2}Connection lost: shop hung up\.\n\S+ \S+ {2}shop {2}Container we\ufffd\[31mb: start\n$/,
  );
});

test('of one host, of some kinds, the newest, as JSON', async () => {
  lose('shop');
  lose('forge');
  start('web');
  start('db');
  expect(await main(['events', '--host', 'shop', '--kind', 'container', '--tail', '1', '--json'], shell)).toBe(0);
  expect(JSON.parse(said.stdout)).toMatchObject({ seq: 4, kind: 'container', hostId: 'shop', container: 'db' });
});

test('followed, what comes is printed as it comes, until the engine stops', async () => {
  const followed = events(shell, { follow: true, kind: ['container'] });
  start('web');
  await waitFor(() => said.stdout.includes('web: start'), { what: 'the first' });
  lose('shop');
  start('db');
  await waitFor(() => said.stdout.includes('db: start'), { what: 'the second' });
  expect(said.stdout.trimEnd().split('\n')).toHaveLength(2);
  await door.dispose();
  await expect(followed).rejects.toMatchObject({ code: 'engine-gone' });
});

test('metrics are printed as the engine tells them', async () => {
  expect(await metrics(shell)).toBe(0);
  expect(said.stdout).toBe('# TYPE towline_info gauge\ntowline_info 1\n');
});

test('a kind that is none, or a number that is none, is wrong usage; without an engine there is nothing', async () => {
  expect(await main(['events', '--kind', 'weather'], shell)).toBe(2);
  expect(await main(['events', '--tail', 'ten'], shell)).toBe(2);
  await door.dispose();
  expect([await main(['events'], shell), await main(['metrics'], shell)]).toEqual([3, 3]);
});

test('a moment is told to the millisecond', () => {
  const entry: TimelineEntry = {
    seq: 1,
    at: 7,
    kind: 'alert',
    state: 'raised',
    alert: 'log-growing',
    message: 'More.',
  };
  expect(eventLine(entry)).toMatch(/:00\.007 {2}towline {2}Warning: More\.$/);
});
