import { FailureError, type Failure } from '../../shared/failure.ts';
import { parseTarget } from '../../shared/target.ts';
import { settleAttempt } from './attempt-budget.ts';
import { planConnection, type PlanOptions } from './connect-plan.ts';
import type { Connect, ConnectAttempt } from './connection.ts';
import { classifyConnectionError } from './connection-failure.ts';
import { withAgentSocket } from './launchd-agent.ts';
import type { SshLink } from './link.ts';
import { certificateFor } from './openssh/certificate.ts';
import { establishOpenSsh } from './openssh/establish.ts';
import { openSshWouldHelp } from './openssh/openssh-help.ts';
import type { Prompter } from './prompter.ts';
import { overSsh2 } from './ssh2-link.ts';

export interface ConnectorOptions extends PlanOptions {
  /** For the system's ssh: ours alone (0700), and short. */
  readonly runtimeDir: string;
}

/** How this host is connected to: by ssh2 in this process, or, where its profile says so, by the system's ssh. */
export function connector(options: ConnectorOptions): Connect {
  return options.profile.transport === 'openssh'
    ? (attempt) => throughOpenSsh(options, attempt)
    : (attempt) => throughSsh2(options, attempt);
}

async function throughSsh2(options: ConnectorOptions, attempt: ConnectAttempt): Promise<SshLink> {
  try {
    return await overSsh2(planConnection(options), options.clock)(attempt);
  } catch (error) {
    if (attempt.signal.aborted) throw error;
    const { failure } = classifyConnectionError(error, options.profile.target);
    throw withAdvice(await withCertificate(failure, options, attempt.signal), error);
  }
}

/** A refused key may have a certificate that would have been accepted. */
async function withCertificate(
  failure: Failure,
  { profile, env }: ConnectorOptions,
  signal: AbortSignal,
): Promise<Failure> {
  if (failure.code !== 'auth-refused') return failure;
  const certificate = await certificateFor(profile, env, signal).catch(() => undefined); // only an advice depends on it
  if (certificate === undefined) return failure;
  return {
    ...failure,
    message: `${failure.message} The certificate ${certificate} was not shown: it takes OpenSSH to do so.`,
  };
}

/** Says so where the system's ssh would get further. */
function withAdvice(failure: Failure, cause: unknown): unknown {
  const advice = openSshWouldHelp(failure);
  if (advice === undefined) return cause;
  return new FailureError(
    { ...failure, hint: failure.hint === undefined ? advice : `${failure.hint} ${advice}` },
    { cause },
  );
}

/** What only a server that was reached can have said. */
const serversWord = new Set([
  'auth-refused',
  'auth-needs-answer',
  'key-passphrase-needed',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'algorithms-incompatible',
  'host-hung-up',
  'not-ssh',
]);

/** ssh does not tell when it has reached the server: its questions do, and how it ends. */
async function throughOpenSsh(options: ConnectorOptions, { signal, onTransportUp }: ConnectAttempt): Promise<SshLink> {
  const { profile, clock, env, runtimeDir } = options;
  let reached = false;
  const onReached = (): void => {
    if (!reached) onTransportUp();
    reached = true;
  };
  const prompter: Prompter = (request, asked) => {
    onReached();
    return options.prompter(request, asked);
  };
  const leave = await options.attempts?.request(profile.target, signal);
  try {
    const link = await establishOpenSsh({
      hostId: profile.id,
      target: parseTarget(profile.target),
      ...(profile.sshConfigFile === undefined ? {} : { sshConfigFile: profile.sshConfigFile }),
      ...(profile.identityFile === undefined ? {} : { identityFile: profile.identityFile }),
      ...(profile.knownHostsFile === undefined ? {} : { knownHostsFile: profile.knownHostsFile }),
      ...(profile.acceptNewHostKey === undefined ? {} : { acceptNewHostKey: profile.acceptNewHostKey }),
      prompter,
      signal,
      clock,
      env: await withAgentSocket(env),
      runtimeDir,
    });
    onReached();
    leave?.succeeded();
    return link;
  } catch (error) {
    if (error instanceof FailureError && serversWord.has(error.code)) onReached();
    settleAttempt(leave, error);
    throw error;
  }
}
