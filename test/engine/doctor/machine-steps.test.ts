import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { diagnoseMachine } from '../../../engine/doctor/diagnose.ts';
import { lookAtMachine, type MachineEvidence } from '../../../engine/doctor/machine-look.ts';
import { machineSteps } from '../../../engine/doctor/machine-steps.ts';

const fine: MachineEvidence = {
  platform: 'linux',
  sshVersion: 'OpenSSH_9.2p1',
  agent: { kind: 'keys', socket: '/run/agent', comments: ['ml@laptop'] },
  knownHosts: { kind: 'read', file: '/home/ml/.ssh/known_hosts', entries: 3 },
  runtimeDir: { kind: 'fine', path: '/run/user/1000/towline' },
  ipv6Loopback: true,
  privilegedPorts: 'allowed',
};

const stepOf = (id: string, change: Partial<MachineEvidence>) =>
  machineSteps({ ...fine, ...change }).find((step) => step.id === id);

test('a machine where all is well', () => {
  expect(machineSteps(fine).map(({ id, state, detail }) => `${id} ${state} ${detail}`)).toEqual([
    'ssh-client ok OpenSSH_9.2p1',
    'agent ok 1 usable: ml@laptop',
    'known-hosts ok /home/ml/.ssh/known_hosts: 3 entries',
    'runtime-dir ok /run/user/1000/towline',
    'ipv6-loopback ok ::1',
    'privileged-ports ok this user may listen on them',
  ]);
});

test.each<[string, string, Partial<MachineEvidence>, string]>([
  ['no OpenSSH', 'ssh-client', { sshVersion: undefined }, 'sudo apt-get install -y openssh-client'],
  [
    'an agent that is gone',
    'agent',
    { agent: { kind: 'broken', socket: '/run/agent', why: 'ENOENT' } },
    'eval "$(ssh-agent)"',
  ],
  ['an agent without keys', 'agent', { agent: { kind: 'keys', socket: '/run/agent', comments: [] } }, 'ssh-add'],
  [
    'others in the runtime folder',
    'runtime-dir',
    { runtimeDir: { kind: 'open-to-others', path: '/run/t' } },
    'chmod 700 /run/t',
  ],
  ['no ::1', 'ipv6-loopback', { ipv6Loopback: false }, 'sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0'],
  [
    'no port below 1024',
    'privileged-ports',
    { privilegedPorts: 'denied' },
    'sudo sysctl -w net.ipv4.ip_unprivileged_port_start=80',
  ],
])('%s is worth a look, and has a command that mends it', (_title, id, change, command) => {
  expect(stepOf(id, change)).toMatchObject({ state: 'warn', fix: { on: 'here' } });
  expect(stepOf(id, change)?.fix?.commands[0]).toBe(command);
});

test('more keys in the agent than a server has patience for', () => {
  const comments = Array.from({ length: 8 }, (_, index) => `key ${index}`);
  expect(stepOf('agent', { agent: { kind: 'keys', socket: '/run/agent', comments } })?.fix?.file?.lines).toContain(
    'IdentitiesOnly yes',
  );
});

test('what keeps us from working at all has failed', () => {
  expect(stepOf('known-hosts', { knownHosts: { kind: 'unreadable', file: '/k', why: 'EACCES' } })?.state).toBe(
    'failed',
  );
  expect(stepOf('runtime-dir', { runtimeDir: { kind: 'unwritable', path: '/r' } })?.state).toBe('failed');
});

test('commands for Linux are not given to others', () => {
  for (const id of ['ssh-client', 'ipv6-loopback', 'privileged-ports']) {
    expect(
      stepOf(id, { platform: 'darwin', sshVersion: undefined, ipv6Loopback: false, privilegedPorts: 'denied' })?.fix
        ?.commands,
    ).toEqual([]);
  }
});

test('no agent, a folder that is still to be made and ports that are all taken are no fault', () => {
  expect(stepOf('agent', { agent: { kind: 'none' } })?.state).toBe('ok');
  expect(stepOf('runtime-dir', { runtimeDir: { kind: 'missing', path: '/run/t' } })?.state).toBe('ok');
  expect(stepOf('privileged-ports', { privilegedPorts: 'unknown' })?.state).toBe('skipped');
});

describe('looking at this machine', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'machine-'));
    await mkdir(join(home, '.ssh'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const look = (env: NodeJS.ProcessEnv, runtimeDir = join(home, 'run')) =>
    lookAtMachine({ env: { HOME: home, ...env }, clock: systemClock, runtimeDir });

  test('finds what is there and what is not', async () => {
    await writeFile(
      join(home, '.ssh', 'known_hosts'),
      'lab ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5XYyHYVzX3mxOQEqoV9MWmqZC7hcuQ0xTiTBpJJt8F\n',
    );
    await mkdir(join(home, 'shared'), { mode: 0o755 });
    const found = await look({ PATH: '/nonexistent', SSH_AUTH_SOCK: join(home, 'gone') }, join(home, 'shared'));
    expect(found).toMatchObject({
      sshVersion: undefined,
      agent: { kind: 'broken' },
      knownHosts: { kind: 'read', entries: 1 },
      runtimeDir: { kind: 'open-to-others' },
    });
    expect(await look({})).toMatchObject({ agent: { kind: 'none' }, runtimeDir: { kind: 'missing' } });
  });

  test('known_hosts that can not be read', async () => {
    await mkdir(join(home, '.ssh', 'known_hosts'));
    expect((await look({})).knownHosts).toMatchObject({ kind: 'unreadable' });
  });

  test('tells a step for each thing', async () => {
    const ids: string[] = [];
    for await (const { id } of diagnoseMachine({ env: { HOME: home }, clock: systemClock, runtimeDir: home }))
      ids.push(id);
    expect(ids).toEqual(['ssh-client', 'agent', 'known-hosts', 'runtime-dir', 'ipv6-loopback', 'privileged-ports']);
  });
});
