import { testWith } from '../../support/test-with.ts';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { TestDocker, type TestDockerOptions } from '../../support/test-docker.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
beforeEach(() => {
  owned = new DisposableStore();
});
afterEach(() => owned.dispose());

async function start(options: TestDockerOptions = {}): Promise<{ fake: TestDocker; docker: Docker; socket: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'towline-docker-'));
  owned.defer(() => rm(folder, { recursive: true }));
  const fake = owned.add(new TestDocker(options));
  const socket = join(folder, 'docker.sock');
  owned.add(await fake.listen(socket));
  return { fake, docker: new Docker({ socketPath: socket }), socket };
}

/** The event stream, collected as text; resolves once the server has subscribed it. */
async function listenToEvents(docker: Docker, options: Docker.GetEventsOptions = {}): Promise<() => string> {
  const stream = await docker.getEvents(options);
  let heard = '';
  stream.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  stream.on('error', () => undefined);
  owned.defer(() => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy());
  return () => heard;
}

function actions(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { Action: string }).Action);
}

test('a publish on every address is listed once for each family, an unpublished port without an address', async () => {
  const { fake, docker } = await start();
  fake.run({ name: 'web', ports: [{ containerPort: 80, hostPort: 8080 }], exposed: ['9000/tcp'] });
  const [row] = await docker.listContainers();
  expect(row).toMatchObject({ Names: ['/web'], State: 'running' });
  expect(row?.Ports).toEqual([
    { IP: '0.0.0.0', PublicPort: 8080, PrivatePort: 80, Type: 'tcp' },
    { IP: '::', PublicPort: 8080, PrivatePort: 80, Type: 'tcp' },
    { PrivatePort: 9000, Type: 'tcp' },
  ]);
});

test('inspect tells what is bound from what was asked for', async () => {
  const { fake, docker } = await start();
  const id = fake.run({ name: 'web', ports: [{ containerPort: 80, hostIp: '127.0.0.1' }], exposed: ['9000/tcp'] });
  const bound = String(fake.bindings(id)[0]?.hostPort);
  const { HostConfig, NetworkSettings } = await docker.getContainer('web').inspect();
  expect(HostConfig.PortBindings).toEqual({ '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] });
  expect(NetworkSettings.Ports).toEqual({ '80/tcp': [{ HostIp: '127.0.0.1', HostPort: bound }], '9000/tcp': null });
});

test('a stopped container publishes nothing and is listed only when all are asked for', async () => {
  const { fake, docker } = await start();
  fake.stop(fake.run({ name: 'web', ports: [{ containerPort: 80, hostPort: 8080 }] }));
  expect(await docker.listContainers()).toEqual([]);
  expect(await docker.listContainers({ all: true })).toMatchObject([{ State: 'exited', Ports: [] }]);
});

test('a restart takes another ephemeral port and tells its events in the daemon’s order', async () => {
  const { fake, docker } = await start();
  const id = fake.run({ name: 'web', ports: [{ containerPort: 80 }] });
  const heard = await listenToEvents(docker);
  const before = fake.bindings(id)[0]?.hostPort;
  await docker.getContainer(id).restart();
  await waitFor(() => actions(heard()).includes('restart'), { what: 'the restart event' });
  expect(actions(heard())).toEqual(['kill', 'die', 'disconnect', 'stop', 'connect', 'start', 'restart']);
  expect(fake.bindings(id)[0]?.hostPort).not.toBe(before);
});

test('a network disconnect takes the ports without a container event, a connect gives new ones', async () => {
  const { fake, docker } = await start();
  const id = fake.run({ name: 'web', ports: [{ containerPort: 80 }] });
  const heard = await listenToEvents(docker);
  const before = fake.bindings(id)[0]?.hostPort;
  fake.networkDisconnect(id);
  expect(await docker.listContainers()).toMatchObject([{ Ports: [] }]);
  fake.networkConnect(id);
  await waitFor(() => actions(heard()).length === 2, { what: 'both events' });
  expect(actions(heard())).toEqual(['disconnect', 'connect']);
  expect(fake.bindings(id)[0]?.hostPort).not.toBe(before);
});

test('events since a moment are replayed before those that come', async () => {
  const { fake, docker } = await start();
  const id = fake.run({ name: 'web' });
  const heard = await listenToEvents(docker, { since: 1, filters: { type: ['container'] } });
  fake.rename(id, 'shop');
  await waitFor(() => actions(heard()).length === 3, { what: 'three events' });
  expect(actions(heard())).toEqual(['create', 'start', 'rename']);
});

test('a filter by event passes compound actions and leaves the noise out', async () => {
  const { fake, docker } = await start();
  const id = fake.run({ name: 'web' });
  const heard = await listenToEvents(docker, { filters: { event: ['health_status', 'die'] } });
  fake.emit(id, 'exec_create: sh');
  fake.emit(id, 'health_status: healthy');
  fake.exit(id, 1);
  await waitFor(() => actions(heard()).includes('die'), { what: 'the death' });
  expect(actions(heard())).toEqual(['health_status: healthy', 'die']);
});

test('logs come in frames, the newest as asked for, and end with the container', async () => {
  const { fake, docker } = await start();
  const id = fake.run({ name: 'web' });
  fake.log(id, 'old');
  fake.log(id, 'new');
  const stream = await docker.getContainer(id).logs({ follow: true, stdout: true, stderr: true, tail: 1 });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
  const ended = once(stream, 'end');
  fake.log(id, 'oops', 'stderr');
  fake.stop(id);
  await ended;
  const frame = (kind: number, line: string): Buffer =>
    Buffer.concat([Buffer.from([kind, 0, 0, 0, 0, 0, 0, line.length]), Buffer.from(line)]);
  expect(Buffer.concat(chunks)).toEqual(Buffer.concat([frame(1, 'new\n'), frame(2, 'oops\n')]));
});

test('a version outside the daemon’s range is refused in its words', async () => {
  const { socket } = await start({ generation: 'docker-29' });
  const old = new Docker({ socketPath: socket, version: 'v1.24' });
  await expect(old.listContainers()).rejects.toThrow(
    'client version 1.24 is too old. Minimum supported API version is 1.44',
  );
  const young = new Docker({ socketPath: socket, version: 'v1.99' });
  await expect(young.listContainers()).rejects.toThrow('Maximum supported API version is 1.52');
});

test('a container that is not there is a 404, a broken filter a 400', async () => {
  const { docker } = await start();
  await expect(docker.getContainer('ghost').inspect()).rejects.toMatchObject({ statusCode: 404 });
  await expect(docker.listContainers({ filters: '{' })).rejects.toMatchObject({ statusCode: 400 });
});

test('faults come on command: a failure once, silence until lifted, every request counted', async () => {
  const { fake, docker } = await start();
  fake.failNext('/containers/json', 500, 'disk on fire');
  await expect(docker.listContainers()).rejects.toThrow('disk on fire');
  expect(await docker.listContainers()).toEqual([]);
  fake.hang('/_ping');
  let answered = false;
  docker.ping().then(
    () => (answered = true),
    () => undefined, // cut off at the end of the test
  );
  await waitFor(() => fake.requests('/_ping') === 1, { what: 'the ping to arrive' });
  expect(await docker.listContainers()).toEqual([]);
  expect([answered, fake.requests('/containers/json')]).toEqual([false, 3]);
});

test('an event stream can be given garbage, split anywhere and ended', async () => {
  const { fake, docker } = await start();
  fake.splitEvents((line) => [line.subarray(0, 5), line.subarray(5)]);
  const stream = await docker.getEvents();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk.toString()));
  const ended = once(stream, 'end');
  fake.emitRaw('{"broken\n');
  fake.endEvents();
  await ended;
  expect(chunks).toEqual(['{"bro', 'ken\n']);
  await waitFor(() => fake.eventStreams === 0, { what: 'no stream to be left' });
});

testWith('docker')('the docker command understands it: ps, port, logs', async () => {
  const { fake, socket } = await start();
  const id = fake.run({ name: 'web', ports: [{ containerPort: 80, hostPort: 8080 }] });
  fake.log(id, 'hello');
  const env = { PATH: process.env['PATH'], HOME: tmpdir() };
  const docker = async (...args: string[]): Promise<string> => {
    return (await promisify(execFile)('docker', ['-H', `unix://${socket}`, ...args], { env })).stdout;
  };
  expect(await docker('ps', '--format', '{{.Names}} {{.Ports}}')).toMatch(
    /^web 0\.0\.0\.0:8080->80\/tcp, .*:8080->80\/tcp\n$/,
  );
  expect(await docker('logs', 'web')).toBe('hello\n');
  expect(await docker('port', 'web', '80')).toContain('0.0.0.0:8080');
});
