import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { waitFor } from '../support/wait-for.ts';

const program = new URL('towline-with-fake-engine.ts', import.meta.url).pathname;

let owned: DisposableStore;
let home: string;
beforeEach(async () => {
  owned = new DisposableStore();
  home = await mkdtemp(join(tmpdir(), 'tl-cli-'));
  owned.defer(() => rm(home, { recursive: true, force: true }));
  const hosts = ['web1', 'web2', 'db'].map((id) => ({ id, target: `ssh://me@${id}` }));
  await writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, hosts }));
});
afterEach(() => owned.dispose());

function start(...args: string[]) {
  const { NO_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, [program, 'run', ...args], { env: { ...env, TOWLINE_HOME: home } });
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

/** Runs it with stdin at its end. */
function towline(...args: string[]) {
  const { running, ended } = start(...args);
  running.child.stdin.end();
  return ended;
}

test('what the command says and how it ends is passed on as it is', async () => {
  expect(await towline('web1', '--', 'fail', '\x1b[31m')).toEqual({
    code: 3,
    stdout: 'fail \x1b[31m\n',
    stderr: 'fail!\n',
  });
});

test('stdin is passed on, to its end', async () => {
  const { running, ended } = start('web1', '--', 'cat');
  running.child.stdin.end('some input');
  expect(await ended).toMatchObject({ code: 0, stdout: 'some input' });
});

test('with stdin left open the end of the command is the end', async () => {
  expect(await start('web1', '--', 'true').ended).toMatchObject({ code: 0, stdout: 'true\n' });
});

test('what keeps it from being run is told, and is 1', async () => {
  expect(await towline('web1', '--', 'refused')).toEqual({
    ...{ code: 1, stdout: '', stderr: '100 commands wait for a session.\nWait.\n' },
  });
});

test('with --json it is a line per command, and one for what went wrong', async () => {
  const { code, stdout } = await towline('web1', '--json', '--', 'fail', 'a b');
  expect([code, JSON.parse(stdout)]).toEqual([
    3,
    ...[
      {
        ...{ host: 'web1', n: 1, command: ['fail', 'a b'], code: 3, durationMs: 4_200 },
        ...{ stdout: 'fail a b\n', stderr: 'fail!\n' },
      },
    ],
  ]);
  const refused = await towline('web1', '--json', '--', 'refused');
  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
    1,
    { host: 'web1', failure: { code: 'queue-full' } },
  ]);
});

test('of a group each line bears its host, without what a terminal would obey; a table follows', async () => {
  const { code, stdout, stderr } = await towline('--hosts', 'web*', '--', 'fail', '\x1b[31m');
  expect(code).toBe(1);
  expect(stdout.split('\n').slice(0, 2).sort()).toEqual(['web1 | fail \u{fffd}[31m', 'web2 | fail \u{fffd}[31m']);
  expect(stdout.split('\n').slice(2)).toEqual(['', 'web1  exit 3  4.2 s', 'web2  exit 3  4.2 s', '']);
  expect(stderr.trim().split('\n').sort()).toEqual(['web1 | fail!', 'web2 | fail!']);
});

test('a group of which one is not reached shows why in the table', async () => {
  expect(await towline('--hosts', 'db', '--', 'refused')).toMatchObject({
    code: 1,
    stdout: '\ndb  failed    100 commands wait for a session. Wait.\n',
  });
});

test('a group that nobody belongs to, and a command line that says nothing, are told', async () => {
  expect(await towline('--hosts', 'x*', '--', 'true')).toMatchObject({
    code: 1,
    stderr: 'No host has such a name.\nThere are: web1, web2, db.\n',
  });
  expect(await towline('web1')).toMatchObject({ code: 2 });
});

test('Ctrl-C ends it with 130', async () => {
  const { running, ended } = start('web1', '--', 'slow');
  await waitFor(() => running.stdout === 'running\n', { what: 'it to run', timeoutMs: 15_000 });
  running.child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130 });
});
