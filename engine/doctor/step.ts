import type { DoctorFix, DoctorStep, DoctorStepId } from '../../shared/doctor.ts';

const titles: Readonly<Record<DoctorStepId, string>> = {
  'ssh-client': 'OpenSSH client',
  agent: 'ssh-agent',
  'known-hosts': 'Known hosts',
  'runtime-dir': 'Runtime folder',
  'ipv6-loopback': 'IPv6 loopback',
  'privileged-ports': 'Ports below 1024',
  resolve: 'Name and ssh_config',
  tcp: 'TCP connection',
  banner: 'SSH server',
  'key-exchange': 'Key exchange',
  'host-key': 'Host key',
  auth: 'Login',
  exec: 'Commands',
  sessions: 'Sessions at once',
  'forward-tcp': 'Forwarding ports',
  'forward-unix': 'Forwarding the Docker socket',
  docker: 'Docker',
  compose: 'Compose',
  keepalive: 'Keepalive',
};

export function step(id: DoctorStepId, state: DoctorStep['state'], detail: string, fix?: DoctorFix): DoctorStep {
  return { id, title: titles[id], state, detail, ...(fix === undefined ? {} : { fix }) };
}

export function skipped(ids: readonly DoctorStepId[], why: string): DoctorStep[] {
  return ids.map((id) => step(id, 'skipped', why));
}
