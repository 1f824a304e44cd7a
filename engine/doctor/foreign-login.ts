import type { DoctorStep, DoctorStepId } from '../../shared/doctor.ts';
import type { Failure } from '../../shared/failure.ts';
import type { HostProfile } from '../../shared/host.ts';
import type { Connect } from '../ssh/connection.ts';
import { classifyConnectionError } from '../ssh/connection-failure.ts';
import type { SshLink } from '../ssh/link.ts';
import { fixOf } from './login-steps.ts';
import { skipped, step } from './step.ts';

const order = ['tcp', 'banner', 'key-exchange', 'host-key', 'auth'] as const;

/** The part of the way that a failure speaks of; the first where ssh did not set out at all, the login where it says no other. */
const parts: readonly (readonly [RegExp, (typeof order)[number]])[] = [
  [/^(openssh-missing|transport-unsupported|socket-path-too-long|ssh-config-invalid)$/, 'tcp'],
  [/^(host-(not-found|refused|unreachable)|network-unreachable|jump-refused|proxy-command-failed)$/, 'tcp'],
  [/^(host-hung-up|handshake-timeout|not-ssh|connection-(silent|lost))$/, 'banner'],
  [/^algorithms-/, 'key-exchange'],
  [/^(host-key|known-hosts)/, 'host-key'],
];

/** Logs in as the engine would, without a look inside. Never rejects. */
export async function logInElsewhere(
  connect: Connect,
  { profile, signal }: { readonly profile: HostProfile; readonly signal: AbortSignal },
): Promise<{ link: SshLink; failure?: never } | { link?: never; failure: Failure }> {
  try {
    return { link: await connect({ signal, onTransportUp: () => undefined }) };
  } catch (error) {
    return { failure: classifyConnectionError(error, profile.target).failure };
  }
}

/** The steps of a login that another program makes: what it passed, and where it got stuck. */
export function foreignLoginSteps(
  link: Pick<SshLink, 'ident' | 'algorithms'> | undefined,
  failure: Failure | undefined,
): DoctorStep[] {
  const { kex, hostKey, cipher } = link?.algorithms ?? {};
  const agreed = kex === undefined ? '' : `: ${[kex, hostKey, cipher].join(', ')}`;
  const passed = (id: DoctorStepId): DoctorStep =>
    step(id, 'ok', `passed by the system's ssh${id === 'key-exchange' ? agreed : ''}`);
  if (failure === undefined) return [...order.slice(0, -1).map(passed), step('auth', 'ok', link?.ident ?? '')];
  const at = parts.find(([codes]) => codes.test(failure.code))?.[1] ?? 'auth';
  const place = order.indexOf(at);
  return [
    ...order.slice(0, place).map(passed),
    step(at, 'failed', failure.message, fixOf(failure)),
    ...skipped(order.slice(place + 1), 'not reached'),
  ];
}
