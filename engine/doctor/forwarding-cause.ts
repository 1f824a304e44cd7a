import type { DoctorFix } from '../../shared/doctor.ts';
import { onHost, sshdFix } from './fixes.ts';
import type { PolicyEvidence } from './policy-look.ts';
import { linesAbout } from './remote-look.ts';

/** What keeps us from forwarding, as far as the server's answers tell one rule from another. */
export type ForwardingCause =
  'none' | 'restricted-key' | 'disabled' | 'tcp-off' | 'tcp-list' | 'tcp-list-closed' | 'streamlocal-off';

/**
 * Each rule of sshd denies a set of requests of its own (measured, OpenSSH 9.2):
 * `restrict` a terminal too, DisableForwarding the agent too, AllowTcpForwarding a listener too, PermitOpen some addresses
 * only; AllowStreamLocalForwarding no TCP at all. `unix`: whether a channel to a socket that is known to be open was refused.
 */
export function forwardingCause(policy: PolicyEvidence, unixRefused: boolean): ForwardingCause {
  const answers = Object.values(policy.dialled);
  if (!answers.includes('prohibited')) return unixRefused ? 'streamlocal-off' : 'none';
  if (answers.some((answer) => answer !== 'prohibited')) return 'tcp-list';
  if (policy.terminal === false) return 'restricted-key';
  if (policy.agent === false) return 'disabled';
  return policy.listener === true ? 'tcp-list-closed' : 'tcp-off';
}

const causes: Readonly<Record<Exclude<ForwardingCause, 'none'>, string>> = {
  'restricted-key': 'the line of your key in authorized_keys says restrict',
  disabled: 'DisableForwarding yes',
  'tcp-off': 'AllowTcpForwarding no, or no-port-forwarding before your key in authorized_keys',
  'tcp-list': 'a PermitOpen list, in sshd_config or before your key in authorized_keys; it closes Unix sockets too',
  'tcp-list-closed':
    'PermitOpen none or a list, permitopen= before your key in authorized_keys, or AllowTcpForwarding remote; each closes Unix sockets too',
  'streamlocal-off': 'AllowStreamLocalForwarding no or remote',
};

/** In words; what the user's authorized_keys says is added where it may be what counts. */
export function causeText(cause: Exclude<ForwardingCause, 'none'>, { look }: PolicyEvidence): string {
  const options = look?.keyLines.filter((line) => cause !== 'streamlocal-off' && !/command=/.test(line)) ?? [];
  return `${causes[cause]}${options.length === 0 ? '' : ` (there: ${options.join('; ')})`}`;
}

export function causeFix(cause: Exclude<ForwardingCause, 'none'>, policy: PolicyEvidence): DoctorFix {
  const { look } = policy;
  switch (cause) {
    case 'restricted-key':
      return {
        ...onHost(
          'In ~/.ssh/authorized_keys on the host, let the key forward ports after the word restrict. Then connect anew.',
        ),
        file: {
          path: '~/.ssh/authorized_keys',
          lines: ['restrict,port-forwarding ssh-ed25519 AAAA… (your key, as it is)'],
        },
      };
    case 'disabled':
      return sshdFix(['DisableForwarding no', 'AllowTcpForwarding yes'], linesAbout(look, 'DisableForwarding'));
    case 'tcp-off':
      return sshdFix(
        ['AllowTcpForwarding yes', 'DisableForwarding no'],
        linesAbout(look, 'AllowTcpForwarding', 'DisableForwarding'),
      );
    case 'tcp-list':
      return sshdFix(['PermitOpen any'], linesAbout(look, 'PermitOpen'));
    case 'tcp-list-closed':
      return sshdFix(
        ['PermitOpen any', 'AllowTcpForwarding yes'],
        linesAbout(look, 'PermitOpen', 'AllowTcpForwarding'),
      );
    case 'streamlocal-off':
      return sshdFix(['AllowStreamLocalForwarding yes'], linesAbout(look, 'AllowStreamLocalForwarding'));
  }
}
