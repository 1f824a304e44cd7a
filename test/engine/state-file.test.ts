import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger, type Logger } from '../../engine/base/logger.ts';
import { StateFile } from '../../engine/state-file.ts';
import { TestClock } from '../support/test-clock.ts';
import { waitFor } from '../support/wait-for.ts';

let directory: string;
let file: string;
let clock: TestClock;
const warnings: string[] = [];
const log: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tl-state-'));
  file = join(directory, 'state.json');
  clock = new TestClock();
  warnings.splice(0);
});
afterEach(() => rm(directory, { recursive: true }));

const open = (): Promise<StateFile> => StateFile.open({ file, clock, log });

test('a port is remembered across runs, and forgotten when it is to be', async () => {
  const first = await open();
  first.rememberPort('shop/db 5432', 15432);
  first.rememberPort('shop/web 80', 8080);
  first.forgetPort('shop/web 80');
  await first.dispose();
  const second = await open();
  expect([second.rememberedPort('shop/db 5432'), second.rememberedPort('shop/web 80')]).toEqual([15432, undefined]);
});

test('changes are written together, after a moment', async () => {
  const state = await open();
  for (let port = 1; port <= 100; port += 1) state.rememberPort('web', port);
  expect(clock.pending).toBe(1);
  await clock.advance(500);
  const written = await waitFor(() => readFile(file, 'utf8'), { what: 'the file' });
  expect(JSON.parse(written)).toEqual({ version: 1, ports: { web: 100 } });
  await state.dispose();
});

test('what is remembered already is not written again', async () => {
  const state = await open();
  state.rememberPort('web', 8080);
  await state.dispose();
  const again = await open();
  again.rememberPort('web', 8080);
  expect(clock.pending).toBe(0);
  await again.dispose();
});

test('the least recently used is forgotten in the end', async () => {
  const state = await open();
  state.rememberPort('kept', 1);
  state.rememberPort('lost', 2);
  state.rememberPort('kept', 1);
  for (let number = 0; number < 4_999; number += 1) state.rememberPort(`new ${number}`, 3);
  expect([state.rememberedPort('kept'), state.rememberedPort('lost')]).toEqual([1, undefined]);
  await state.dispose();
});

test.each(['{ broken', '[]', '{"version":1,"ports":{"web":"8080"}}'])(
  'a broken file (%s) is set aside, and work goes on',
  async (text) => {
    await writeFile(file, text);
    const state = await open();
    expect(state.rememberedPort('web')).toBeUndefined();
    state.rememberPort('web', 1);
    await state.dispose();
    expect((await readdir(directory)).sort()).toEqual(['state.json', 'state.json.broken']);
    expect([await readFile(`${file}.broken`, 'utf8'), warnings]).toEqual([
      text,
      ['state file is broken and was set aside'],
    ]);
  },
);

test('a directory that cannot be written costs the memory and nothing else', async () => {
  await writeFile(file, '');
  file = join(file, 'state.json');
  const state = await open();
  state.rememberPort('web', 1);
  await state.dispose();
  expect([state.rememberedPort('web'), warnings.at(-1)]).toEqual([1, 'state file could not be written']);
});
