import { overSsh2 } from '../../engine/ssh/ssh2-link.ts';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { duplexPair } from 'node:stream';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { HostSupervisor } from '../../engine/host.ts';
import { PromptDesk } from '../../engine/prompts.ts';
import type { HostView } from '../../shared/host.ts';
import { parseSettings, type Settings } from '../../shared/settings.ts';
import { TestClock } from '../support/test-clock.ts';
import { TestDocker } from '../support/test-docker.ts';
import { dialStdioExec, startTestSshd, type TestSshd, type TestSshdOptions } from '../support/test-sshd.ts';
import { waitFor } from '../support/wait-for.ts';
import { testPlan } from './forward/test-plan.ts';

let owned: DisposableStore;
let docker: TestDocker;
let sshd: TestSshd;
let host: HostSupervisor;
let view: HostView;
let dir: string;
let settings: Settings;

beforeEach(async () => {
  owned = new DisposableStore();
  docker = owned.add(new TestDocker());
  dir = await mkdtemp(join(tmpdir(), 'towline-host-'));
  owned.defer(() => rm(dir, { recursive: true }));
  const parsed = parseSettings({ version: 1 });
  if (parsed.kind === 'ok') settings = parsed.settings;
});
afterEach(() => owned.dispose());

/** A test host whose Docker is at the usual socket, and whose published ports answer with where they were dialled. */
async function start(options: TestSshdOptions = {}, clock: Clock = systemClock): Promise<void> {
  sshd = owned.add(
    await startTestSshd({
      openUnix: (path) =>
        path === '/var/run/docker.sock' ? docker.connect() : { refused: 'connect-failed', description: 'open failed' },
      openTcp: (target) => {
        const [near, far] = duplexPair();
        far.once('data', () => far.end(`${target.host} ${target.port}`));
        return near;
      },
      exec: dialStdioExec(() => docker.connect()),
      ...options,
    }),
  );
  host = owned.add(
    new HostSupervisor({
      profile: { id: 'test', target: `ssh://tester@127.0.0.1:${sshd.port}` },
      connect: overSsh2(testPlan(sshd), systemClock),
      prompts: new PromptDesk({ terminal: undefined, doorsCanAnswer: () => false, clock: systemClock }),
      settings: () => settings,
      remembered: { get: () => undefined, set: () => undefined },
      ownerOf: () => Promise.resolve(undefined),
      dockerSocketPath: join(dir, 'docker', 'test.sock'),
      publish: (now) => (view = now),
      clock,
      log: silentLogger,
    }),
  );
  await host.start();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function ask(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write('who is there?');
  return text(socket);
}

const publish = (hostPort: number) => ({ ports: [{ containerPort: 80, hostPort }] });
const live = () => waitFor(() => view.events.state === 'live', { what: 'the event stream' });
const answers = (port: number) => waitFor(() => ask(port), { what: `port ${port}` });
const refuses = (port: number) =>
  waitFor(
    () =>
      ask(port).then(
        () => false,
        () => true,
      ),
    { what: `port ${port} to close`, timeoutMs: 8_000 },
  );

test('what runs before, what starts and what stops: each port is here for as long as its container runs', async () => {
  const [before, later] = [await freePort(), await freePort()];
  docker.run({ name: 'before', ...publish(before) });
  await start();
  expect(await answers(before)).toBe(`127.0.0.1 ${before}`);
  await live();
  docker.run({ name: 'later', ...publish(later) });
  expect(await answers(later)).toBe(`127.0.0.1 ${later}`);
  docker.stop('later');
  await refuses(later);
  expect([sshd.counts.connections, sshd.counts.sessionsOpened, sshd.counts.sessionsOpen]).toEqual([1, 1, 0]);
});

test('a restart does not close the port', async () => {
  const port = await freePort();
  docker.run({ name: 'web', ...publish(port) });
  await start();
  await live();
  await answers(port);
  for (let round = 0; round < 20; round += 1) docker.restart('web');
  expect(await ask(port)).toBe(`127.0.0.1 ${port}`);
});

test('a container that came and one that went while the connection was cut are right after it is back', async () => {
  const [stays, goes, comes] = [await freePort(), await freePort(), await freePort()];
  docker.run({ name: 'stays', ...publish(stays) });
  docker.run({ name: 'goes', ...publish(goes) });
  await start();
  await live();
  await answers(goes);
  sshd.network.cut();
  docker.remove('goes');
  docker.run({ name: 'comes', ...publish(comes) });
  expect([await answers(stays), await answers(comes)]).toEqual([`127.0.0.1 ${stays}`, `127.0.0.1 ${comes}`]);
  await refuses(goes);
  await waitFor(() => Object.keys(view.forwards).length === 2, { what: 'the view' });
});

test('an event stream that ends is subscribed anew, and what it missed is listed', async () => {
  const port = await freePort();
  await start();
  await live();
  docker.endEvents();
  await waitFor(() => docker.eventStreams === 0, { what: 'the end of the stream' });
  docker.run({ name: 'web', ...publish(port) });
  expect(await answers(port)).toBe(`127.0.0.1 ${port}`);
  await waitFor(() => view.events.state === 'live' && view.events.attempt === 2, { what: 'the second subscription' });
});

test('where the server refuses streamlocal, events and questions go through two sessions', async () => {
  const port = await freePort();
  await start({ maxSessions: 2 });
  sshd.refuse({ streamlocal: 'connect-failed' });
  host.reconnect();
  await waitFor(() => view.docker.endpoint?.kind === 'dial-stdio' && view.events.state === 'live', {
    what: 'dial-stdio',
  });
  docker.run({ name: 'web', ...publish(port) });
  expect(await answers(port)).toBe(`127.0.0.1 ${port}`);
  await waitFor(() => view.sessions.inUse === 2 && view.sessions.limit === 2, { what: 'the view' });
});

test('with one session and no streamlocal it looks for containers by itself, and says so', async () => {
  const [first, second] = [await freePort(), await freePort()];
  docker.run({ name: 'first', ...publish(first) });
  await start({ maxSessions: 1, openUnix: () => ({ refused: 'connect-failed', description: 'open failed' }) });
  await waitFor(() => view.events.state === 'polling', { what: 'the polling' });
  expect(await answers(first)).toBe(`127.0.0.1 ${first}`);
  docker.run({ name: 'second', ...publish(second) });
  await waitFor(() => Object.keys(view.forwards).length === 2, { what: 'the next look', timeoutMs: 10_000 });
  expect([await answers(second), view.events.reason?.code, view.sessions.limit]).toEqual([
    `127.0.0.1 ${second}`,
    'no-session-for-events',
    1,
  ]);
});

test('a server that allows no session at all still forwards', async () => {
  const port = await freePort();
  docker.run({ name: 'web', ...publish(port) });
  await start({ maxSessions: 0 });
  expect(await answers(port)).toBe(`127.0.0.1 ${port}`);
  await waitFor(() => view.docker.endpoint?.kind === 'streamlocal' && view.sessions.limit === 0, { what: 'the view' });
});

test('the local Docker socket speaks to the daemon over the same connection', async () => {
  docker.run({ name: 'web' });
  await start();
  await live();
  const answer = await new Promise<string>((resolve, reject) => {
    const socketPath = view.docker.localSocket ?? '';
    request(
      { socketPath, path: '/containers/json', agent: false },
      (response) => void text(response).then(resolve, reject),
    )
      .on('error', reject)
      .end();
  });
  expect(answer).toContain('"/web"');
  expect([sshd.counts.connections, sshd.counts.sessionsOpened]).toEqual([1, 1]);
});

test('disposed it leaves neither a port nor a channel behind', async () => {
  const port = await freePort();
  docker.run({ name: 'web', ...publish(port) });
  await start();
  await answers(port);
  await host.dispose();
  await expect(ask(port)).rejects.toThrow('ECONNREFUSED');
  await waitFor(() => sshd.counts.connectionsOpen === 0, { what: 'the connection to end' });
});

test('told that the network is back, it tries at once what waits, and leaves alone what answers', async () => {
  await start({}, new TestClock()); // by itself nothing is ever tried again
  await waitFor(() => view.state === 'ready', { what: 'the connection' });
  sshd.network.cut();
  await waitFor(() => view.state === 'reconnecting', { what: 'the loss' });
  host.checkNow();
  await waitFor(() => view.state === 'ready', { what: 'the connection that was asked for' });
  host.checkNow();
  const channel = await host.openTcp('127.0.0.1', 80);
  channel.end('who is there?');
  expect(await text(channel)).toBe('127.0.0.1 80');
  expect(view).toMatchObject({ state: 'ready', connections: { opened: 2 } });
});
