import { assertNever } from './failure.ts';
import type { ForwardView } from './forward.ts';
import type { HostView } from './host.ts';

/** The six looks of a state: shape and colour of its glyph, the same in every door. */
export type Look =
  'off' | 'connecting' | 'on' | 'degraded' | 'needs-you' | 'error' | 'paused' | 'holding' | 'not-carried';

/** A state as people read it: a glyph and a word, never one without the other. */
export interface StateWord {
  readonly look: Look;
  readonly word: string;
}

/** Of a connection. `now` in Unix ms is for "in 4 s"; without it the word does not change while time passes. */
export function hostWord(host: HostView, now?: number): StateWord {
  if (host.prompt !== undefined) return { look: 'needs-you', word: promptWord(host) }; // whatever it was doing, it waits
  switch (host.state) {
    case 'idle':
      return { look: 'off', word: 'Not connected' };
    case 'connecting':
      return { look: 'connecting', word: 'Connecting' };
    case 'authenticating':
      return { look: 'connecting', word: 'Authenticating' };
    case 'ready':
      return host.docker.reason === undefined
        ? { look: 'on', word: 'Connected' }
        : { look: 'degraded', word: 'No Docker' };
    case 'reconnecting':
      return { look: 'degraded', word: `Reconnecting${inSeconds(host.nextRetryAt, now)}${attempt(host.attempt)}` };
    case 'needs-user':
      return { look: 'needs-you', word: promptWord(host) };
    case 'failed':
      return { look: 'error', word: 'Failed' };
    default:
      return assertNever(host.state);
  }
}

/** Shorter than the reason itself, for where there is room for two words. */
const shortReasons: Readonly<Record<string, string>> = {
  'auth-needs-answer': 'Answer needed',
  'auth-refused': 'Sign-in refused',
  'host-key-changed': 'Host key changed',
  'host-key-revoked': 'Host key revoked',
  'host-key-unknown': 'Unknown host key',
  'host-not-found': 'Name not found',
  'key-passphrase-needed': 'Passphrase needed',
  'key-passphrase-wrong': 'Wrong passphrase',
};

/** A host's state in words; where it needs somebody or has failed, in those of its reason. */
export function hostStateWord(host: HostView, now?: number): StateWord {
  const { look, word } = hostWord(host, now);
  const stopped = host.prompt === undefined && (host.state === 'failed' || host.state === 'needs-user');
  return { look, word: (stopped ? shortReasons[host.reason?.code ?? ''] : undefined) ?? word };
}

export function forwardWord(forward: ForwardView): StateWord {
  switch (forward.state) {
    case 'opening':
      return { look: 'connecting', word: 'Opening' };
    case 'listening':
      if (forward.unreached !== undefined) return { look: 'degraded', word: 'No answer' };
      return { look: 'on', word: isRemapped(forward) ? 'Listening, remapped' : 'Listening' };
    case 'lingering':
      return { look: 'holding', word: 'Waiting for the container' };
    case 'holding':
      return { look: 'holding', word: 'Waiting for the line' };
    case 'suspended':
      return { look: 'holding', word: 'Suspended' };
    case 'paused':
      return { look: 'paused', word: 'Paused' };
    case 'conflict':
      return { look: 'error', word: 'Port taken' };
    case 'refused':
      return { look: 'error', word: 'Refused' };
    case 'unsupported':
      return { look: 'not-carried', word: 'Not carried' };
    case 'ignored':
      return { look: 'off', word: 'Ignored' };
    default:
      return assertNever(forward.state);
  }
}

/** Whether it listens on another local port than was wanted. */
export function isRemapped(forward: ForwardView): boolean {
  return forward.state === 'listening' && forward.local.port !== forward.requestedPort;
}

/** "1 connection, 1 session": how many were ever opened, the product's promise. */
export function promise(host: HostView): string {
  return `${count(host.connections.opened, 'connection')}, ${count(host.sessions.opened, 'session')}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A host and port as one types it: `localhost` for what listens on the loopback. */
export function localAddress({ local }: ForwardView): string {
  const { address, port } = local;
  if (address === '127.0.0.1' || address === '::1') return `localhost:${port}`;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** An amount of data in units of 1000: "812 B", "4.2 kB", "18 MB". */
export function bytes(amount: number): string {
  let value = amount;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 999.5) return `${value < 10 && unit !== 'B' ? value.toFixed(1) : Math.round(value)} ${unit}`;
    value /= 1000;
  }
  return `${value.toFixed(1)} TB`;
}

function promptWord({ prompt }: HostView): string {
  switch (prompt?.request.kind) {
    case 'host-key':
      return 'Unknown host key';
    case 'passphrase':
      return 'Passphrase needed';
    case 'password':
    case 'keyboard-interactive':
      return 'Password needed';
    case undefined:
      return 'Needs you';
  }
}

function inSeconds(moment: number | undefined, now: number | undefined): string {
  if (moment === undefined || now === undefined) return '';
  return ` in ${Math.max(0, Math.ceil((moment - now) / 1000))} s`;
}

function attempt(number: number | undefined): string {
  return number === undefined ? '' : `, attempt ${number}`;
}
