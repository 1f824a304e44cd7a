import type { HostTestStep } from '../shared/contract.ts';
import { FailureError, toFailure } from '../shared/failure.ts';
import type { HostProfile } from '../shared/host.ts';
import type { Clock } from './base/clock.ts';
import { lookAtDocker } from './doctor/docker-look.ts';
import { ChannelRefused } from './ssh/channels.ts';
import type { Connect } from './ssh/connection.ts';
import { classifyConnectionError } from './ssh/connection-failure.ts';
import type { SessionChannel, SshLink } from './ssh/link.ts';
import { probeCommand, readProbe, type ProbeResult } from './ssh/probe.ts';

export interface HostTestOptions {
  readonly profile: HostProfile;
  /** The way in which the engine itself would connect. */
  readonly connect: Connect;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Walks the way that a connection takes and tells each step as it begins and ends; the first failure ends the walk.
 * Costs one connection, which is closed at the end, and leaves nothing behind. Aborted, it ends without another word.
 * Quick and light enough to be watched, on either transport; the doctor looks at each part of the way and asks for all it can get.
 */
export async function* testHost(options: HostTestOptions): AsyncGenerator<HostTestStep, void> {
  const { clock, profile } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const transportUp = Promise.withResolvers<void>();
  const login = options.connect({ signal, onTransportUp: () => transportUp.resolve() }).then(
    (link) => {
      const end = (): void => void link.close(); // what waits for the server hears of it
      if (signal.aborted) end();
      signal.addEventListener('abort', end, { once: true });
      return link;
    },
    (error: unknown) => {
      throw new FailureError(classifyConnectionError(error, profile.target).failure, { cause: error });
    },
  );
  login.catch(() => undefined); // told by the steps below
  const step = stepsOf(clock, signal);
  try {
    const answered = yield* step('connect', async () => {
      await Promise.race([transportUp.promise, login]);
      return { value: true, detail: 'The server answers.' };
    });
    if (answered === undefined) return;
    const link = yield* step('authenticate', async () => {
      const value = await login;
      return { value, detail: value.ident };
    });
    if (link === undefined) return;
    const probe = yield* step('docker', () => findDocker(options, link));
    if (probe === undefined) return;
    yield* step('forwarding', () => tryForwarding(link, probe.user));
  } finally {
    over.abort(new Error('the test is over'));
    await login.then(
      (link) => link.close(),
      () => undefined,
    );
  }
}

type Step = <T>(
  name: HostTestStep['step'],
  take: () => Promise<{ value: T; detail: string }>,
) => AsyncGenerator<HostTestStep, T | undefined>;

/** Tells how a step goes; its value, or nothing where it failed or was aborted. */
function stepsOf(clock: Clock, signal: AbortSignal): Step {
  return async function* (name, take) {
    const startedAt = clock.monotonic();
    const ms = (): number => Math.round(clock.monotonic() - startedAt);
    if (signal.aborted) return undefined;
    yield { step: name, state: 'running' };
    try {
      const { value, detail } = await take();
      if (signal.aborted) return undefined;
      yield { step: name, state: 'done', detail, ms: ms() };
      return value;
    } catch (error) {
      if (!signal.aborted) yield { step: name, state: 'failed', ms: ms(), failure: toFailure(error) };
      return undefined;
    }
  };
}

async function findDocker(
  { profile, clock }: HostTestOptions,
  link: SshLink,
): Promise<{ value: Partial<ProbeResult>; detail: string }> {
  const readIt = (channel: SessionChannel): Promise<ProbeResult> => readProbe(channel, clock);
  const probe = await link.openSession(probeCommand).then(readIt, () => undefined);
  const { endpoint, versions, failure } = await lookAtDocker(profile.dockerSocket, probe, link, clock);
  if (failure !== undefined) throw new FailureError(failure);
  const way = endpoint?.kind === 'streamlocal' ? endpoint.path : 'docker system dial-stdio';
  return {
    value: probe ?? {},
    detail: `Docker ${versions?.engineVersion}, API ${versions?.apiVersion}, through ${way}`,
  };
}

/** A port where nobody listens tells as much as an open one: only a policy answers `prohibited`. */
async function tryForwarding(link: SshLink, user: string | undefined): Promise<{ value: true; detail: string }> {
  try {
    (await link.openTcp({ host: '127.0.0.1', port: 9 }, { address: '127.0.0.1', port: 0 })).destroy();
  } catch (error) {
    if (!(error instanceof ChannelRefused) || error.reason === 'not-connected') throw error;
    if (error.reason === 'prohibited') throw forwardingProhibited(user);
  }
  return { value: true, detail: 'Published ports can be forwarded.' };
}

function forwardingProhibited(user: string | undefined): FailureError {
  return new FailureError({
    code: 'forwarding-prohibited',
    message: `The server does not let ${user ?? 'this user'} forward ports.`,
    hint: 'In its sshd_config: AllowTcpForwarding yes, no DisableForwarding, no PermitOpen list — then: sudo systemctl reload ssh',
  });
}
