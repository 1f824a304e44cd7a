import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { testWith } from '../support/test-with.ts';
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

interface Running {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  readonly ended: Promise<number | null>;
}

/** The command as a process of its own; with `pty` at a real terminal, whose output is `stdout`. */
function start(args: string[], env: Record<string, string> = {}, pty = false): Running {
  const line = [process.execPath, program, ...args];
  // python's pty module gives a terminal without a compiled package; it passes our keys on and the child's status out
  const script = 'import os,pty,sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
  const [command = '', ...rest] = pty ? ['python3', '-c', script, ...line] : line;
  const { DOCKER_HOST: _, NO_COLOR: __, CI: ___, ...inherited } = process.env; // Node takes CI for a terminal without colours
  const child = spawn(command, rest, { env: { ...inherited, TERM: 'xterm-256color', TOWLINE_HOME: home, ...env } });
  const running: Running = {
    child,
    stdout: '',
    stderr: '',
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (running.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (running.stderr += text));
  owned.defer(async () => {
    child.kill('SIGKILL');
    await running.ended;
  });
  return running;
}

async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { stdout, stderr, code } = await finished(start(args));
  return { code, stdout, stderr };
}

async function finished(running: Running): Promise<Running & { code: number | null }> {
  const code = await running.ended;
  return { ...running, code };
}

const shows = (running: Running, text: string) =>
  waitFor(() => running.stdout.includes(text), {
    timeoutMs: 15_000,
    what: `${text} in ${running.stdout}${running.stderr}`,
  });

test('wrong usage is 2, no engine is 3, and both say what to do', async () => {
  expect(await run('up')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/no host.*\n.*towline demo/) as string,
  });
  expect(await run('frobnicate')).toMatchObject({ code: 2, stdout: '' });
  expect(await run('up', 'http://shop')).toMatchObject({ code: 2 });
  expect(await run('status')).toMatchObject({
    code: 3,
    stderr: 'No Towline is running.\nStart one with `towline up`.\n',
  });
  expect(await run('--version')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
  });
});

test('hosts are saved without an engine, and a name that is taken is refused', async () => {
  expect(await run('hosts', 'add', 'ssh://me@shop', '--id', 'shop')).toMatchObject({ code: 0, stdout: 'shop\n' });
  expect(await run('hosts', 'add', 'ssh://me@other', '--id', 'shop')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/--id/) as string,
  });
  expect(JSON.parse((await run('hosts', 'list', '--json')).stdout)).toEqual([{ id: 'shop', target: 'ssh://me@shop' }]);
  expect(await run('hosts', 'remove', 'shop')).toMatchObject({ code: 0 });
  expect(JSON.parse(await readFile(join(home, 'config.json'), 'utf8'))).toEqual({ version: 1, hosts: [] });
});

test('a host test ends with the code of what failed', async () => {
  expect(await run('hosts', 'test', 'ssh://me@shop')).toMatchObject({
    code: 4,
    stdout: expect.stringMatching(/resolve +ssh:\/\/me@shop.*\n.*connect/) as string,
    stderr: expect.stringMatching(/refused 3 keys\.\nAdd the right one\.\n/) as string,
  });
});

test('several hosts are tested side by side, and each is told in one piece', async () => {
  await run('hosts', 'add', 'ssh://me@edge', '--id', 'edge');
  expect(await run('hosts', 'test')).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') as string });
  const { code, stdout } = await run('hosts', 'test', 'shop', '--all');
  expect(code).toBe(4);
  const host = (id: string, target: string) =>
    `${id === target ? id : `${id}  ${target}`}\n● resolve +${target}  1 ms\n✕ connect +\n`;
  expect(stdout).toMatch(new RegExp(`^${host('shop', 'shop')}${host('edge', 'ssh://me@edge')}$`));
  const json = await run('hosts', 'test', 'shop', 'edge', '--json');
  const steps = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { host: string; step: string });
  expect(steps.map(({ host: of, step }) => `${of} ${step}`).sort()).toEqual([
    'edge connect',
    'edge resolve',
    'shop connect',
    'shop resolve',
  ]);
});

test('the doctor examines this machine, and a host, whether an engine runs or not', async () => {
  expect(await run('doctor')).toMatchObject({ code: 0, stdout: '✔ ssh-agent: 2 usable: a, b\n\nAll is well.\n' });
  expect(await run('doctor', 'shop')).toMatchObject({
    code: 4,
    stdout: expect.stringMatching(
      /^This machine\n✔ [^]*\n✘ Login: shop refused 3 keys\.\n\n1 thing to mend\.\n$/,
    ) as string,
  });
  const { code, stdout } = await run('doctor', 'shop', '--transport', 'openssh', '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([
    4,
    {
      host: { id: 'shop', target: 'shop', transport: 'openssh' },
      result: 'failed',
      steps: [{ id: 'agent' }, { id: 'auth' }],
    },
  ]);
});

test('a signal ends an examination', async () => {
  const doctor = start(['doctor', 'shop'], { FAKE_ENGINE: 'slow' });
  await shows(doctor, 'ssh-agent');
  doctor.child.kill('SIGINT');
  expect([await doctor.ended, doctor.stderr]).toEqual([1, 'Interrupted.\n']);
});

test('hosts are imported by name or all; without a choice and without a person they are only shown', async () => {
  const shown = await run('hosts', 'import');
  expect(shown).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') as string });
  expect(shown.stdout).toMatch(/^1 {2}web {2}web .*config:1\n2 {2}db /);
  expect(await run('hosts', 'import', 'nobody')).toMatchObject({ code: 2, stdout: '' });
  expect(await run('hosts', 'import', 'db')).toMatchObject({ code: 0, stdout: 'db\n' });
  const left = JSON.parse((await run('hosts', 'import', '--json')).stdout) as { name: string }[];
  expect(left.map(({ name }) => name)).toEqual(['web', 'gpu']);
  expect(await run('hosts', 'import', '--all')).toMatchObject({ code: 0, stdout: 'web\ngpu\n' });
  expect(await run('hosts', 'import')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('Nothing new') as string,
  });
});

testWith('python3')('a person at the terminal is asked which hosts to import, until the answer is one', async () => {
  const importing = start(['hosts', 'import'], {}, true);
  await shows(importing, 'Which ones?');
  importing.child.stdin?.write('9\r');
  await shows(importing, '9 is none of them.');
  importing.child.stdin?.write('1,3\r');
  expect(await importing.ended).toBe(0);
  expect(JSON.parse((await run('hosts', 'list', '--json')).stdout)).toEqual([
    { id: 'web', target: 'web' },
    { id: 'gpu', target: 'gpu' },
  ]);
});

test('the transport is chosen by host, saved, and shown', async () => {
  expect(await run('hosts', 'add', 'ssh://me@shop', '--transport', 'telnet')).toMatchObject({ code: 2 });
  await run('hosts', 'add', 'ssh://me@shop', '--id', 'shop', '--transport', 'openssh');
  await run('hosts', 'add', 'edge');
  expect((await run('hosts', 'list')).stdout).toBe('shop  ssh://me@shop  openssh\nedge  edge\n');
  expect(JSON.parse((await run('hosts', 'list', '--json')).stdout)).toMatchObject([{ transport: 'openssh' }, {}]);
});

test('one engine runs; the other commands speak to it; a signal stops it cleanly', async () => {
  const up = start(['up', 'ssh://me@shop', '--json', '--ui']);
  await shows(up, '"event":"forward"');
  const events = up.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; host?: string });
  expect(events.map(({ event }) => event)).toEqual(['ui', 'ready', 'forward']);
  expect(await run('up', 'ssh://me@shop')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(`headless, pid ${up.child.pid}`) as string,
  });
  const status = await run('status', '--json');
  expect(JSON.parse(status.stdout)).toMatchObject({ hosts: [{ state: 'ready', forwards: [{ id: 'web' }] }] });
  expect((await run('status')).stdout).toContain('localhost:8080  we\ufffd[31mb  8080  Listening');
  expect(await run('hosts', 'add', 'edge')).toMatchObject({ code: 0, stdout: 'edge\n' });
  expect(await run('forwards', 'add', 'edge', '5432:db:5432')).toMatchObject({ code: 0, stdout: 'manual-1\n' });
  up.child.kill('SIGTERM');
  expect(await up.ended).toBe(0);
  expect(await run('status')).toMatchObject({ code: 3 });
});

test('a watched status follows the engine and ends with it', async () => {
  const up = start(['up', 'shop']);
  await shows(up, 'Listening');
  const watch = start(['status', '--watch', '--json']);
  await shows(watch, '"hosts"');
  await run('hosts', 'add', 'edge');
  await shows(watch, '"id":"edge"');
  up.child.kill('SIGINT');
  expect([await up.ended, await watch.ended]).toEqual([0, 1]);
  expect(watch.stderr).toMatch(/^Towline has stopped\.\n/);
});

test('with nobody to ask, hosts that need a person end the command with 4', async () => {
  const up = await finished(start(['up', 'shop', '--json'], { FAKE_ENGINE: 'asks' }));
  expect([up.code, up.stderr]).toEqual([4, 'shop refused the password.\nTry another.\n']);
});

test('an engine that will not stop does not hold the command', async () => {
  const up = start(['up', 'shop'], { FAKE_ENGINE: 'hangs' });
  await shows(up, 'Authenticating');
  up.child.kill('SIGTERM');
  expect(await up.ended).toBe(0);
});

test('a second signal ends it at once', async () => {
  const up = start(['up', 'shop'], { FAKE_ENGINE: 'hangs' });
  await shows(up, 'Authenticating');
  up.child.kill('SIGTERM');
  up.child.kill('SIGINT');
  expect([130, 143]).toContain(await up.ended);
});

test('a broken settings file and places that cannot be written are told, and the engine runs', async () => {
  await writeFile(join(home, 'config.json'), '{\n "hosts": [,]\n}');
  await writeFile(join(home, 'logs'), '');
  await writeFile(join(home, 'run'), '');
  const up = start(['up', 'shop']);
  await shows(up, 'Listening');
  expect(up.stderr).toMatch(/line 2, [^]*config\.json\.broken/);
  expect(up.stderr).toMatch(/log .* could not be opened/);
  expect(up.stderr).toMatch(/control socket .* could not be opened/);
});

testWith('python3')('at a terminal there is a table in place, and the password is asked for without echo', async () => {
  const up = start(['up', 'shop'], { FAKE_ENGINE: 'asks' }, true);
  await shows(up, 'Password of me@shop: ');
  up.child.stdin?.write('right\r');
  await shows(up, 'Connected');
  expect(up.stdout).not.toContain('right');
  up.child.stdin?.write('\x03');
  expect(await up.ended).toBe(0);
  expect(up.stdout).toContain('\x1b[32m●\x1b[0m');
});

testWith('python3')('NO_COLOR is honoured', async () => {
  const up = start(['up', 'shop'], { NO_COLOR: '1' }, true);
  await shows(up, '● localhost:8080');
  expect(up.stdout).not.toContain('\x1b[32m');
});
