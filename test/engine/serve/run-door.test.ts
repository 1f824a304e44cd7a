import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { connectControl, type ContractClient } from '../../../engine/serve/control-client.ts';
import { openControlSocket } from '../../../engine/serve/control-socket.ts';
import type { CommandRunEvent } from '../../../shared/run.ts';
import { FakeEngine, appState, hostView } from './fake-engine.ts';

let owned: DisposableStore;
let engine: FakeEngine;
let api: ContractClient;

beforeEach(async () => {
  owned = new DisposableStore();
  const directory = await mkdtemp(join(tmpdir(), 'tl-'));
  owned.defer(() => rm(directory, { recursive: true }));
  engine = new FakeEngine(appState([hostView('shop')]));
  const path = join(directory, 'run', 'control.sock');
  owned.add(await openControlSocket({ path, commands: engine, log: silentLogger }));
  ({ api } = owned.add(await connectControl(path)));
});
afterEach(() => owned.dispose());

const command = (...words: string[]) => ({
  hostId: 'shop',
  task: { kind: 'commands' as const, commands: [words] },
});

test('a command is run over the door, with its input and output unchanged', async () => {
  const said: Buffer[] = [];
  const kinds: CommandRunEvent['kind'][] = [];
  for await (const event of await api.run.start(command('cat'))) {
    kinds.push(event.kind);
    if (event.kind === 'started') {
      await api.run.input({ run: 'run-9', data: Buffer.from([0, 255, 10]).toString('base64') });
      await api.run.input({ run: 'run-9', data: '', end: true });
    }
    if (event.kind === 'output' && event.stream === 'stdout') said.push(Buffer.from(event.data, 'base64'));
  }
  expect([Buffer.concat(said), kinds]).toEqual([
    Buffer.from([0, 255, 10]),
    ['begun', 'started', 'output', 'output', 'exited'],
  ]);
});

test('cancelled by its name, it ends with the reason', async () => {
  const events = await api.run.start(command('slow'));
  const kinds: CommandRunEvent['kind'][] = [];
  while (!kinds.includes('output')) kinds.push(((await events.next()).value as CommandRunEvent).kind);
  await api.run.cancel({ run: 'run-9' });
  await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
});

test('what cannot be run is turned away at the door', async () => {
  await expect(api.run.start(command())).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(api.run.start(command('a\0b'))).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(api.run.input({ run: 'run-9', data: 'not base64!' })).rejects.toMatchObject({ code: 'invalid-input' });
});
