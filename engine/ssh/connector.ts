import { FailureError } from '../../shared/failure.ts';
import { parseTarget } from '../../shared/target.ts';
import { settleAttempt, type Attempt } from './attempt-budget.ts';
import { planConnection, type PlanOptions } from './connect-plan.ts';
import type { Connect, ConnectAttempt } from './connection.ts';
import { withAgentSocket } from './launchd-agent.ts';
import type { SshLink } from './link.ts';
import { establishOpenSsh } from './openssh/establish.ts';
import type { Prompter } from './prompter.ts';
import { ssh2Failure } from './ssh2-failure.ts';
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
    const { profile, env } = options;
    throw new FailureError(await ssh2Failure(error, { profile, env, signal: attempt.signal }), { cause: error });
  }
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
  let leave: Attempt | undefined;
  const admission = async (address: string): Promise<void> => {
    leave = await options.attempts?.request(address, signal);
  };
  try {
    const link = await establishOpenSsh({
      hostId: profile.id,
      target: parseTarget(profile.target),
      ...(profile.sshConfigFile === undefined ? {} : { sshConfigFile: profile.sshConfigFile }),
      ...(profile.identityFile === undefined ? {} : { identityFile: profile.identityFile }),
      ...(profile.knownHostsFile === undefined ? {} : { knownHostsFile: profile.knownHostsFile }),
      ...(profile.acceptNewHostKey === undefined ? {} : { acceptNewHostKey: profile.acceptNewHostKey }),
      admission,
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
