import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { resolvePaths } from '../../engine/paths.ts';
import { openControlSocket } from '../../engine/serve/control-socket.ts';
import { main } from '../../headless/program.ts';
import { systemShell, type Shell } from '../../headless/shell.ts';
import { unzip } from '../engine/diagnostics/unzip.ts';
import { FakeEngine } from '../engine/serve/fake-engine.ts';

let owned: DisposableStore;
let home: string;
let file: string;
let shell: Shell;
let said: { stdout: string; stderr: string };

beforeEach(async () => {
  owned = new DisposableStore();
  home = await mkdtemp(join(tmpdir(), 'tl-diag-'));
  owned.defer(() => rm(home, { recursive: true }));
  file = join(home, 'out.zip');
  const paths = resolvePaths({ env: { TOWLINE_HOME: home }, platform: 'linux', home, uid: 0 });
  said = { stdout: '', stderr: '' };
  const into = (to: 'stdout' | 'stderr') =>
    ({ write: (text: string) => (said[to] += text) }) as unknown as NodeJS.WriteStream;
  const env = { HOME: home, PATH: '/nowhere' };
  shell = { ...systemShell(), env, paths, stdout: into('stdout'), stderr: into('stderr') };
});
afterEach(() => owned.dispose());

async function startEngine(): Promise<FakeEngine> {
  const engine = new FakeEngine();
  owned.add(engine.timeline);
  owned.add(await openControlSocket({ path: shell.paths.controlSocket, commands: engine, log: silentLogger }));
  return engine;
}

test('what the running engine collects is written for its user only, and told', async () => {
  const engine = await startEngine();
  expect(await main(['diagnostics', '-o', file, '--host', 'shop'], shell)).toBe(0);
  expect(await readFile(file, 'utf8')).toBe('a zip');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(engine.asked).toEqual([['diagnostics', 'shop', undefined]]);
  expect(said.stdout).toBe(`${file}\n`);
  expect(said.stderr).toContain('  README.txt      2 kB  what is in here\n');
});

test('a file that is there stays, unless it is to be replaced', async () => {
  await startEngine();
  await writeFile(file, 'mine');
  await chmod(file, 0o644);
  expect(await main(['diagnostics', '-o', file], shell)).toBe(1);
  expect(await readFile(file, 'utf8')).toBe('mine');
  expect(said.stderr).toContain('--force');
  expect(await main(['diagnostics', '-o', file, '--force'], shell)).toBe(0);
  expect(await readFile(file, 'utf8')).toBe('a zip');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readdir(home)).filter((name) => name.includes('out.zip'))).toEqual(['out.zip']);
});

test('where it can’t be written it says why', async () => {
  await startEngine();
  expect(await main(['diagnostics', '-o', join(home, 'none', 'out.zip')], shell)).toBe(1);
  expect(said.stderr).toContain('out.zip could not be written: ENOENT');
});

test('without a running engine there are its settings, its log and the doctor', async () => {
  await writeFile(shell.paths.settingsFile, '{"version":1,"hosts":[{"id":"shop","target":"ssh://me@shop"}]}');
  await mkdir(dirname(shell.paths.logFile));
  await writeFile(shell.paths.logFile, '{"msg":"from before","password":"hunter22"}\n');
  expect(await main(['diagnostics', '-o', file], shell)).toBe(0);
  const files = unzip(await readFile(file));
  expect(files.get('README.txt')?.toString()).toContain('No Towline was running');
  expect(JSON.parse(String(files.get('settings.json')))).toMatchObject({ hosts: [{ target: 'ssh://me@shop' }] });
  expect(String(files.get('towline.log'))).toBe('{"msg":"from before","password":"[redacted]"}\n');
  expect(JSON.parse(String(files.get('doctor.json')))).toContainEqual(expect.objectContaining({ id: 'runtime-dir' }));
});

test('an engine that hangs up instead of answering is done without', async () => {
  await mkdir(dirname(shell.paths.controlSocket));
  const deaf = createServer((socket) => socket.destroy()).listen(shell.paths.controlSocket);
  await once(deaf, 'listening');
  owned.defer(async () => {
    deaf.close();
    await once(deaf, 'close');
  });
  expect(await main(['diagnostics', '-o', file], shell)).toBe(0);
  expect(said.stderr).toMatch(/^The running Towline does not answer: .* What follows is from its files\.\n/);
  expect(unzip(await readFile(file)).has('state.json')).toBe(true);
});
