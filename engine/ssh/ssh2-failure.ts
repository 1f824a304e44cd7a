import type { Failure } from '../../shared/failure.ts';
import type { HostProfile } from '../../shared/host.ts';
import { LoginRefused } from './auth-report.ts';
import { classifyConnectionError } from './connection-failure.ts';
import { certificateFor } from './openssh/certificate.ts';
import { openSshWouldHelp } from './openssh/openssh-help.ts';

interface Circumstances {
  readonly profile: HostProfile;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Why ssh2 did not connect; says so where the system's ssh would get further. */
export async function ssh2Failure(error: unknown, circumstances: Circumstances): Promise<Failure> {
  const { failure } = classifyConnectionError(error, circumstances.profile.target);
  const offered = error instanceof LoginRefused ? error.offered : [];
  return withAdvice(await withCertificate(failure, circumstances), offered);
}

/** A refused key may have a certificate that would have been accepted. */
async function withCertificate(failure: Failure, { profile, env, signal }: Circumstances): Promise<Failure> {
  if (failure.code !== 'auth-refused') return failure;
  const certificate = await certificateFor(profile, env, signal).catch(() => undefined); // only an advice depends on it
  if (certificate === undefined) return failure;
  return {
    ...failure,
    message: `${failure.message} The certificate ${certificate} was not shown: it takes OpenSSH to do so.`,
  };
}

function withAdvice(failure: Failure, offered: readonly string[]): Failure {
  const advice = openSshWouldHelp(failure, offered);
  if (advice === undefined) return failure;
  return { ...failure, hint: failure.hint === undefined ? advice : `${failure.hint} ${advice}` };
}
