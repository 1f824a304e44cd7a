import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { DisposableStore } from '../../engine/base/disposables.ts';
import type { DoctorStep, DoctorStepId } from '../../shared/doctor.ts';
import type { HostProfile } from '../../shared/host.ts';
import { RealHost } from './host/real-host.ts';
import { run } from './host/run.ts';
import type { Sshd, SshdConfig } from './host/sshd.ts';
import { examineHost, type Steps } from './support/examination.ts';

const host = new RealHost(inject('realHost'));
let owned = new DisposableStore();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(async () => {
  await owned.dispose();
  owned = new DisposableStore();
  await rm(folder, { recursive: true });
});

const examine = (sshd: Sshd, change?: Partial<HostProfile>) => examineHost(host, sshd, change);

let nextPort = 2300;

async function start(config: SshdConfig): Promise<Sshd> {
  const sshd = await host.startSshd(nextPort++, config);
  owned.defer(() => sshd.stop());
  return sshd;
}

const under = async (config: SshdConfig) => examine(await start(config));

/** Options before the key in authorized_keys. */
async function withKeyOptions(options: string): Promise<Steps> {
  const AuthorizedKeysFile = join(host.info.dir, `authorized_keys_${nextPort}`);
  await writeFile(AuthorizedKeysFile, `${options} ${await readFile(`${host.identityFile}.pub`, 'utf8')}`);
  return under({ AuthorizedKeysFile });
}

const states = (steps: Steps, ...ids: DoctorStepId[]) => ids.map((id) => steps[id].state).join(' ');

const part = (text: string | RegExp): unknown =>
  typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text);

/** The cause and the lines that mend it, as a step tells them. */
const cause = ({ detail, fix }: DoctorStep) => ({ detail, lines: fix?.file?.lines.join(', ') });

test('a host where all is well, over one connection', async () => {
  const before = await host.sshd.counts();
  const steps = await examine(host.sshd);
  expect(Object.values(steps).filter(({ state }) => state !== 'ok')).toEqual([
    expect.objectContaining({ id: 'compose', state: 'warn' }),
  ]);
  expect(steps['key-exchange'].detail).toMatch(/^curve25519-sha256, ssh-ed25519, aes128-gcm@openssh.com/);
  expect(steps.auth.detail).toContain(host.identityFile);
  expect(steps.sessions.detail).toMatch(/^MaxSessions 2;/);
  expect(steps.docker.detail).toMatch(/^Docker \d.*, through \/var\/run\/docker\.sock$/);
  expect((await host.sshd.counts()).connections - before.connections).toBe(1);
});

describe("sshd's rules", () => {
  test('MaxSessions 0: forwards and Docker work, commands do not', async () => {
    const steps = await under({ MaxSessions: 0 });
    expect(states(steps, 'exec', 'sessions', 'forward-tcp', 'forward-unix', 'docker')).toBe('warn warn ok ok ok');
    expect(cause(steps.exec)).toEqual({ detail: part('MaxSessions 0'), lines: 'MaxSessions 10' });
  });

  test.each([1, 2, 10])('MaxSessions %i is found', async (most) => {
    const steps = await under({ MaxSessions: most });
    expect(steps.sessions).toMatchObject({
      state: most === 1 ? 'warn' : 'ok',
      detail: part(new RegExp(`^MaxSessions ${most}[:;]`)),
    });
    expect(states(steps, 'exec', 'docker')).toBe('ok ok');
  });

  test.each<[string, SshdConfig, string]>([
    ['AllowTcpForwarding local', { AllowTcpForwarding: 'local' }, 'every address of the host'],
    ['PermitOpen any', { PermitOpen: 'any' }, 'every address of the host'],
    ['PermitOpen *:*', { PermitOpen: '*:*' }, 'every address of the host'],
  ])('%s is no hindrance', async (_title, config, detail) => {
    const steps = await under(config);
    expect(steps['forward-tcp'].detail).toBe(detail);
    expect(states(steps, 'forward-tcp', 'forward-unix', 'docker')).toBe('ok ok ok');
  });

  test.each<[string, SshdConfig, string, string]>([
    [
      'DisableForwarding',
      { DisableForwarding: 'yes' },
      'DisableForwarding yes',
      'DisableForwarding no, AllowTcpForwarding yes',
    ],
    [
      'AllowTcpForwarding no',
      { AllowTcpForwarding: 'no' },
      'AllowTcpForwarding no',
      'AllowTcpForwarding yes, DisableForwarding no',
    ],
    [
      'AllowTcpForwarding remote',
      { AllowTcpForwarding: 'remote' },
      'AllowTcpForwarding remote',
      'PermitOpen any, AllowTcpForwarding yes',
    ],
    [
      'AllowTcpForwarding no, whatever PermitOpen says',
      { AllowTcpForwarding: 'no', PermitOpen: 'any' },
      'AllowTcpForwarding no',
      'AllowTcpForwarding yes, DisableForwarding no',
    ],
    ['PermitOpen none', { PermitOpen: 'none' }, 'PermitOpen none', 'PermitOpen any, AllowTcpForwarding yes'],
  ])('%s: no port, and Docker only through dial-stdio', async (_title, config, why, lines) => {
    const steps = await under(config);
    expect(states(steps, 'forward-tcp', 'forward-unix', 'docker')).toBe('failed warn warn');
    expect(cause(steps['forward-tcp'])).toEqual({ detail: part(why), lines });
    expect(cause(steps['forward-unix'])).toEqual({ detail: part(why), lines });
    expect(steps.docker.detail).toContain('docker system dial-stdio');
  });

  test('a PermitOpen list: the addresses that are not on it, and no Unix socket', async () => {
    const steps = await under({ PermitOpen: '127.0.0.1:*' });
    expect(states(steps, 'forward-tcp', 'forward-unix', 'docker')).toBe('warn warn warn');
    expect(cause(steps['forward-tcp'])).toEqual({
      detail: part(/nothing to localhost, ::1, .*PermitOpen list/),
      lines: 'PermitOpen any',
    });
    expect(cause(steps['forward-unix'])).toEqual({
      detail: part('PermitOpen list'),
      lines: 'PermitOpen any',
    });
  });

  test.each(['no', 'remote'])('AllowStreamLocalForwarding %s: ports, but no Unix socket', async (allowed) => {
    const steps = await under({ AllowStreamLocalForwarding: allowed });
    expect(states(steps, 'forward-tcp', 'forward-unix', 'docker')).toBe('ok warn warn');
    expect(cause(steps['forward-unix'])).toEqual({
      detail: part('AllowStreamLocalForwarding no or remote'),
      lines: 'AllowStreamLocalForwarding yes',
    });
  });

  test('AllowStreamLocalForwarding no with ForceCommand: no way to Docker is left, and all that it may be is named', async () => {
    const steps = await under({ AllowStreamLocalForwarding: 'no', ForceCommand: '/bin/echo no entry' });
    expect(states(steps, 'exec', 'forward-tcp', 'docker')).toBe('warn ok failed');
    expect(steps.docker.detail).toContain('AllowStreamLocalForwarding');
  });

  test('ForceCommand: what ran in place of our command is shown', async () => {
    const steps = await under({ ForceCommand: '/bin/echo no entry' });
    expect(states(steps, 'exec', 'forward-tcp', 'docker', 'compose')).toBe('warn ok ok skipped');
    expect(cause(steps.exec)).toEqual({
      detail: part(/no entry.*ForceCommand/),
      lines: 'ForceCommand none',
    });
  });

  test('MaxStartups: the server is full', async () => {
    const sshd = await start({ MaxStartups: 1 });
    const waiting = connect(sshd.port, host.address);
    owned.defer(() => void waiting.destroy());
    await once(waiting, 'data'); // its identification: one login is under way
    const steps = await examine(sshd);
    expect(states(steps, 'tcp', 'banner', 'key-exchange', 'docker')).toBe('ok failed skipped skipped');
    expect(cause(steps.banner)).toEqual({
      detail: part('MaxStartups'),
      lines: part('MaxStartups 100:30:200'),
    });
  });

  test('post-quantum key exchanges only', async () => {
    const steps = await under({ KexAlgorithms: 'sntrup761x25519-sha512@openssh.com' });
    expect(states(steps, 'banner', 'key-exchange', 'host-key')).toBe('ok failed skipped');
    expect(cause(steps['key-exchange'])).toEqual({
      detail: part('post-quantum'),
      lines: 'KexAlgorithms +curve25519-sha256',
    });
  });

  test('ciphers that nobody here has', async () => {
    const steps = await under({ Ciphers: 'aes128-cbc' });
    expect(cause(steps['key-exchange'])).toEqual({
      detail: part('(Ciphers): aes128-cbc'),
      lines: part(/^Ciphers \+aes/),
    });
  });
});

describe('options of a key in authorized_keys', () => {
  test('restrict: no forwarding at all', async () => {
    const steps = await withKeyOptions('restrict');
    expect(states(steps, 'exec', 'forward-tcp', 'forward-unix', 'docker')).toBe('ok failed warn warn');
    expect(cause(steps['forward-tcp'])).toEqual({
      detail: part('restrict'),
      lines: part(/^restrict,port-forwarding /),
    });
  });

  test('restrict,port-forwarding is enough', async () => {
    expect(
      states(await withKeyOptions('restrict,port-forwarding'), 'exec', 'forward-tcp', 'forward-unix', 'docker'),
    ).toBe('ok ok ok ok');
  });

  test('no-port-forwarding is among what it may be', async () => {
    const { detail } = (await withKeyOptions('no-port-forwarding'))['forward-tcp'];
    expect(detail).toContain('no-port-forwarding');
  });

  test('permitopen= is named where it is', async () => {
    const steps = await withKeyOptions('permitopen="127.0.0.1:80"');
    expect(states(steps, 'exec', 'forward-unix')).toBe('ok warn');
    expect(steps['forward-unix'].detail).toContain('permitopen=');
  });

  test('command=: what ran in place of our command is shown', async () => {
    const steps = await withKeyOptions('command="echo hi"');
    expect(states(steps, 'exec', 'docker')).toBe('warn ok');
    expect(steps.exec.detail).toMatch(/hi: .*command=/);
  });
});

describe('Docker', () => {
  test('the user may not use the socket', async () => {
    await host.exec('chgrp root /var/run/docker.sock');
    owned.defer(async () => void (await host.exec('chgrp docker /var/run/docker.sock')));
    const { docker } = await examine(host.sshd);
    expect(docker).toMatchObject({
      state: 'failed',
      fix: { on: 'host', commands: [`sudo usermod -aG docker ${host.user}`] },
    });
  });

  test('the daemon is stopped, and where there is no docker command either, there is no Docker', async () => {
    const bin = join(host.info.dir, 'bin-without-docker');
    await host.exec(
      `mkdir -p ${bin}; for a in sh id true grep sed head cut tr; do ln -sf /bin/busybox ${bin}/$a; done`,
    );
    await host.dockerd.stop();
    owned.defer(() => host.dockerd.start());
    const stopped = await examine(host.sshd);
    expect(stopped.docker).toMatchObject({ state: 'failed', detail: part('daemon does not run') });
    expect(stopped.docker.fix?.commands).toEqual(['sudo systemctl enable --now docker']);
    const none = await under({ SetEnv: `PATH=${bin}` });
    expect(none.docker).toMatchObject({ state: 'failed', detail: part('no Docker on this host') });
    expect(none.compose.state).toBe('warn');
  });
});

describe('the way there', () => {
  test('a key that the server does not know', async () => {
    const identityFile = join(folder, 'stranger');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', identityFile]);
    const steps = await examine(host.sshd, { identityFile });
    expect(states(steps, 'host-key', 'auth', 'exec', 'docker')).toBe('ok failed skipped skipped');
    expect(steps.auth.detail).toContain(identityFile);
    expect(steps.auth.fix?.commands).toEqual([`ssh-copy-id ${host.user}@${host.address}`]);
  });

  test('a host key that has changed: both fingerprints, and the command that forgets the old one', async () => {
    const other = join(folder, 'other');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    const knownHostsFile = join(folder, 'known_hosts');
    await writeFile(knownHostsFile, `${host.address} ${await readFile(`${other}.pub`, 'utf8')}`);
    const steps = await examine(host.sshd, { knownHostsFile });
    expect(states(steps, 'key-exchange', 'host-key', 'auth')).toBe('ok failed skipped');
    expect(steps['host-key'].detail.match(/SHA256:/g)).toHaveLength(2);
    expect(steps['host-key'].fix?.commands).toEqual([`ssh-keygen -f '${knownHostsFile}' -R '${host.address}'`]);
  });

  test('a port where no SSH server listens, and a name that nobody has', async () => {
    const refused = await examine(host.sshd, { target: `ssh://${host.user}@${host.address}:9` });
    expect(states(refused, 'resolve', 'tcp', 'banner', 'keepalive')).toBe('ok failed skipped skipped');
    expect(refused.tcp.fix?.advice).toContain('sshd');
    const unknown = await examine(host.sshd, { target: 'ssh://nobody.invalid' });
    expect(states(unknown, 'resolve', 'tcp', 'banner')).toBe('failed skipped skipped');
  });

  test('the lines of ssh_config that matter, those of an included file too', async () => {
    const sshConfigFile = join(folder, 'config');
    await writeFile(join(folder, 'more'), `Host lab\n  HostName ${host.address}\n`);
    await writeFile(
      sshConfigFile,
      `Include ${join(folder, 'more')}\nHost other\n  User root\nHost l*\n  User ${host.user}\n`,
    );
    const { resolve, auth } = await examine(host.sshd, { target: 'lab', sshConfigFile });
    expect(auth.state).toBe('ok');
    expect(resolve.detail).toContain(
      `${join(folder, 'more')}:2 hostname ${host.address}; ${sshConfigFile}:5 user ${host.user}.`,
    );
  });
});
