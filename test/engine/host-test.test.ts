import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { testHost } from '../../engine/host-test.ts';
import type { ConnectPlan } from '../../engine/ssh/establish.ts';
import { overSsh2 } from '../../engine/ssh/ssh2-link.ts';
import type { HostProfile } from '../../shared/host.ts';
import type { HostTestStep } from '../../shared/contract.ts';
import { FailureError } from '../../shared/failure.ts';
import { TestDocker } from '../support/test-docker.ts';
import { startTestSshd, type TestSshd, type TestSshdOptions } from '../support/test-sshd.ts';
import { waitFor } from '../support/wait-for.ts';
import { planFor } from './ssh/test-plan.ts';

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

const profile = { id: 'x', target: 'ssh://x' } as HostProfile;

/** A host with Docker, whose login shell says what `look` says. */
async function host(options: TestSshdOptions = {}, look = 'socket=w/var/run/docker.sock\n'): Promise<TestSshd> {
  const docker = owned.add(new TestDocker());
  return owned.add(
    await startTestSshd({
      openUnix: () => docker.connect(),
      exec: (command, { stdout }) => {
        if (!command.startsWith('sh -c')) return Promise.resolve(1);
        stdout.write(`user=me\nuid=1000\n${look}`);
        return Promise.resolve(0);
      },
      ...options,
    }),
  );
}

function walk(
  port: number,
  parts: Partial<ConnectPlan> = {},
  signal = new AbortController().signal,
): AsyncGenerator<HostTestStep> {
  return testHost({ profile, connect: overSsh2(planFor(port, parts), systemClock), clock: systemClock, signal });
}

async function ends(steps: AsyncGenerator<HostTestStep>): Promise<string[]> {
  const told: string[] = [];
  for await (const step of steps) if (step.state !== 'running') told.push(`${step.step} ${step.failure?.code ?? 'ok'}`);
  return told;
}

async function closed({ counts }: TestSshd): Promise<number> {
  await waitFor(() => counts.connectionsOpen === 0, { what: 'no connection' });
  return counts.connections;
}

test('a good host passes every step, over one connection, which is closed', async () => {
  const server = await host();
  expect(await ends(walk(server.port))).toEqual(['connect ok', 'authenticate ok', 'docker ok', 'forwarding ok']);
  expect(await closed(server)).toBe(1);
});

test.each([
  ['an unknown name', 'ENOTFOUND', 'host-not-found'],
  ['a refused port', 'ECONNREFUSED', 'host-refused'],
])('%s fails the connect', async (_title, code, failure) => {
  const openTransport = (): Promise<never> => Promise.reject(Object.assign(new Error('x'), { code }));
  expect(await ends(walk(1, { openTransport }))).toEqual([`connect ${failure}`]);
});

test('a key that is not trusted and a login that is refused fail the login', async () => {
  const server = await host({ auth: { password: 'ahoy' } });
  const failure = (): FailureError => new FailureError({ code: 'host-key-unknown', message: 'x' });
  const untrusted: Partial<ConnectPlan> = { verifyHostKey: (_key, verdict) => verdict(false), failure };
  expect(await ends(walk(server.port, untrusted))).toEqual(['connect ok', 'authenticate host-key-unknown']);
  expect(await ends(walk(server.port))).toEqual(['connect ok', 'authenticate auth-refused']);
  expect(await closed(server)).toBe(2);
});

test.each([
  ['no Docker', 'docker=no\n', 'docker-not-found'],
  ['no right to use it', 'docker=yes\nsocket=-/var/run/docker.sock\n', 'docker-permission-denied'],
])('%s fails the Docker step', async (_title, look, code) => {
  const server = await host({}, look);
  server.refuse({ streamlocal: 'connect-failed' });
  expect(await ends(walk(server.port))).toEqual(['connect ok', 'authenticate ok', `docker ${code}`]);
  expect(await closed(server)).toBe(1);
});

test('a server that prohibits forwarding fails the last step', async () => {
  const server = await host();
  server.refuse({ tcpip: 'prohibited' });
  expect((await ends(walk(server.port))).at(-1)).toBe('forwarding forwarding-prohibited');
  expect(await closed(server)).toBe(1);
});

test('whoever stops listening or aborts, at any step, leaves no connection', async () => {
  const server = await host();
  for (const step of ['connect', 'authenticate', 'docker', 'forwarding']) {
    for await (const told of walk(server.port)) if (told.step === step) break;
    await closed(server);
    const stop = new AbortController();
    const told: HostTestStep[] = [];
    for await (const now of walk(server.port, {}, stop.signal)) {
      told.push(now);
      if (now.step === step) stop.abort(new Error('enough'));
    }
    expect(told.at(-1)).toEqual({ step, state: 'running' });
    await closed(server);
  }
});
