import { FailureError, type Failure } from '../../../shared/failure.ts';
import { hostKeyChanged } from './changed-key.ts';

type Classify = (match: RegExpExecArray, where: string, knownFingerprint: string | undefined) => Failure;

const retries = 'Towline reconnects by itself.';

/** ssh's own words in the order in which they decide; the words of our failures are those of the other transport. */
const classes: readonly (readonly [RegExp, Classify])[] = [
  [/(?:(\S+)@\S+: )?Permission denied \(([^)]*)\)\.?\s*$/, authRefused], // the last word: a server's banner may say anything before
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    ({ input }, where, knownFingerprint) => hostKeyChanged(input, where, knownFingerprint),
  ],
  [
    /REVOKED HOST KEY/,
    (_match, where) => ({
      code: 'host-key-revoked',
      message: `${where} shows a host key that is marked as revoked.`,
      hint: 'Do not connect: the key is in the wrong hands. Ask the owner of the host for a new host key.',
    }),
  ],
  [
    /No .+ host key is known for|Host key verification failed/,
    (_match, where) => ({
      code: 'host-key-unknown',
      message: `The host ${where} is not known, and its key was not accepted.`,
      hint: 'Compare the fingerprint with the one its owner gives you, then accept it when asked, or run with --accept-new.',
    }),
  ],
  [
    /Unable to negotiate with .+?: (no matching [^.\n]+)\.(?: Their offer: (.+))?/,
    ([, what = '', offer], where) => ({
      code: 'algorithms-incompatible',
      message: `${where} and this machine’s ssh have no common algorithm: ${what}${offer === undefined ? '' : ` (it offers ${offer.trim()})`}.`,
      hint: 'Allow one of the offered algorithms for this host in your ssh_config, or a newer one in its sshd_config.',
    }),
  ],
  [
    /(?:channel 0: open failed: |stdio forwarding failed)(.*)/,
    ([, why = ''], where) => ({
      code: 'jump-refused',
      message: `The jump host does not lead on to ${where}${why === '' ? '' : `: ${why.trim()}`}.`,
      hint: 'Check that its sshd allows it (AllowTcpForwarding, PermitOpen) and that it can reach the next host.',
    }),
  ],
  [/Too many authentication failures/, tooManyKeys],
  [/(?:(\S+)@\S+: )?Permission denied \(([^)]*)\)/, authRefused],
  [
    /Could not resolve hostname (\S+?):/,
    ([, name = ''], where) => ({
      code: 'host-not-found',
      message: `The name ${name === '' ? where : name} could not be resolved.`,
      hint: 'Check the spelling, the alias in ~/.ssh/config, and this machine’s network.',
    }),
  ],
  [
    /Connection refused/,
    (_match, where) => ({
      code: 'host-refused',
      message: `${where} refused the connection: no SSH server listens there.`,
      hint: 'Check the port and that sshd runs: `systemctl status ssh` on the host.',
    }),
  ],
  [
    /Network is unreachable|No route to host|Host is down/,
    (_match, where) => ({
      code: 'network-unreachable',
      message: `There is no route to ${where}.`,
      hint: 'Check this machine’s network or VPN.',
    }),
  ],
  [
    /Timeout, server .+ not responding/,
    (_match, where) => ({ code: 'connection-silent', message: `${where} stopped answering.`, hint: retries }),
  ],
  [
    /(?:Operation|Connection) timed out/,
    (_match, where) => ({
      code: 'host-unreachable',
      message: `${where} does not answer.`,
      hint: 'Check the address, the network and the firewall in between.',
    }),
  ],
  [
    /Bad configuration option: .+|terminating, \d+ bad configuration options|^.+ line \d+: (?!Deprecated|Unsupported).+$/m,
    ([what]) => ({
      code: 'ssh-config-invalid',
      message: `ssh does not accept your ssh_config: ${what.trim()}`,
      hint: 'Correct the line it names; `ssh -G HOST` checks it.',
    }),
  ],
  [
    /banner exchange: .*invalid format|Protocol major versions differ|banner line contains invalid characters/,
    (_match, where) => ({
      code: 'not-ssh',
      message: `What answers on ${where} does not speak SSH.`,
      hint: 'Check the port.',
    }),
  ],
  [
    /kex_exchange_identification: .*Connection (?:closed|reset) by (?:remote host|peer)\s+Connection (?:closed|reset) by (?!UNKNOWN)/,
    (_match, where) => ({
      code: 'host-hung-up',
      message: `${where} hung up before the SSH handshake.`,
      hint: 'It may be overloaded (MaxStartups) or shut this address out for a while (PerSourcePenalties). Towline tries again by itself.',
    }),
  ],
];

/** Why ssh ended, from what it said on stderr. `where` is the host as the user knows it; `fingerprint` that of its known key. */
export function sshFailure(said: string, where: string, fingerprint?: string): FailureError {
  for (const [pattern, classify] of classes) {
    const match = pattern.exec(said);
    if (match !== null) return new FailureError(classify(match, where, fingerprint), { cause: new Error(said.trim()) });
  }
  const last = lastLine(said);
  return new FailureError(
    {
      code: 'connection-lost',
      message: `The connection to ${where} was lost${last === '' ? '' : `: ${last}`}.`,
      hint: retries,
    },
    { cause: new Error(said.trim()) },
  );
}

/** Less the statistics that it ends with. */
function lastLine(said: string): string {
  const lines = said.split(/\r?\n/).filter((line) => !/^\s*$|^Transferred: |^Bytes per second: /.test(line));
  return (lines.at(-1) ?? '').trim().replace(/\.$/, '');
}

function authRefused({ 1: user, 2: methods = '', input }: RegExpExecArray, where: string): Failure {
  const who = user === undefined ? '' : ` of user ${user}`;
  const refused = `${where} refused the login${who}. It accepts: ${methods.split(',').join(', ')}.`;
  const [, key, why] = /signing failed for \S+ "?(.*?)"? from agent: (.+)/.exec(input) ?? [];
  if (key !== undefined && why !== undefined) {
    return {
      code: 'auth-refused',
      message: `${refused} The agent did not sign with the key ${key}: ${why.trim()}.`,
      hint: 'Check that the agent runs and holds the key: `ssh-add -l`. It may also wait for you to confirm.',
    };
  }
  return {
    code: 'auth-refused',
    message: refused,
    hint: 'Check the user name, the key and its certificate; `ssh -v` shows what is tried.',
  };
}

function tooManyKeys(_match: RegExpExecArray, where: string): Failure {
  return {
    code: 'auth-refused',
    message: `${where} hung up before all keys were tried.`,
    hint: 'Name the right one: -i KEY, or IdentityFile with IdentitiesOnly yes.',
  };
}
