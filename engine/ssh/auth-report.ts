import { FailureError, type Failure } from '../../shared/failure.ts';
import type { Identity } from './identity.ts';

/** One thing that was tried, and what came of it. */
export type AuthAttempt =
  KeyAttempt | { readonly method: 'password' | 'keyboard-interactive'; readonly outcome: 'refused' | 'unanswered' };

export interface KeyAttempt {
  readonly method: 'publickey';
  readonly origin: Identity['origin'];
  readonly name: string;
  /** `unsigned`: the server wanted the key, we could not sign. `not-enough`: it was right, and more is asked for. */
  outcome: 'refused' | 'signature-refused' | 'unsigned' | 'not-enough';
}

/** All that was seen of an authentication, so that its end can be told in a sentence. */
export interface AuthReport {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** What the server said it takes; empty when it never said. */
  readonly offered: readonly string[];
  readonly attempts: readonly AuthAttempt[];
  /** What could not be tried, a sentence each. */
  readonly problems: readonly string[];
  /** A failure of ours that stopped a key the server wanted (passphrase). */
  readonly keyFailure?: FailureError;
}

/** A login that was refused, with the methods that the server takes; none where it never said. */
export class LoginRefused extends FailureError {
  readonly offered: readonly string[];

  constructor(failure: Failure, { offered }: AuthReport, cause: unknown) {
    super(failure, cause === undefined ? {} : { cause });
    this.offered = offered;
  }
}

/** Why the server did not let us in, from what was tried. `cause` is the error ssh2 ended with. */
export function authFailure(report: AuthReport, cause?: unknown): FailureError {
  const { host, user, attempts, keyFailure } = report;
  const spoken = attempts.find((attempt) => attempt.method !== 'publickey');
  if (spoken?.outcome === 'unanswered') {
    const what = spoken.method === 'password' ? 'a password' : 'an answer';
    return new LoginRefused(
      {
        code: 'auth-needs-answer',
        message: `${host} wants ${what} for user ${user}, and nobody was there to give it.${keysRefused(report)}`,
        hint: `Connect where you can be asked (a terminal or the window), or use a key: ${copyId(report)}`,
      },
      report,
      cause,
    );
  }
  if (spoken !== undefined) {
    const what = spoken.method === 'password' ? 'the password' : 'the answer';
    return new LoginRefused(
      {
        code: 'auth-refused',
        message: `${host} refused ${what} for user ${user}.${keysRefused(report)}`,
        hint: 'Check it and try again. It is not repeated by itself: servers lock out those who do.',
      },
      report,
      cause,
    );
  }
  if (keyFailure !== undefined) return keyFailure;
  return refusedKeys(report, cause);
}

function refusedKeys(report: AuthReport, cause: unknown): LoginRefused {
  const { host, user, offered, attempts, problems } = report;
  const tried = describeKeys(attempts);
  const unsigned = attempts.some((attempt) => attempt.method === 'publickey' && attempt.outcome === 'unsigned');
  const agentFails = tried === '' && problems.some((said) => said.startsWith('The agent'));
  const rest = problems.map((said) => ` ${said}`).join('');
  const takes = offered.length > 0 ? ` It takes: ${offered.join(', ')}.` : '';
  const message =
    tried === ''
      ? `${unsigned ? 'No key could be used' : 'There was no key to offer'} to log in to ${host} as ${user}.${takes}${rest}`
      : `${host} refused ${tried} for user ${user}.${takes}${rest}`;
  const hint = isTooManyFailures(cause)
    ? 'It hung up before all keys were tried. Name the right one: -i KEY, or IdentityFile with IdentitiesOnly yes.'
    : agentFails || unsigned
      ? 'Check that the agent runs and is unlocked (ssh-add -l), and whether it waits for you to confirm. Then connect again.'
      : `Add your public key there: ${copyId(report)} - or name another with -i KEY.`;
  return new LoginRefused({ code: 'auth-refused', message, hint }, report, cause);
}

function copyId({ host, port, user }: AuthReport): string {
  return `ssh-copy-id ${port === 22 ? '' : `-p ${port} `}${user}@${host}`;
}

/** Whether the server hung up because of MaxAuthTries. */
export function isTooManyFailures(cause: unknown): boolean {
  return cause instanceof Error && /too many authentication failures/i.test(cause.message);
}

function keysRefused({ attempts }: AuthReport): string {
  const keys = describeKeys(attempts);
  return keys === '' ? '' : ` It had refused ${keys}.`;
}

function describeKeys(attempts: readonly AuthAttempt[]): string {
  const keys = attempts.flatMap((attempt) =>
    attempt.method === 'publickey' && attempt.outcome !== 'not-enough' && attempt.outcome !== 'unsigned'
      ? [attempt]
      : [],
  );
  const agent = keys.filter(({ origin }) => origin === 'agent').length;
  const others = keys.filter(({ origin }) => origin !== 'agent').map(({ name }) => name);
  const parts = [
    ...(agent > 0 ? [`${agent} ${agent === 1 ? 'key' : 'keys'} of the agent`] : []),
    ...(others.length > 0 ? [`the ${others.length === 1 ? 'key' : 'keys'} ${others.join(', ')}`] : []),
  ];
  return parts.join(' and ');
}
