import type { DoctorStep } from '../../shared/doctor.ts';
import type { Failure } from '../../shared/failure.ts';
import type { HostProfile } from '../../shared/host.ts';
import type { Clock } from '../base/clock.ts';
import type { Connect } from '../ssh/connection.ts';
import type { Established, EstablishOptions } from '../ssh/establish.ts';
import { ssh2Failure } from '../ssh/ssh2-failure.ts';
import { lookAtDocker } from './docker-look.ts';
import { dockerSteps } from './docker-steps.ts';
import { keepaliveStep } from './keepalive-step.ts';
import { afterLogin, connectionLost, loginSteps } from './login-steps.ts';
import { watchLogin, type LoginEvidence } from './login-watch.ts';
import { lookAtMachine, type MachineOptions } from './machine-look.ts';
import { machineSteps } from './machine-steps.ts';
import { foreignLoginSteps, logInElsewhere } from './foreign-login.ts';
import { lookAtPolicy } from './policy-look.ts';
import { policySteps } from './policy-steps.ts';
import { lookAtTarget, resolveStep, unresolvedStep } from './resolve-look.ts';
import { openersOf, serverDoors, type Openers } from './server-doors.ts';
import { skipped } from './step.ts';

export interface DiagnoseOptions {
  readonly profile: HostProfile;
  /** The engine's own way of connecting, so that what is diagnosed is what happens. */
  readonly plan: EstablishOptions['plan'];
  /** In place of the plan where the system's ssh makes the connection, whose parts can't be watched. */
  readonly connect?: Connect | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
}

/** What can be said of this machine alone. */
export async function* diagnoseMachine(options: MachineOptions): AsyncGenerator<DoctorStep, void> {
  yield* machineSteps(await lookAtMachine(options));
}

/**
 * Walks the way that a connection takes, step by step, and says of each what is so and what mends it. Costs one connection,
 * closed at the end. Every step of the way is told, those not reached as `skipped`. Rejects only when `signal` is aborted.
 */
export async function* diagnose(options: DiagnoseOptions): AsyncGenerator<DoctorStep, void> {
  const { profile, plan, clock, signal } = options;
  const target = await lookAtTarget(options).catch((error: unknown) => unresolvedStep(error));
  signal.throwIfAborted();
  if ('id' in target) {
    yield target;
    return yield* notReached();
  }
  yield resolveStep(profile, target);
  if (target.addresses?.length === 0) return yield* notReached();
  if (options.connect !== undefined) return yield* throughLink(options.connect, options);
  const explain = (error: unknown): Promise<Failure> => ssh2Failure(error, options);
  const { login, evidence } = await watchLogin({ explain, plan, clock, signal });
  try {
    signal.throwIfAborted();
    yield* loginSteps(evidence, target.keyNames);
    if (login === undefined) return yield* afterLogin();
    let lost = false;
    login.client.on('error', () => undefined); // `close` follows
    login.client.once('close', () => (lost = true));
    const end = (): void => void login.client.destroy();
    const connection = { ...openersOf(login), login, end, isLost: () => lost };
    yield* lookAround(connection, evidence, options);
  } finally {
    login?.client.destroy();
  }
}

function* notReached(): Generator<DoctorStep, void> {
  yield* skipped(['tcp', 'banner', 'key-exchange', 'host-key', 'auth'], 'not reached');
  yield* afterLogin();
}

async function* throughLink(connect: Connect, options: DiagnoseOptions): AsyncGenerator<DoctorStep, void> {
  const { link, failure } = await logInElsewhere(connect, options);
  options.signal.throwIfAborted();
  yield* foreignLoginSteps(link, failure);
  if (link === undefined) return yield* afterLogin();
  let lost = false;
  const listening = link.onDidClose(() => (lost = true));
  try {
    const openers: Openers = {
      openTcp: (target, originator) => link.openTcp(target, originator),
      openUnix: (path) => link.openUnix(path),
      openSession: (command) => link.openSession(command),
    };
    yield* lookAround({ ...openers, end: () => void link.close(), isLost: () => lost }, undefined, options);
  } finally {
    void listening.dispose();
    await link.close();
  }
}

interface Connection extends Openers {
  readonly login?: Established;
  end(): void;
  isLost(): boolean;
}

async function* lookAround(
  connection: Connection,
  seen: LoginEvidence | undefined,
  { profile, clock, signal }: DiagnoseOptions,
): AsyncGenerator<DoctorStep, void> {
  const onAbort = (): void => connection.end();
  signal.addEventListener('abort', onAbort);
  try {
    const doors = serverDoors(connection, clock, connection.login);
    const policy = await lookAtPolicy(doors);
    const docker = await lookAtDocker(profile.dockerSocket, policy.look?.probe, connection, clock);
    signal.throwIfAborted();
    if (connection.isLost()) return yield* connectionLost();
    yield* policySteps(policy, docker);
    yield* dockerSteps(policy, docker);
    yield keepaliveStep(seen, policy.look);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
