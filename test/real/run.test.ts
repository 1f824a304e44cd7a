import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { deployRequestSchema, type DeployEvent } from '../../shared/deployment.ts';
import { commandRunRequestSchema, type CommandRunEvent } from '../../shared/run.ts';
import { statusDocument, type StatusDocument } from '../../shared/status.ts';
import { waitFor } from '../support/wait-for.ts';
import { DeployBench } from './deploy/deploy-bench.ts';
import { RealHost } from './host/real-host.ts';
import type { SshdCounts } from './host/sshd.ts';
import { hostId, RealEngine } from './support/real-engine.ts';

const program = join(import.meta.dirname, '../../headless/towline.ts');
const host = new RealHost(inject('realHost'));

let owned: DisposableStore;
let home: string;

beforeEach(async () => {
  owned = new DisposableStore();
  home = await mkdtemp(join(tmpdir(), 'tl-'));
  owned.defer(() => rm(home, { recursive: true }));
  const { target, identityFile, knownHostsFile } = host;
  const hosts = ['web1', 'web2'].map((id) => ({ id, target, identityFile, knownHostsFile }));
  await writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, hosts }));
});
afterEach(() => owned.dispose());

interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has said so far on stdout. */
  readonly said: () => string;
}

function start(args: readonly string[], input?: Buffer): Running {
  const env = { PATH: process.env['PATH'], HOME: home, TOWLINE_HOME: home };
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined).end(input);
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString('latin1')));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  owned.defer(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const ended = Promise.all([closed, buffer(child.stdout), buffer(child.stderr)]).then(([code, stdout, stderr]) => ({
    ...{ code, stdout, stderr: stderr.toString() },
  }));
  return { child, ended, said: () => said };
}

async function towline(args: readonly string[], input?: Buffer): Promise<Omit<Ended, 'stdout'> & { stdout: string }> {
  const { stdout, ...rest } = await start(args, input).ended;
  return { ...rest, stdout: stdout.toString() };
}

/** An engine of its own process, connected to both hosts; it has looked around on both. */
async function up(): Promise<Running> {
  const before = await host.sshd.counts();
  const engine = start(['up', '--json']);
  const ready = (id: string): boolean => engine.said().includes(`"event":"ready","host":"${id}"`);
  await waitFor(() => ready('web1') && ready('web2'), { what: 'the engine to be connected', timeoutMs: 20_000 });
  const looked = async (): Promise<boolean> => (await host.sshd.counts()).sessions === before.sessions + 2;
  await waitFor(looked, { what: 'both looks around', timeoutMs: 20_000 });
  return engine;
}

/** What a command costs the host, beside what it says. */
async function cost<T>(work: () => Promise<T>): Promise<[T, SshdCounts]> {
  const before = await host.sshd.counts();
  const result = await work();
  const after = await host.sshd.counts();
  return [result, { connections: after.connections - before.connections, sessions: after.sessions - before.sessions }];
}

/** A command that runs until it is ended, says so when it runs, and can be found again among the host's processes. */
function endless(): { line: string; gone: () => Promise<unknown> } {
  const seconds = `${10_000 + randomBytes(2).readUInt16BE()}`;
  const left = () => host.exec(`busybox ps -o args | grep -c "[s]leep ${seconds}" || true`);
  const gone = () =>
    waitFor(async () => Number(await left()) === 0, { what: 'its processes to be gone', timeoutMs: 20_000 });
  return { line: `(sleep ${seconds} & sleep ${seconds}) & echo up; sleep ${seconds}`, gone };
}

const ups = (running: Running) =>
  waitFor(() => running.said().includes('up\n'), { what: 'it to run', timeoutMs: 20_000 });

test('without an engine it takes one connection of its own; output, errors and the exit code are the command’s', async () => {
  const [{ code, stdout, stderr }, spent] = await cost(() =>
    towline(['run', 'web1', '--', 'sh', '-c', 'echo out; echo err >&2; exit 42']),
  );
  expect({ code, stdout, stderr }).toEqual({ code: 42, stdout: 'out\n', stderr: 'err\n' });
  expect(spent).toEqual({ connections: 1, sessions: 2 }); // one of them is the look around
});

test('through the running engine it takes one session of the connection that is there, and is counted', async () => {
  await up();
  const [ended, spent] = await cost(() =>
    towline(['run', 'web1', '--', 'sh', '-c', 'echo out; echo err >&2; exit 42']),
  );
  expect(ended).toEqual({ code: 42, stdout: 'out\n', stderr: 'err\n' });
  expect(spent).toEqual({ connections: 0, sessions: 1 });
  const { hosts } = JSON.parse((await towline(['status', '--json'])).stdout) as StatusDocument;
  expect(hosts[0]?.commands).toMatchObject({ waiting: 0, running: 0, completed: 1, rejected: 0 });
});

test.each(['a connection of its own', 'the running engine'])(
  '10 MB go there and back through %s without a changed byte',
  async (way) => {
    if (way === 'the running engine') await up();
    const bytes = randomBytes(10_000_000);
    const { code, stdout } = await start(['run', 'web1', '--', 'cat'], bytes).ended;
    expect([code, stdout.length, stdout.equals(bytes)]).toEqual([0, bytes.length, true]);
  },
);

test('input that the command leaves unread does not keep it', async () => {
  const { code, stdout } = await start(['run', 'web1', '--', 'head', '-c', '3'], Buffer.alloc(8_000_000, 'x')).ended;
  expect([code, stdout.toString()]).toEqual([0, 'xxx']);
});

test('several commands share one session; each has its own result, and the first that fails is the exit code', async () => {
  await up();
  const lines = ['-c', 'printf one', '-c', 'echo two >&2; exit 3', '-c', "printf '\\377'"];
  const [{ code, stdout }, spent] = await cost(() => towline(['run', 'web1', '--json', '--keep-going', ...lines]));
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([
    { host: 'web1', n: 1, command: 'printf one', code: 0, stdout: 'one', stderr: '' },
    { host: 'web1', n: 2, code: 3, stdout: '', stderr: 'two\n' },
    { host: 'web1', n: 3, code: 0, stdoutBase64: '/w==' },
  ]);
  expect([code, spent.sessions]).toEqual([3, 1]);
});

test('a script runs under its own interpreter, with arguments and input', async () => {
  const file = join(home, 'count.sh');
  await writeFile(file, '#!/bin/bash -u\nread -r line\nprintf "%s|" "$@" "$line" "${BASH##*/}"\nexit 9\n');
  expect(await towline(['run', 'web1', '--script', file, '--', 'a b', '$HOME'], Buffer.from('input\n'))).toEqual({
    ...{ code: 9, stdout: 'a b|$HOME|input|bash|', stderr: '' },
  });
});

test('a group is run on at most so many hosts at once, with a table at the end; one that fails makes it 1', async () => {
  await up();
  const fine = await towline(['run', '--hosts', 'web*', '--concurrency', '1', '--', 'echo', 'hello']);
  expect(fine).toMatchObject({ code: 0, stderr: '' });
  expect(fine.stdout).toMatch(/^web1 \| hello\nweb2 \| hello\n\nweb1 {2}done {2}\S+ s\nweb2 {2}done {2}\S+ s\n$/);
  const failed = await towline(['run', '--hosts', 'web2', '--json', '--', 'sh', '-c', 'exit 3']);
  expect([failed.code, JSON.parse(failed.stdout)]).toMatchObject([1, { host: 'web2', code: 3 }]);
  expect(await towline(['run', '--hosts', 'db*', '--', 'true'])).toMatchObject({
    ...{ code: 1, stderr: 'No host has such a name.\nThere are: web1, web2.\n' },
  });
});

test.each(['a connection of its own', 'the running engine'])(
  'after its time it is ended on the host through %s, and the exit code is 124',
  async (way) => {
    if (way === 'the running engine') await up();
    const { line, gone } = endless();
    expect(await towline(['run', 'web1', '--timeout', '1s', '-c', line])).toMatchObject({
      ...{
        code: 124,
        stdout: 'up\n',
        stderr: 'Not done after 1 s, so it was ended.\nGive it more time with --timeout.\n',
      },
    });
    await gone();
  },
);

test.each(['a connection of its own', 'the running engine'])(
  'Ctrl-C ends it on the host through %s, and the exit code is 130',
  async (way) => {
    if (way === 'the running engine') await up();
    const { line, gone } = endless();
    const running = start(['run', 'web1', '-c', line]);
    await ups(running);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130 });
    await gone();
  },
);

test.each(['a connection of its own', 'the running engine'])(
  'a client that is killed hard leaves nothing running behind %s',
  async (way) => {
    if (way === 'the running engine') await up();
    const { line, gone } = endless();
    const running = start(['run', 'web1', '-c', line]);
    await ups(running);
    running.child.kill('SIGKILL');
    await gone();
    if (way === 'the running engine')
      expect(await towline(['run', 'web1', '--', 'echo', 'next'])).toMatchObject({ code: 0, stdout: 'next\n' });
  },
);

test('a connection that the server drops is told, and the host ends what ran', async () => {
  await up();
  const { line, gone } = endless();
  const running = start(['run', 'web1', '-c', line]);
  await ups(running);
  await host.sshd.killConnections();
  const ended = await running.ended;
  expect([ended.code, ended.stderr.split('\n')[0]]).toEqual([
    1,
    'The connection to web1 was lost while the command ran, so its result is not known.',
  ]);
  await gone();
});

test('a reader that goes away ends it, with the code that a shell gives that', async () => {
  const running = start(['run', 'web1', '--', 'yes']);
  await waitFor(() => running.said().includes('y'), { what: 'output', timeoutMs: 20_000 });
  running.ended.catch(() => undefined); // we are the reader
  running.child.stdout?.destroy();
  const code = await new Promise((resolve) => running.child.once('exit', resolve));
  expect(code).toBe(141);
  await waitFor(async () => (await host.exec('busybox ps -o args | grep -cx yes || true')).trim() === '0', {
    what: 'the command to be gone',
    timeoutMs: 20_000,
  });
});

const hostile = [
  ...[
    '',
    ' ',
    'a b',
    "it's",
    '"double"',
    '$(touch never)',
    '`id`',
    '${HOME}',
    '$HOME',
    '\\',
    '\\n',
    '%s',
    '\n',
    'end\n\n',
  ],
  ...[
    '*',
    '?',
    '~',
    '!!',
    '!x',
    '-n',
    '--',
    ';',
    '&&',
    '>x',
    '#',
    'ünï ☃ 🐳',
    '\u0001\u007f',
    '@@',
    'x=y',
    '\r\n',
    '\\0101',
    '(',
    '{a,b}',
  ],
];

/** What bash, fish and csh have in common and no more: one line, words in single quotes, no `!`. */
const narrowShell = `#!/bin/sh
case $2 in "exec sh -c '"*"' towline") ;; *) echo "syntax error: $2" >&2; exit 2 ;; esac
program=\${2#"exec sh -c '"}; program=\${program%"' towline"}
case $program in *\\'*|*!*) echo "syntax error: $2" >&2; exit 2 ;; esac
exec sh -c "$program" towline
`;

const installed = ['/bin/bash', '/usr/bin/fish', '/bin/tcsh', '/usr/bin/zsh'].filter((shell) => {
  try {
    accessSync(shell, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

test.each(['the narrowest', ...installed])(
  'arguments arrive as they were given where the login shell is %s',
  async (shell) => {
    const narrow = join(host.info.dir, 'narrow-shell');
    await writeFile(narrow, narrowShell);
    await chmod(narrow, 0o755);
    const passwd = join(host.info.dir, 'passwd');
    const before = await readFile(passwd, 'utf8');
    owned.defer(() => writeFile(passwd, before));
    const login = shell === 'the narrowest' ? narrow : shell;
    await writeFile(passwd, before.replace(new RegExp(`^(${host.user}:.*):[^:]*$`, 'm'), `$1:${login}`));
    const { code, stdout, stderr } = await towline(['run', 'web1', '--', 'printf', '%s\\0', ...hostile]);
    expect({ code, stderr, words: stdout.split('\0') }).toEqual({ code: 0, stderr: '', words: [...hostile, ''] });
    expect((await towline(['run', 'web1', '-c', 'echo "$SHELL"'])).stdout).toBe(`${login}\n`);
  },
);

test('a login that may run nothing is told with what it says', async () => {
  const passwd = join(host.info.dir, 'passwd');
  const before = await readFile(passwd, 'utf8');
  owned.defer(() => writeFile(passwd, before));
  await writeFile(passwd, before.replace(new RegExp(`^(${host.user}:.*):[^:]*$`, 'm'), '$1:/usr/sbin/nologin'));
  const { code, stderr } = await towline(['run', 'web1', '--', 'true']);
  expect([code, stderr.split('\n')[0]]).toEqual([1, 'web1 did not run it: This account is currently not available.']);
});

test.each([1, 2])(
  'with MaxSessions %i and a deployment under way a command waits for its turn, or runs beside it',
  async (MaxSessions) => {
    const bench = owned.add(await DeployBench.open(host, 'page', { gates: { stableMs: 60_000, timeoutMs: 120_000 } }));
    const sshd = await host.startSshd(2250 + MaxSessions, { MaxSessions });
    owned.defer(() => sshd.stop());
    const target = `ssh://${host.user}@${host.address}:${sshd.port}`;
    const settings = { stacks: [bench.stack] };
    const real = owned.add(await RealEngine.start(host, { settings, profile: { target, sessionLimit: MaxSessions } }));
    await real.ready();
    const never = new AbortController().signal;

    const deployed: DeployEvent[] = [];
    const stop = new AbortController();
    const deploying = (async () => {
      const request = deployRequestSchema.parse({ stacks: ['page'] });
      for await (const event of real.engine.stacks.deploy(request, stop.signal)) deployed.push(event);
    })();
    deploying.catch(() => undefined);
    const proving = (event: DeployEvent): boolean =>
      event.kind === 'progress' && event.progress.kind === 'stage' && event.progress.stage === 'gating';
    await waitFor(() => deployed.some(proving), { what: 'the new release to prove itself', timeoutMs: 60_000 });

    const ran: CommandRunEvent[] = [];
    const task = { kind: 'commands', commands: [['echo', 'beside']] };
    const running = (async () => {
      for await (const event of real.engine.runs.start(commandRunRequestSchema.parse({ hostId, task }), never))
        ran.push(event);
    })();
    if (MaxSessions === 1) {
      await real.until('the command to wait', ({ commands }) => commands?.running === 1 && commands.waiting === 1);
      expect(ran.map(({ kind }) => kind)).toEqual(['begun']);
      stop.abort(new Error('enough'));
      await deploying.catch(() => undefined);
      await running;
    } else {
      await running;
      await real.until('the deployment to run on alone', ({ commands }) => commands?.running === 1);
      stop.abort(new Error('enough'));
      await deploying.catch(() => undefined);
    }
    expect(ran.map(({ kind }) => kind)).toEqual(['begun', 'started', 'output', 'exited']);
    await real.until('both to be counted', ({ commands }) => commands?.completed === 2 && commands.running === 0);
    expect(statusDocument(real.engine.store.state, 0).hosts[0]).toMatchObject({
      connections: { opened: 1 },
      sessions: { limit: MaxSessions, inUse: 0, peak: MaxSessions },
      commands: { rejected: 0, durations: { count: 2 } },
    });
  },
);
