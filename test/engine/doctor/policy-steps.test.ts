import { describe, expect, test } from 'vitest';
import type { DockerEvidence } from '../../../engine/doctor/docker-look.ts';
import { dockerSteps } from '../../../engine/doctor/docker-steps.ts';
import type { PolicyEvidence } from '../../../engine/doctor/policy-look.ts';
import { policySteps } from '../../../engine/doctor/policy-steps.ts';
import type { DoctorStep } from '../../../shared/doctor.ts';
import { closed, docker, look, open, policy, unreached } from './evidence.ts';

function steps(change: Partial<PolicyEvidence>, found: DockerEvidence = docker): Record<string, DoctorStep> {
  const evidence = { ...policy, ...change };
  return Object.fromEntries(
    [...policySteps(evidence, found), ...dockerSteps(evidence, found)].map((step) => [step.id, step]),
  );
}

const overStdio: DockerEvidence = {
  ...docker,
  endpoint: { kind: 'dial-stdio', why: 'open failed' },
  refused: ['/var/run/docker.sock'],
};
const says = (dockerSays: string | undefined) => ({ look: { ...look, dockerSays } });

test('where all is well, every step says so', () => {
  expect(Object.values(steps({})).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
});

describe('which rule keeps us from forwarding', () => {
  test.each([
    [
      'restrict',
      { dialled: closed, terminal: false, agent: false, listener: false },
      /restrict/,
      ['restrict,port-forwarding'],
    ],
    [
      'DisableForwarding',
      { dialled: closed, terminal: true, agent: false, listener: false },
      /DisableForwarding yes/,
      ['DisableForwarding no'],
    ],
    [
      'AllowTcpForwarding no',
      { dialled: closed, terminal: true, agent: true, listener: false },
      /AllowTcpForwarding no/,
      ['AllowTcpForwarding yes'],
    ],
    [
      'PermitOpen none',
      { dialled: closed, terminal: true, agent: true, listener: true },
      /PermitOpen none/,
      ['PermitOpen any'],
    ],
    [
      'a PermitOpen list',
      { dialled: { ...closed, '127.0.0.1': 'allowed' as const } },
      /PermitOpen list/,
      ['PermitOpen any'],
    ],
    [
      'AllowStreamLocalForwarding no',
      { dialled: open },
      /AllowStreamLocalForwarding no/,
      ['AllowStreamLocalForwarding yes'],
    ],
  ])('%s', (_rule, change, cause, lines) => {
    const unix = steps(change, overStdio)['forward-unix'];
    expect(unix?.detail).toMatch(cause);
    expect(unix?.fix?.file?.lines.join()).toContain(lines.join());
  });

  test('where no session is open to ask in, the closest rule is named', () => {
    const command = { kind: 'refused', reason: 'connect-failed', detail: 'open failed' } as const;
    const { exec, docker: step } = steps(
      { command, look: undefined, dialled: closed, listener: false, sessions: { asked: 11, granted: 0 } },
      unreached('docker-not-running'),
    );
    expect(exec?.detail).toContain('MaxSessions 0');
    expect(step?.detail).toContain('AllowTcpForwarding no');
  });

  test('the lines that were found in sshd_config and authorized_keys are shown', () => {
    const seen = {
      ...look,
      sshdLines: ['/etc/ssh/sshd_config:12: AllowTcpForwarding no', '/etc/ssh/sshd_config:13: X 1'],
      keyLines: ['1:permitopen="a:1"'],
    };
    const step = steps({ look: seen, dialled: closed, terminal: true, agent: true, listener: false }, overStdio)[
      'forward-tcp'
    ];
    expect(step?.fix?.advice).toContain('Found there: /etc/ssh/sshd_config:12 AllowTcpForwarding no.');
    expect(step?.detail).toContain('permitopen="a:1"');
  });

  test('a server that opens such a channel and never serves it', () => {
    const step = steps({}, { ...overStdio, refused: [] })['forward-unix'];
    expect(step).toMatchObject({ state: 'warn' });
    expect(step?.detail).toContain('never served');
  });
});

describe('commands and sessions', () => {
  test('a command that never ends, and one that is not taken', () => {
    expect(steps({ command: { kind: 'silent' }, look: undefined })['exec']?.detail).toMatch(
      /never ended.*ForceCommand/,
    );
    const refused = { kind: 'refused', reason: 'command-refused', detail: 'Unable to exec' } as const;
    expect(steps({ command: refused, look: undefined })['exec']?.detail).toMatch(/takes no commands.*ForceCommand/);
  });

  test.each([
    [0, 'warn', /none is granted/],
    [1, 'warn', /^MaxSessions 1:/],
    [2, 'ok', /^MaxSessions 2;/],
    [11, 'ok', /^11 and more/],
  ] as const)('%i sessions of 11 that were asked for', (granted, state, detail) => {
    const step = steps({ sessions: { asked: 11, granted } })['sessions'];
    expect(step?.state).toBe(state);
    expect(step?.detail).toMatch(detail);
  });
});

describe('Docker', () => {
  test.each([
    [
      'not in the group, by the probe',
      says(undefined),
      unreached('docker-permission-denied'),
      /group docker/,
      'sudo usermod -aG docker ml',
    ],
    [
      'not in the group, by what docker says',
      says('permission denied while trying to connect'),
      unreached('docker-channel-refused'),
      /group docker/,
      'sudo usermod -aG docker ml',
    ],
    [
      'stopped',
      says('Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'),
      unreached('docker-channel-refused'),
      /does not run/,
      'sudo systemctl enable --now docker',
    ],
    [
      'absent',
      says(undefined),
      unreached('docker-not-found'),
      /no Docker on this host/,
      'sudo apt-get install -y docker.io',
    ],
  ])('%s', (_title, change, found, detail, command) => {
    const step = steps(change, found)['docker'];
    expect(step).toMatchObject({ state: 'failed', fix: { on: 'host', commands: [command] } });
    expect(step?.detail).toMatch(detail);
  });

  test('running there, and the server leads to it by no way', () => {
    const step = steps({ sessions: { asked: 11, granted: 1 } }, unreached('docker-channel-refused'))['docker'];
    expect(step?.detail).toContain('AllowStreamLocalForwarding no');
  });

  test('a socket nobody may use tells nothing about the server', () => {
    expect(steps(says('permission denied'), unreached('docker-permission-denied'))['forward-unix']?.state).toBe(
      'skipped',
    );
  });

  test('Compose is only missed by deployments', () => {
    const compose = (change: object) => steps({ look: { ...look, ...change } })['compose'];
    expect(compose({})?.detail).toBe('docker compose 2.29.1');
    expect(compose({ composePlugin: undefined, composeProgram: '1.29.2' })).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('--wait') as string,
    });
    expect(compose({ composePlugin: undefined })).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('only deployments') as string,
    });
  });
});
