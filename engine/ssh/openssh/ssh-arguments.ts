import type { Target } from '../../../shared/target.ts';
import { firstOf, type SshSettings } from '../ssh-settings.ts';

export interface SshWishes {
  readonly target: Target;
  /** In place of the user's ssh_config, as `ssh -F`. */
  readonly sshConfigFile?: string;
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
  /** A host key that nobody knows is accepted and remembered; never one that has changed. */
  readonly acceptNewHostKey?: boolean;
}

/**
 * The arguments of a ControlMaster: all of the user's ssh_config holds, apart from what would make the process something
 * else than a silent carrier. `settings` is what that file says of itself, for what we only supply where it is silent.
 */
export function masterArguments(wishes: SshWishes, settings: SshSettings, controlSocket: string): string[] {
  const { target, sshConfigFile, identityFile, knownHostsFile } = wishes;
  const options = [
    'ControlPersist=no',
    'ClearAllForwardings=yes', // the user's own forwards belong to their own ssh
    'ExitOnForwardFailure=no',
    'RemoteCommand=none',
    'LogLevel=DEBUG1', // below it the algorithms are not told
    ...unlessSaid(settings, 'ServerAliveInterval', 15),
    ...unlessSaid(settings, 'ServerAliveCountMax', 2),
    ...unlessSaid(settings, 'ConnectTimeout', 30),
    ...forkingStays(settings),
    ...hostKeyPolicy(wishes, settings),
    ...(identityFile === undefined ? [] : ['IdentitiesOnly=yes']),
    ...(knownHostsFile === undefined ? [] : [`UserKnownHostsFile=${quoted(knownHostsFile)}`]),
  ];
  return [
    ...(sshConfigFile === undefined ? [] : ['-F', sshConfigFile]),
    ...['-M', '-N', '-T', '-S', controlSocket.replaceAll('%', '%%')],
    ...options.flatMap((option) => ['-o', option]),
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    '--',
    target.host,
  ];
}

function unlessSaid(settings: SshSettings, keyword: string, value: number): string[] {
  return settings.has(keyword.toLowerCase()) ? [] : [`${keyword}=${value}`];
}

/** Named only where it is in the user's file: OpenSSH before 8.7 does not know it. */
function forkingStays(settings: SshSettings): string[] {
  return settings.has('forkafterauthentication') ? ['ForkAfterAuthentication=no'] : [];
}

/** As ssh_config has it, except that an unattended program never takes `no`, which would let a changed key pass. */
function hostKeyPolicy({ acceptNewHostKey }: SshWishes, settings: SshSettings): string[] {
  if (acceptNewHostKey === true) return ['StrictHostKeyChecking=accept-new'];
  const said = firstOf(settings, 'stricthostkeychecking')?.toLowerCase() ?? '';
  return ['no', 'off', 'false'].includes(said) ? ['StrictHostKeyChecking=ask'] : [];
}

/** As one word of ssh_config, where `%` begins a token. */
function quoted(path: string): string {
  return `"${path.replaceAll('%', '%%').replace(/["\\]/g, '\\$&')}"`;
}
