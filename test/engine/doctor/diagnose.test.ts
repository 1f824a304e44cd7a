import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { diagnose } from '../../../engine/doctor/diagnose.ts';
import { lookAtDocker } from '../../../engine/doctor/docker-look.ts';
import { ChannelRefused } from '../../../engine/ssh/channels.ts';
import { planConnection } from '../../../engine/ssh/connect-plan.ts';
import { overSsh2 } from '../../../engine/ssh/ssh2-link.ts';
import { generateSshKey } from '../../../engine/demo/ssh-keys.ts';
import type { DoctorStep } from '../../../shared/doctor.ts';
import type { HostProfile } from '../../../shared/host.ts';
import { TestDocker } from '../../support/test-docker.ts';
import { dialStdioExec, startTestSshd, type TestSshd, type TestSshdOptions } from '../../support/test-sshd.ts';
import { waitFor } from '../../support/wait-for.ts';

const key = generateSshKey();
const remote =
  'user=ml\nuid=1000\ngroups=ml docker\ndocker_host=\ndocker=yes\nsocket=w/var/run/docker.sock\ndocker_says=20.10.24\ncompose_plugin=2.29.1\n';

let home = '';
let owned = new DisposableStore();
let docker: TestDocker;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'diagnose-'));
  owned.defer(() => rm(home, { recursive: true }));
  await writeFile(join(home, 'key'), key.privateKey, { mode: 0o600 });
  docker = owned.add(new TestDocker());
});
afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
});

async function serve(options: TestSshdOptions = {}): Promise<TestSshd> {
  const exec = dialStdioExec(
    () => docker.connect(),
    async (command, { stdout }) => {
      if (command.includes('docker_says')) stdout.write(remote);
      return 0;
    },
  );
  return owned.add(
    await startTestSshd({ auth: { publicKeys: [key.publicKey] }, openUnix: () => docker.connect(), exec, ...options }),
  );
}

async function examine(
  sshd: TestSshd,
  signal = new AbortController().signal,
  by: 'ssh2' | 'another program' = 'ssh2',
  change: Partial<HostProfile> = {},
): Promise<Record<string, DoctorStep>> {
  const profile = {
    id: 'lab',
    target: `ssh://ml@127.0.0.1:${sshd.port}`,
    sshConfigFile: 'none',
    identityFile: join(home, 'key'),
    knownHostsFile: join(home, 'known_hosts'),
    acceptNewHostKey: true,
    ...change,
  };
  const env = { HOME: home, PATH: process.env['PATH'] };
  const plan = planConnection({ profile, prompter: () => Promise.resolve(undefined), clock: systemClock, env });
  const steps: Record<string, DoctorStep> = {};
  const connect = by === 'ssh2' ? undefined : overSsh2(plan, systemClock);
  for await (const step of diagnose({ profile, plan, connect, clock: systemClock, signal, env })) steps[step.id] = step;
  return steps;
}

const openSsh = expect.stringContaining('--transport openssh') as string;
const summary = (steps: Record<string, DoctorStep>) => Object.values(steps).map(({ id, state }) => `${id} ${state}`);

test('the whole way, over one connection that is closed at the end', async () => {
  const sshd = await serve();
  const steps = await examine(sshd);
  expect(summary(steps)).toEqual(
    [
      'resolve',
      'tcp',
      'banner',
      'key-exchange',
      'host-key',
      'auth',
      'exec',
      'sessions',
      'forward-tcp',
      'forward-unix',
      'docker',
      'compose',
      'keepalive',
    ].map((id) => `${id} ok`),
  );
  expect(steps['docker']?.detail).toContain('Docker 20.10.24');
  expect(steps['sessions']?.detail).toMatch(/^MaxSessions 10/);
  expect(sshd.counts.connections).toBe(1);
  await waitFor(() => sshd.counts.connectionsOpen === 0, { what: 'the connection to be closed' });
  expect(sshd.counts.sessionsOpen + sshd.counts.channelsOpen).toBe(0);
});

test('over a link that another program holds the same is asked, and found', async () => {
  const sshd = await serve();
  const steps = await examine(sshd, undefined, 'another program');
  expect(summary(steps)).toEqual(summary(await examine(sshd)));
  expect(steps['keepalive']?.detail).toContain("ssh's own");
  await waitFor(() => sshd.counts.connectionsOpen === 0, { what: 'the connections to be closed' });
  expect([sshd.counts.connections, sshd.counts.sessionsOpen + sshd.counts.channelsOpen]).toEqual([2, 0]);
  sshd.refuse({ tcpip: 'prohibited' });
  expect((await examine(sshd, undefined, 'another program'))['forward-tcp']).toMatchObject({
    state: 'failed',
    fix: { file: { lines: ['AllowTcpForwarding yes', 'DisableForwarding no'] } },
  });
});

test('the place of a session that has just ended is waited for', async () => {
  let opened = 0;
  const link = {
    openUnix: () => Promise.reject(new ChannelRefused('prohibited', 'direct-streamlocal', 'no')),
    openSession: async () => {
      opened += 1;
      if (opened % 2 === 1) throw new ChannelRefused('connect-failed', 'session channel', 'open failed');
      return Object.assign(docker.connect(), { stderr: new PassThrough(), signal: () => undefined });
    },
  };
  const { endpoint, versions } = await lookAtDocker(undefined, undefined, link, systemClock);
  expect([endpoint?.kind, versions?.engineVersion]).toEqual(['dial-stdio', '20.10.24']);
});

test('a server that lets nobody in: the login failed, and what follows was not looked at', async () => {
  const steps = await examine(await serve({ auth: {} }));
  expect(summary(steps)).toContain('auth failed');
  expect(
    summary(steps)
      .slice(6)
      .every((line) => line.endsWith('skipped')),
  ).toBe(true);
});

test('what the system’s ssh could do is told with the step that it would pass', async () => {
  const unattended = (sshd: TestSshd) => examine(sshd, undefined, 'ssh2', { acceptNewHostKey: false });
  const authority = key.publicKey.toString('base64');
  await writeFile(join(home, 'known_hosts'), `@cert-authority * ssh-ed25519 ${authority}\n`);
  const vouched = await unattended(await serve());
  expect(vouched['host-key']).toMatchObject({ state: 'failed', fix: { advice: openSsh } });
  await writeFile(join(home, 'known_hosts'), '');
  expect((await unattended(await serve()))['host-key']?.fix?.advice).not.toContain('--transport openssh');
  await writeFile(join(home, 'key-cert.pub'), '');
  const certified = await examine(await serve({ auth: {} }));
  expect(certified['auth']).toMatchObject({ state: 'failed', fix: { advice: openSsh } });
});

test('a server that refuses Unix sockets while Docker runs there', async () => {
  const sshd = await serve();
  sshd.refuse({ streamlocal: 'connect-failed' });
  const steps = await examine(sshd);
  expect(steps['forward-unix']).toMatchObject({
    state: 'warn',
    fix: { file: { lines: ['AllowStreamLocalForwarding yes'] } },
  });
  expect(steps['docker']?.state).toBe('warn');
});

test('a server that opens no session', async () => {
  const steps = await examine(await serve({ maxSessions: 0 }));
  expect(summary(steps)).toEqual(
    expect.arrayContaining(['exec warn', 'sessions warn', 'docker ok', 'compose skipped']),
  );
});

test.each<[string, (cut: () => void) => TestSshdOptions]>([
  ['a command runs', (cut) => ({ exec: async () => (cut(), 0) })],
  ['ports are tried', (cut) => ({ openTcp: () => (cut(), { refused: 'connect-failed', description: 'late' }) })],
  ['Docker is looked for', (cut) => ({ openUnix: () => (cut(), docker.connect()) })],
])('a connection that is cut while %s: no rule is blamed for it', async (_when, options) => {
  const sshd: TestSshd = await serve(options(() => sshd.network.cut()));
  const lines = summary(await examine(sshd));
  expect(lines.slice(5)).toEqual(['auth ok', 'exec failed', ...lines.slice(7)]);
  expect(lines.slice(7).every((line) => line.endsWith('skipped'))).toBe(true);
});

test('a target that is none, and an ssh_config with a mistake', async () => {
  const config = join(home, 'config');
  await writeFile(config, 'Host "lab\n');
  const env = { HOME: home, PATH: process.env['PATH'] };
  for (const profile of [
    { id: 'x', target: 'http://lab' },
    { id: 'x', target: 'lab', sshConfigFile: config },
  ]) {
    const plan = planConnection({ profile, prompter: () => Promise.resolve(undefined), clock: systemClock, env });
    const steps: DoctorStep[] = [];
    for await (const step of diagnose({ profile, plan, clock: systemClock, signal: new AbortController().signal, env }))
      steps.push(step);
    expect(steps.map(({ state }) => state)).toEqual(['failed', ...Array.from({ length: 12 }, () => 'skipped')]);
  }
});

test('an abort ends it', async () => {
  const given = new AbortController();
  const sshd = await serve({ openUnix: () => (given.abort(new Error('enough')), docker.connect()) });
  await expect(examine(sshd, given.signal)).rejects.toThrow('enough');
  await waitFor(() => sshd.counts.connectionsOpen === 0, { what: 'the connection to be closed' });
});
