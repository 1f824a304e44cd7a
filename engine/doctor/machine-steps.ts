import type { DoctorStep } from '../../shared/doctor.ts';
import { here } from './fixes.ts';
import type { MachineEvidence } from './machine-look.ts';
import { step } from './step.ts';

/** What of this machine helps or hinders; nothing here keeps a connection from coming about. */
export function machineSteps(machine: MachineEvidence): DoctorStep[] {
  return [
    sshStep(machine),
    agentStep(machine),
    knownHostsStep(machine),
    folderStep(machine),
    ipv6Step(machine),
    portsStep(machine),
  ];
}

function sshStep({ sshVersion, platform }: MachineEvidence): DoctorStep {
  if (sshVersion !== undefined) return step('ssh-client', 'ok', sshVersion);
  const detail =
    'Not found: ssh_config is read by Towline itself, without Match exec; hardware keys and certificates can’t be used.';
  const install = platform === 'linux' ? ['sudo apt-get install -y openssh-client'] : [];
  return step('ssh-client', 'warn', detail, here('Install it, or put it on PATH:', ...install));
}

function agentStep({ agent }: MachineEvidence): DoctorStep {
  switch (agent.kind) {
    case 'none': {
      const fix = here(
        'Only needed for keys that have a passphrase and no keychain to keep it:',
        'eval "$(ssh-agent)"',
        'ssh-add',
      );
      return step('agent', 'ok', 'none (SSH_AUTH_SOCK is not set); key files are used', fix);
    }
    case 'broken':
      return step(
        'agent',
        'warn',
        `${agent.socket} does not answer: ${agent.why}`,
        here('Start a new one:', 'eval "$(ssh-agent)"', 'ssh-add'),
      );
    case 'keys':
      if (agent.comments.length === 0)
        return step(
          'agent',
          'warn',
          `${agent.socket} holds no key that Towline can use`,
          here('Give it yours:', 'ssh-add'),
        );
      if (agent.comments.length <= 5)
        return step('agent', 'ok', `${agent.comments.length} usable: ${agent.comments.join(', ')}`);
      return step(
        'agent',
        'warn',
        `${agent.comments.length} keys; a server hangs up after 6 that it does not know (MaxAuthTries)`,
        {
          ...here('Name the right one in your ssh_config:'),
          file: { path: '~/.ssh/config', lines: ['IdentityFile ~/.ssh/KEY', 'IdentitiesOnly yes'] },
        },
      );
  }
}

function knownHostsStep({ knownHosts }: MachineEvidence): DoctorStep {
  if (knownHosts.kind === 'read')
    return step(
      'known-hosts',
      'ok',
      `${knownHosts.file}: ${knownHosts.entries === 1 ? '1 entry' : `${knownHosts.entries} entries`}`,
    );
  return step(
    'known-hosts',
    'failed',
    knownHosts.why,
    here('Make it yours:', `sudo chown "$(id -un)" ${knownHosts.file}`, `chmod 600 ${knownHosts.file}`),
  );
}

function folderStep({ runtimeDir: { kind, path } }: MachineEvidence): DoctorStep {
  switch (kind) {
    case 'fine':
      return step('runtime-dir', 'ok', path);
    case 'missing':
      return step('runtime-dir', 'ok', `${path}, made when needed`);
    case 'open-to-others':
      return step(
        'runtime-dir',
        'warn',
        `Others can look into ${path}, where the sockets are.`,
        here('Close it:', `chmod 700 ${path}`),
      );
    case 'unwritable':
      return step(
        'runtime-dir',
        'failed',
        `${path} can't be written to: no control socket, no Docker socket.`,
        here('Make it yours:', `sudo chown "$(id -un)" ${path}`, `chmod 700 ${path}`),
      );
  }
}

function ipv6Step({ ipv6Loopback, platform }: MachineEvidence): DoctorStep {
  if (ipv6Loopback) return step('ipv6-loopback', 'ok', '::1');
  const enable = platform === 'linux' ? ['sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0'] : [];
  return step(
    'ipv6-loopback',
    'warn',
    '::1 is not there: forwards listen on 127.0.0.1 only',
    here('Have it back:', ...enable),
  );
}

function portsStep({ privilegedPorts, platform }: MachineEvidence): DoctorStep {
  if (privilegedPorts === 'allowed') return step('privileged-ports', 'ok', 'this user may listen on them');
  if (privilegedPorts === 'unknown') return step('privileged-ports', 'skipped', 'those that were tried are taken');
  const allow = platform === 'linux' ? ['sudo sysctl -w net.ipv4.ip_unprivileged_port_start=80'] : [];
  return step(
    'privileged-ports',
    'warn',
    'this user may not listen on them: a published port 80 or 443 gets another local port',
    here('Allow it on this machine, or live with the other port:', ...allow),
  );
}
