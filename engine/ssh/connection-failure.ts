import { FailureError, type Failure } from '../../shared/failure.ts';
import type { Verdict } from './connection-state.ts';

export interface ConnectionFailure {
  readonly failure: Failure;
  readonly verdict: Verdict;
}

/** Codes of our own failures that only a person can cure. */
const needsUser = new Set([
  'auth-refused',
  'auth-needs-answer',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'host-key-unchecked',
  'known-hosts-unreadable',
  'key-passphrase-needed',
  'key-passphrase-wrong',
  'key-unreadable',
  'key-format-unsupported',
]);

const cannotHeal = new Set([
  'target-invalid',
  'ssh-config-invalid',
  'algorithms-incompatible',
  'algorithms-unsupported',
  'transport-unsupported',
  'openssh-missing',
  'socket-path-too-long',
]);

/**
 * Tells temporary from permanent by what ssh2 and the system say: `err.level` of ssh2's client (`client-socket`,
 * `client-timeout`, `client-authentication`, `client-dns`, `protocol`, `handshake`) and `err.code` of Node's sockets.
 * `where` is the address as the user knows it.
 */
export function classifyConnectionError(error: unknown, where: string): ConnectionFailure {
  if (error instanceof FailureError) {
    return {
      failure: error.failure,
      verdict: needsUser.has(error.code) ? 'needs-user' : cannotHeal.has(error.code) ? 'failed' : 'retry',
    };
  }
  const { code, level, message } = fields(error);
  if (level === 'client-authentication' || /^too many authentication failures/i.test(message)) {
    return {
      verdict: 'needs-user',
      failure: {
        code: 'auth-refused',
        message: `${where} refused the login: ${message}.`,
        hint: 'Check the user name and the key.',
      },
    };
  }
  if (/^Handshake failed: no matching/i.test(message))
    return { verdict: 'failed', failure: incompatible(message, where) };
  return { verdict: 'retry', failure: unreachable(code, level, message, where) };
}

function fields(error: unknown): { code: string; level: string; message: string } {
  const source = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; level?: unknown };
  return {
    code: typeof source.code === 'string' ? source.code : '',
    level: typeof source.level === 'string' ? source.level : '',
    message: error instanceof Error ? error.message : String(error),
  };
}

function incompatible(message: string, where: string): Failure {
  return {
    code: 'algorithms-incompatible',
    message: `${where} and Towline have no common algorithm: ${message.replace(/^Handshake failed: /, '')}.`,
    hint: 'Allow one of aes128-gcm@openssh.com, aes256-ctr and curve25519-sha256 in its sshd_config.',
  };
}

function unreachable(code: string, level: string, message: string, where: string): Failure {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        code: 'host-not-found',
        message: `The name of ${where} could not be resolved.`,
        hint: 'Check the spelling, the alias in ~/.ssh/config, and this machine’s network.',
      };
    case 'ECONNREFUSED':
      return {
        code: 'host-refused',
        message: `${where} refused the connection: no SSH server listens there.`,
        hint: 'Check the port and that sshd runs: `systemctl status ssh` on the host.',
      };
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'ENETDOWN':
      return {
        code: 'network-unreachable',
        message: `There is no route to ${where}.`,
        hint: 'Check this machine’s network or VPN.',
      };
    case 'ETIMEDOUT':
      return {
        code: 'host-unreachable',
        message: `${where} does not answer.`,
        hint: 'Check the address, the network and the firewall in between.',
      };
    default:
      break;
  }
  if (level === 'client-timeout') {
    return { code: 'connection-silent', message: `${where} stopped answering.`, hint: 'Towline reconnects by itself.' };
  }
  if (/invalid (header|ident)|malformed|protocol version/i.test(message)) {
    return {
      code: 'not-ssh',
      message: `What answers on ${where} does not speak SSH: ${message}.`,
      hint: 'Check the port.',
    };
  }
  return {
    code: 'connection-lost',
    message: `The connection to ${where} was lost: ${message}.`,
    hint: 'Towline reconnects by itself.',
  };
}

/**
 * What is wrong when a connection ended before the server named itself as an SSH server, from all it `heard`. OpenSSH that
 * turns a client away (MaxStartups, PerSourcePenalties) says a line without a name, or just hangs up.
 */
export function greetingFailure(heard: string, where: string): FailureError {
  const line = heard
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 80);
  if (line === '' || /^(exceeded maxstartups|not allowed at this time)/i.test(line)) {
    return new FailureError({
      code: 'host-hung-up',
      message: `${where} hung up before the SSH handshake${line === '' ? '' : ` (${line})`}.`,
      hint: 'It may be overloaded (MaxStartups) or shut this address out for a while (PerSourcePenalties). Towline tries again by itself.',
    });
  }
  return new FailureError({
    code: 'not-ssh',
    message: `What answers on ${where} does not speak SSH; it says: ${line}`,
    hint: 'Check the port.',
  });
}
