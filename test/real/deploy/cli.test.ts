import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import type { DeployHistory } from '../../../shared/deploy.ts';
import { waitFor } from '../../support/wait-for.ts';
import { RealHost } from '../host/real-host.ts';
import type { Sshd, SshdCounts } from '../host/sshd.ts';
import { DeployBench } from './deploy-bench.ts';

const program = join(import.meta.dirname, '../../../headless/towline.ts');
const host = new RealHost(inject('realHost'));

let owned: DisposableStore;
let bench: DeployBench;
let sshd: Sshd;
let home: string;

beforeEach(async () => {
  owned = new DisposableStore();
  home = await mkdtemp(join(tmpdir(), 'tl-'));
  owned.defer(() => rm(home, { recursive: true }));
  bench = owned.add(await DeployBench.open(host, 'page'));
  sshd = await host.startSshd(2231, {});
  owned.defer(() => sshd.stop());
  const { user, address, identityFile, knownHostsFile } = host;
  const key = ['-i', identityFile, '--known-hosts', knownHostsFile];
  await towline('hosts', 'add', `ssh://${user}@${address}:${sshd.port}`, '--id', 'real', ...key);
  await towline('stacks', 'add', 'page', '--host', 'real', '--dir', bench.stack.dir);
  await proveWith({ stableMs: 300, timeoutMs: 20_000 }, [
    { kind: 'http', url: 'http://127.0.0.1:18301/', body: '^page' },
  ]);
});
afterEach(() => owned.dispose());

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly ended: Promise<Ended>;
  readonly output: () => string;
  readonly interrupt: () => void;
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, TOWLINE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  owned.defer(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const ended = closed.then((code) => ({ code, stdout, stderr }));
  return { ended, output: () => stdout, interrupt: () => void child.kill('SIGINT') };
}

const towline = (...args: string[]): Promise<Ended> => start(...args).ended;

/** Gates and checks are set in the settings file, as people do it. */
async function proveWith(gates: object, checks: object[]): Promise<void> {
  const file = join(home, 'config.json');
  const settings = JSON.parse(await readFile(file, 'utf8')) as { stacks: object[] };
  const stacks = settings.stacks.map((stack) => ({ ...stack, gates, checks }));
  await writeFile(file, JSON.stringify({ ...settings, stacks }));
}

/** What a command costs the host, beside what it says. */
async function cost<T>(work: Promise<T>): Promise<SshdCounts> {
  const before = await sshd.counts();
  await work;
  const after = await sshd.counts();
  return { connections: after.connections - before.connections, sessions: after.sessions - before.sessions };
}

const page = (text: string) => writeFile(join(bench.stack.dir, 'www/index.html'), `${text}\n`);

test('a deployment costs one connection and, beside the look around, one session; then it runs and is proven', async () => {
  const deploying = towline('deploy', 'page');
  expect(await cost(deploying)).toEqual({ connections: 1, sessions: 2 });
  const { code, stdout, stderr } = await deploying;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/2 added; .*● health: 1 container running\n.*status 200, body matches\n.*● Runs/s);
  expect(await bench.page(18301)).toBe('page one');
});

test('a dry run names what would be sent, and going back brings the page before', async () => {
  await towline('deploy', '--all');
  await page('page two');
  const dry = await towline('deploy', 'page', '--dry-run');
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/1 changed; .*\n {2}~ www\/index\.html/) as string,
  });
  expect(await bench.page(18301)).toBe('page one');

  await towline('deploy', 'page');
  expect(await bench.page(18301)).toBe('page two');
  const history = JSON.parse((await towline('history', 'page', '--json')).stdout) as DeployHistory;
  expect(history.releases.map(({ current }) => current)).toEqual([true, false]);
  const rollback = towline('rollback', 'page', '--json');
  expect(await cost(rollback)).toEqual({ connections: 1, sessions: 2 });
  expect(JSON.parse((await rollback).stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    event: 'result',
    stack: 'page',
    outcome: 'succeeded',
  });
  expect(await bench.page(18301)).toBe('page one');
});

test('verifying changes nothing and takes no session but the look around', async () => {
  await towline('deploy', 'page');
  const verifying = towline('deploy', 'page', '--verify-only');
  expect(await cost(verifying)).toEqual({ connections: 1, sessions: 1 });
  expect(await verifying).toMatchObject({ code: 0, stdout: expect.stringMatching(/Works\n$/) as string });
});

test('a page that is not as it should be puts the old one back, says why, and is 1', async () => {
  await towline('deploy', 'page');
  await page('wrong');
  await proveWith({ stableMs: 0, timeoutMs: 1_000 }, [{ kind: 'http', url: 'http://127.0.0.1:18301/', body: '^page' }]);
  expect(await towline('deploy', 'page')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/does not match.*Going back.*Failed\. The release before runs\./s) as string,
  });
  expect(await bench.page(18301)).toBe('page one');
});

test('a running engine deploys over the connection that it has; Ctrl-C is heard there, and the end of it here', async () => {
  const { sessions } = await sshd.counts();
  const engine = start('up', '--json');
  const probed = async (): Promise<boolean> => (await sshd.counts()).sessions > sessions;
  await waitFor(async () => engine.output().includes('"event":"ready"') && (await probed()), {
    what: 'the engine to be connected and to have looked around',
    timeoutMs: 20_000,
  });
  const deploying = towline('deploy', 'page');
  expect(await cost(deploying)).toEqual({ connections: 0, sessions: 1 });
  expect(await deploying).toMatchObject({ code: 0 });

  await page('page two');
  await proveWith({ stableMs: 60_000, timeoutMs: 120_000 }, []);
  const known = async (): Promise<boolean> => (await towline('stacks', 'list', '--json')).stdout.includes('60000');
  await waitFor(known, { what: 'the engine to have read the settings', timeoutMs: 20_000 });
  const slow = start('deploy', 'page');
  await waitFor(() => slow.output().includes('Waiting until it works'), { what: 'the gates', timeoutMs: 20_000 });
  slow.interrupt();
  expect(await slow.ended).toMatchObject({ code: 1, stdout: expect.stringMatching(/Cancelled/) as string });
  await bench.settled();
  expect(await bench.page(18301)).toBe('page one');
  engine.interrupt();
  expect(await engine.ended).toMatchObject({ code: 0 });
});

test('Ctrl-C while the new release proves itself brings the old one back, with nothing left behind', async () => {
  await towline('deploy', 'page');
  await page('page two');
  await proveWith({ stableMs: 60_000, timeoutMs: 120_000 }, []);
  const deploying = start('deploy', 'page');
  await waitFor(() => deploying.output().includes('Waiting until it works'), { what: 'the gates', timeoutMs: 20_000 });
  deploying.interrupt();
  expect(await deploying.ended).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/Cancelled\. The release before runs\.\n$/) as string,
  });
  expect(await bench.leftovers()).toEqual([]);
  expect(await bench.page(18301)).toBe('page one');
});
