import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { stackSchema } from '../../shared/stack.ts';
import { waitFor } from '../support/wait-for.ts';

const program = new URL('towline-with-fake-engine.ts', import.meta.url).pathname;

let owned: DisposableStore;
let home: string;
beforeEach(async () => {
  owned = new DisposableStore();
  home = await mkdtemp(join(tmpdir(), 'tl-cli-'));
  owned.defer(() => rm(home, { recursive: true, force: true }));
});
afterEach(() => owned.dispose());

function start(...args: string[]) {
  const { NO_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...env, TOWLINE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const running = { stdout: '', stderr: '', child };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (running.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (running.stderr += text));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  owned.defer(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const ended = closed.then((code) => ({ code, stdout: running.stdout, stderr: running.stderr }));
  return { running, ended };
}

const towline = (...args: string[]) => start(...args).ended;

const saved = (...names: string[]) =>
  writeFile(
    join(home, 'config.json'),
    JSON.stringify({
      version: 1,
      hosts: [{ id: 'shop', target: 'ssh://me@shop' }],
      stacks: names.map((name) => ({ name, host: 'shop', dir: `/src/${name}` })),
    }),
  );

const events = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);

test('how a stack proves itself, and when its turn comes, is told on the command line', async () => {
  await saved('db');
  const gates = ['--check', 'tcp:5432', 'http://127.0.0.1:80/ 204', '--stable', '0.5', '--timeout', '9'];
  const order = ['--after', 'db', '--pause', '3', '--keep', '2'];
  expect(await towline('stacks', 'add', 'web', '--host', 'shop', '--dir', 'web', ...gates, ...order)).toMatchObject({
    ...{ code: 0, stdout: 'web\n' },
  });
  const stacks = JSON.parse((await towline('stacks', 'list', '--json')).stdout) as object[];
  expect(stacks[1]).toMatchObject({
    ...{ name: 'web', after: ['db'], pauseMs: 3_000, keep: 2, gates: { stableMs: 500, timeoutMs: 9_000 } },
    checks: [
      { kind: 'tcp', port: 5432 },
      { kind: 'http', status: 204 },
    ],
  });
  expect(await towline('stacks', 'add', 'x', '--host', 'shop', '--dir', 'x', '--keep', 'many')).toMatchObject({
    ...{ code: 2, stderr: expect.stringContaining('keep') as string },
  });
});

test('stacks are described, listed and forgotten without an engine; a relative directory becomes absolute', async () => {
  await saved();
  const options = ['--host', 'shop', '--dir', 'web', '--file', 'a.yml', 'b.yml', '--project', 'front'];
  expect(await towline('stacks', 'add', 'web', ...options)).toMatchObject({ code: 0, stdout: 'web\n' });
  expect(JSON.parse((await towline('stacks', 'list', '--json')).stdout)).toEqual([
    stackSchema.parse({
      ...{ name: 'web', host: 'shop', dir: join(process.cwd(), 'web'), files: ['a.yml', 'b.yml'], project: 'front' },
    }),
  ]);
  expect(await towline('stacks', 'add', 'web', ...options)).toMatchObject({ code: 1 });
  expect((await towline('stacks', 'list')).stdout).toBe(`web  shop  ${join(process.cwd(), 'web')}  ~/towline/web\n`);
  expect(await towline('stacks', 'remove', 'web')).toMatchObject({ code: 0 });
  expect(await towline('stacks', 'remove', 'web')).toMatchObject({ code: 1 });
  expect(JSON.parse(await readFile(join(home, 'config.json'), 'utf8'))).toMatchObject({ stacks: [] });
});

test('a stack that can be none is told: its name, a host that nobody knows', async () => {
  await saved();
  expect(await towline('stacks', 'add', 'My Shop', '--host', 'shop', '--dir', '.')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^My Shop is not a name for a stack\./) as string,
  });
  expect(await towline('stacks', 'add', 'web', '--host', 'shap', '--dir', '.')).toMatchObject({
    code: 1,
    stderr: 'There is no host shap.\nThere are: shop.\n',
  });
});

test('a deployment is told line by line, without what a terminal would obey', async () => {
  await saved('fine');
  expect(await towline('deploy', 'fine')).toEqual({
    code: 0,
    stdout: 'fine  Reading the project\nfine    Pulling we\u{fffd}[31mb\nfine  ● Runs  4.2 s, 1.5 kB sent\n',
    stderr: '',
  });
});

test('with --json every event is a line', async () => {
  await saved('fine');
  const { code, stdout } = await towline('deploy', '--all', '--json');
  expect([code, events(stdout)]).toMatchObject([
    0,
    [
      { event: 'begun', run: 'run-1', stacks: ['fine'] },
      { event: 'stage', stack: 'fine', stage: 'packing' },
      { event: 'output', stack: 'fine', line: 'Pulling we\x1b[31mb' },
      { event: 'result', stack: 'fine', outcome: 'succeeded', release: 'new', bytesSent: 1_500 },
    ],
  ]);
});

test('of several a table follows; a failure is 1 and stops the rest, unless the rest is to go on', async () => {
  await saved('broken', 'fine');
  const stopped = await towline('deploy', 'broken', 'fine');
  expect(stopped.code).toBe(1);
  expect(stopped.stdout).toMatch(/✕ Failed\. The release before runs\.\n.*Look at its log/s);
  expect(stopped.stdout).toMatch(
    /\n\nbroken {2}failed {4}4\.2 s {2}The new release .*\nfine {4}left out {9}broken failed\n$/,
  );
  expect(await towline('deploy', 'broken', 'fine', '--keep-going')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/\nfine {4}succeeded {2}4\.2 s\n$/) as string,
  });
});

test('verifying, a dry run, going back and the history each have their words', async () => {
  await saved('fine', 'broken');
  expect(await towline('deploy', '--all', '--verify-only')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/fine {2}● Works\n.*broken {2}✕ Does not work\n/s) as string,
  });
  expect(await towline('deploy', 'fine', '--dry-run')).toMatchObject({
    code: 0,
    stdout: `fine  1 changed; 1.3 kB to send
  ~ www/a  9 B → 1.3 kB
  ~ services.web.image: web:1 → web:2
  The host’s Compose has no dry run of its own
`,
  });
  expect(await towline('rollback', 'fine')).toMatchObject({ code: 0 });
  expect((await towline('history', 'fine')).stdout).toMatch(/^20261120-101500-ab12 .* me@laptop {2}runs now\n/);
});

test('which stacks has to be said, and either by name or all', async () => {
  expect(await towline('deploy')).toMatchObject({ code: 2 });
  expect(await towline('deploy', 'fine', '--all')).toMatchObject({ code: 2 });
  expect(await towline('deploy', '--all', '--dry-run')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no stack yet/) as string,
  });
  expect(await towline('deploy', 'fine')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no stack fine/) as string,
  });
});

test('Ctrl-C cancels in the running engine, and the end of it is still told', async () => {
  await saved('slow');
  const engine = start('up', '--json');
  await waitFor(() => engine.running.stdout.includes('"event"'), { what: 'the engine to run', timeoutMs: 15_000 });
  const deploying = start('deploy', 'slow');
  await waitFor(() => deploying.running.stdout.includes('Pulling'), {
    what: 'the run to be under way',
    timeoutMs: 15_000,
  });
  deploying.running.child.kill('SIGINT');
  expect(await deploying.ended).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/Cancelled\. The release before runs\.\n$/) as string,
  });
});

test('without a running engine Ctrl-C cancels here, after the end of it was told', async () => {
  await saved('slow', 'fine');
  const deploying = start('deploy', 'slow', 'fine', '--json');
  await waitFor(() => deploying.running.stdout.includes('Pulling'), {
    what: 'the run to be under way',
    timeoutMs: 15_000,
  });
  deploying.running.child.kill('SIGINT');
  const { code, stdout, stderr } = await deploying.ended;
  expect([code, stderr, ...events(stdout).slice(-2)]).toMatchObject([
    1,
    'Interrupted.\n',
    { event: 'result', stack: 'slow', outcome: 'cancelled' },
    { event: 'skipped', stack: 'fine', because: 'slow' },
  ]);
});
