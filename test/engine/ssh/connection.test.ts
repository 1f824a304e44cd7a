import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { memoryConnection } from '../../../engine/demo/memory-stream.ts';
import { generateSshKey } from '../../../engine/demo/ssh-keys.ts';
import type { ConnectionState } from '../../../engine/ssh/connection-state.ts';
import { SshConnection } from '../../../engine/ssh/connection.ts';
import type { ConnectPlan, EstablishOptions } from '../../../engine/ssh/establish.ts';
import { FailureError } from '../../../shared/failure.ts';
import { TestClock } from '../../support/test-clock.ts';
import { startTestSshd, type TestSshd, type TestSshdOptions } from '../../support/test-sshd.ts';
import { waitFor } from '../../support/wait-for.ts';
import { overSsh2 } from '../../../engine/ssh/ssh2-link.ts';
import { planFor } from './test-plan.ts';

const here = { address: '127.0.0.1', port: 0 };
const there = { host: '127.0.0.1', port: 80 };

let owned: DisposableStore;
let clock: TestClock;
beforeEach(() => {
  owned = new DisposableStore();
  clock = new TestClock();
});
afterEach(() => owned.dispose());

async function sshd(options: TestSshdOptions = {}): Promise<TestSshd> {
  return owned.add(await startTestSshd({ openTcp: () => memoryConnection()[0], ...options }));
}

function connectionTo(plan: EstablishOptions['plan']): SshConnection {
  return owned.add(
    new SshConnection({ where: 'the host', connect: overSsh2(plan, clock), clock, log: silentLogger, random: () => 0 }),
  );
}

function kinds(connection: SshConnection): string[] {
  const seen: string[] = [];
  connection.onDidChange((state) => seen.push(state.kind));
  return seen;
}

async function reaches<Kind extends ConnectionState['kind']>(
  connection: SshConnection,
  kind: Kind,
): Promise<ConnectionState & { kind: Kind }> {
  await waitFor(() => connection.state.kind === kind, { what: kind });
  return connection.state as ConnectionState & { kind: Kind };
}

async function ready(plan: EstablishOptions['plan']): Promise<SshConnection> {
  const connection = connectionTo(plan);
  connection.start();
  await reaches(connection, 'ready');
  return connection;
}

function refusing(code = 'ECONNREFUSED'): Partial<ConnectPlan> {
  return { openTransport: () => Promise.reject(Object.assign(new Error('no'), { code })) };
}

test('it goes through its states to ready, over one transport, and stop leaves nothing', async () => {
  const { port, counts } = await sshd();
  const connection = connectionTo(planFor(port));
  const seen = kinds(connection);
  connection.start();
  connection.start();
  connection.retryNow();
  await reaches(connection, 'ready');
  expect(connection.ident).toMatch(/^SSH-2\.0-OpenSSH_/);
  expect(connection.opened).toEqual({ opened: 1, lastHour: 1 });
  connection.stop();
  expect(seen).toEqual(['connecting', 'authenticating', 'ready', 'idle']);
  await waitFor(() => counts.connectionsOpen === 0, { what: 'no connection' });
  expect([counts.connections, clock.pending]).toEqual([1, 0]);
});

test('a cut gives every open channel an error, then its close, and refuses what was being opened', async () => {
  const { port, network, counts } = await sshd({
    openTcp: ({ port }) => (port === 81 ? new Promise(() => undefined) : memoryConnection()[0]),
  });
  const connection = await ready(planFor(port));
  const heard: string[] = [];
  for (const name of ['read', 'unread']) {
    const channel = await connection.openTcp(there, here);
    if (name === 'read') channel.resume();
    channel.on('error', () => heard.push(`${name} error`));
    channel.on('close', () => heard.push(`${name} close`));
  }
  const pending = connection.openTcp({ host: '127.0.0.1', port: 81 }, here);
  network.cut();
  await expect(pending).rejects.toMatchObject({ code: 'not-connected', reason: 'not-connected' });
  await waitFor(() => heard.length === 4, { what: 'errors and closes' });
  expect(heard.slice(0, 2)).toEqual(['read error', 'unread error']);
  expect(heard.toSorted()).toEqual(['read close', 'read error', 'unread close', 'unread error']);
  await expect(connection.openTcp(there, here)).rejects.toMatchObject({ reason: 'not-connected' });
  await clock.advance(0);
  await reaches(connection, 'ready');
  expect([counts.connections, connection.channels.open, connection.channels.peak]).toEqual([2, 0, 2]);
});

test('data that came before a cut and was not read does not keep its channel counted', async () => {
  const [mine, theirs] = memoryConnection();
  const { port, network } = await sshd({ openTcp: () => theirs });
  const connection = await ready(planFor(port));
  const channel = await connection.openTcp(there, here);
  mine.write('half of an ans');
  await waitFor(() => channel.readableLength > 0 || channel.read(0) === '', { what: 'data' });
  const closed = new Promise<void>((resolve) => channel.on('close', resolve));
  network.cut();
  await closed;
  expect(connection.channels.open).toBe(0);
});

test('an unanswered host is tried at once, then ever later up to 30 s, without an end', async () => {
  const connection = connectionTo(planFor(1, refusing()));
  const delays: number[] = [];
  connection.onDidChange((state) => {
    if (state.kind === 'reconnecting') delays.push(state.nextRetryAt - clock.now());
  });
  connection.start();
  await clock.advance(20 * 60_000);
  expect(delays.slice(0, 9)).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(delays.length).toBeGreaterThan(40);
  expect(new Set(delays.slice(8))).toEqual(new Set([30_000]));
  expect(connection.state).toMatchObject({ kind: 'reconnecting', failure: { code: 'host-refused' } });
});

test.each([
  ['2 s of health the next wait is the second', 2_000, 500],
  ['3 s of health the next try is at once', 3_000, 0],
])('after %s', async (_title, healthyMs, delayMs) => {
  const { port, network } = await sshd();
  const connection = await ready(planFor(port));
  network.cut();
  await reaches(connection, 'reconnecting');
  await clock.advance(0);
  await reaches(connection, 'ready');
  await clock.advance(healthyMs);
  network.cut();
  const { nextRetryAt } = await reaches(connection, 'reconnecting');
  expect(nextRetryAt - clock.now()).toBe(delayMs);
});

test('retryNow skips the wait, and starts the waits anew', async () => {
  const connection = connectionTo(planFor(1, refusing()));
  connection.start();
  await clock.advance(10_000);
  expect((await reaches(connection, 'reconnecting')).nextRetryAt).toBeGreaterThan(clock.now() + 1_000);
  connection.retryNow();
  expect(connection.state.kind).toBe('connecting');
  await clock.advance(0);
  expect(clock.pending).toBe(1);
  expect((await reaches(connection, 'reconnecting')).nextRetryAt).toBe(clock.now() + 500);
});

test('a refused login is tried once and then waits for the user', async () => {
  const { port, authAttempts } = await sshd({ auth: { password: 'ahoy' } });
  const connection = connectionTo(planFor(port));
  connection.start();
  expect(await reaches(connection, 'needs-user')).toMatchObject({ failure: { code: 'auth-refused' } });
  await clock.advance(3_600_000);
  expect([authAttempts.length, connection.opened.opened, clock.pending]).toEqual([1, 1, 0]);
  connection.retryNow();
  await waitFor(() => authAttempts.length === 2, { what: 'another attempt' });
  await reaches(connection, 'needs-user');
});

test.each([
  ['a changed host key', 'host-key-changed', 'needs-user'],
  ['an ssh_config that makes no sense', 'ssh-config-invalid', 'failed'],
] as const)('%s is not tried again by itself', async (_title, code, kind) => {
  const { port, counts } = await sshd();
  const failure = (): FailureError => new FailureError({ code, message: 'x' });
  const connection = connectionTo(planFor(port, { verifyHostKey: (_key, verdict) => verdict(false), failure }));
  connection.start();
  expect(await reaches(connection, kind)).toEqual({ kind, failure: { code, message: 'x' } });
  await clock.advance(3_600_000);
  expect(counts.connections).toBe(1);
});

test('stopped in any state it is idle and leaves no timer and no connection, and it can start again', async () => {
  const { port, counts, network } = await sshd({ auth: { password: 'ahoy' } });
  const good = await sshd();
  const never = planFor(port, { openTransport: () => new Promise(() => undefined) });
  const states: [ConnectionState['kind'], EstablishOptions['plan'], boolean][] = [
    ['connecting', never, false],
    ['authenticating', planFor(port), true],
    ['needs-user', planFor(port), false],
    ['reconnecting', planFor(1, refusing()), false],
    ['ready', planFor(good.port), false],
  ];
  for (const [kind, plan, frozen] of states) {
    if (frozen) network.freeze();
    const connection = connectionTo(plan);
    connection.start();
    await reaches(connection, kind);
    connection.stop();
    await clock.advance(0);
    expect([connection.state.kind, clock.pending]).toEqual(['idle', 0]);
    connection.start();
    await reaches(connection, kind);
    connection.stop();
    if (frozen) network.thaw();
    await waitFor(() => counts.connectionsOpen + good.counts.connectionsOpen === 0, { what: `none after ${kind}` });
    expect(clock.pending).toBe(0);
  }
});

test('a transport that comes after the attempt was stopped is closed and changes nothing', async () => {
  const late = Promise.withResolvers<Duplex>();
  let calls = 0;
  const openTransport = (): Promise<Duplex> => (calls++ === 0 ? late.promise : new Promise(() => undefined));
  const connection = connectionTo(planFor(1, { openTransport }));
  connection.start();
  await waitFor(() => calls === 1, { what: 'a first attempt' });
  connection.stop();
  connection.start();
  await waitFor(() => calls === 2, { what: 'a second attempt' });
  const [near] = memoryConnection();
  late.resolve(near);
  await waitFor(() => near.destroyed, { what: 'the late transport closed' });
  expect([connection.state.kind, connection.opened.opened]).toEqual(['connecting', 0]);
});

test('a listener may stop it from within any of its events', async () => {
  const { port, counts } = await sshd();
  for (const kind of ['connecting', 'authenticating', 'ready'] as const) {
    const connection = connectionTo(planFor(port));
    connection.onDidChange((state) => state.kind === kind && connection.stop());
    connection.start();
    await waitFor(() => connection.state.kind === 'idle', { what: 'idle' });
    await waitFor(() => counts.connectionsOpen === 0, { what: 'no connection' });
    expect([connection.state.kind, clock.pending]).toEqual(['idle', 0]);
  }
  const refused = connectionTo(planFor(1, refusing()));
  refused.onDidChange((state) => state.kind === 'reconnecting' && refused.stop());
  refused.start();
  await clock.advance(60_000);
  expect([refused.state.kind, clock.pending]).toEqual(['idle', 0]);
});

test('verify keeps a connection that answers', async () => {
  const { port, counts } = await sshd();
  const connection = await ready(planFor(port));
  connection.verify();
  connection.verify();
  expect(clock.pending).toBe(1);
  await waitFor(() => clock.pending === 0, { what: 'a sign of life' });
  await clock.advance(60_000);
  expect([connection.state.kind, counts.connections]).toEqual(['ready', 1]);
});

test('verify drops a connection that is silent for 5 s, and another takes its place', async () => {
  const { port, network, counts } = await sshd();
  const connection = await ready(planFor(port));
  network.freeze();
  connection.verify();
  await clock.advance(4_999);
  expect(connection.state.kind).toBe('ready');
  await clock.advance(1);
  expect(connection.state.kind).not.toBe('ready');
  network.thaw();
  await clock.advance(0);
  await reaches(connection, 'ready');
  expect(counts.connections).toBe(2);
});

test('the keepalive notices a connection on which nothing comes any more', async () => {
  const { port, network } = await sshd();
  const connection = await ready(planFor(port, { keepaliveIntervalMs: 30, keepaliveCountMax: 2 }));
  network.freeze();
  expect(await reaches(connection, 'reconnecting')).toMatchObject({ failure: { code: 'connection-silent' } });
});

test('a reconnect that was asked for is at once, however short the connection before', async () => {
  const { port, network } = await sshd();
  const connection = await ready(planFor(port));
  for (const _time of [1, 2]) {
    network.cut();
    await reaches(connection, 'reconnecting');
    await clock.advance(1_000);
    await reaches(connection, 'ready');
  }
  connection.reconnect('a test');
  const { nextRetryAt } = await reaches(connection, 'reconnecting');
  expect(nextRetryAt).toBe(clock.now());
});

test('a server that says goodbye in the same breath as welcome is a connection lost', async () => {
  const server = new ssh2.Server({ hostKeys: [generateSshKey().privateKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      context.accept();
      (client as unknown as { _protocol: { disconnect(reason: number): void } })._protocol.disconnect(2);
    });
  });
  const listener = createServer((socket) => server.injectSocket(socket)).listen(0, '127.0.0.1');
  owned.defer(() => void listener.close());
  await once(listener, 'listening');
  const connection = connectionTo(planFor((listener.address() as AddressInfo).port));
  connection.start();
  expect(await reaches(connection, 'reconnecting')).toMatchObject({ failure: { code: 'connection-lost' } });
});

test('disposed, it does not start again', async () => {
  const { port, counts } = await sshd();
  const connection = connectionTo(planFor(port));
  await connection.dispose();
  connection.start();
  expect([connection.state.kind, counts.connections, clock.pending]).toEqual(['idle', 0, 0]);
});

test('what was agreed upon is told, and which wishes could not be honoured', async () => {
  const { port } = await sshd();
  const connection = await ready(planFor(port, { unsupported: ['sntrup761x25519-sha512@openssh.com'] }));
  expect(connection.algorithms).toMatchObject({ unsupported: ['sntrup761x25519-sha512@openssh.com'] });
  expect(connection.algorithms?.kex).toMatch(/^(curve25519|ecdh|diffie-hellman)/);
});
