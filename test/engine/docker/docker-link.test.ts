import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { memoryConnection } from '../../../engine/demo/memory-stream.ts';
import { DockerLink } from '../../../engine/docker/docker-link.ts';
import { noRoomForEvents, socketCandidates, type HostFindings } from '../../../engine/docker/endpoint.ts';
import { TestClock } from '../../support/test-clock.ts';
import { TestDocker } from '../../support/test-docker.ts';
import { waitFor } from '../../support/wait-for.ts';

let owned: DisposableStore;
let clock: TestClock;
let docker: TestDocker;
let openUnix: (path: string) => Promise<Duplex>;
let openStdio: () => Promise<Duplex>;
let tried: string[];

beforeEach(() => {
  owned = new DisposableStore();
  clock = new TestClock();
  docker = owned.add(new TestDocker());
  tried = [];
  openUnix = () => refused();
  openStdio = () => refused();
});
afterEach(async () => {
  await owned.dispose();
  await waitFor(() => clock.pending === 0, { what: 'every timer to end' });
});

const refused = (why = '(SSH) Channel open failure: open failed'): Promise<Duplex> => Promise.reject(new Error(why));
const serve = (): Promise<Duplex> => Promise.resolve(docker.connect());
const silent = (): Promise<Duplex> => Promise.resolve(memoryConnection()[0]);
const found = (more: Partial<HostFindings> = {}): HostFindings => ({
  ...{ user: 'me', uid: '1000', dockerHost: undefined, dockerCli: true },
  ...{ sockets: [{ path: '/var/run/docker.sock', writable: true }], ...more },
});

function link(configuredSocket?: string): DockerLink {
  const doors = {
    openUnix: (path: string) => {
      tried.push(path);
      return openUnix(path);
    },
    openStdio: () => {
      tried.push('dial-stdio');
      return openStdio();
    },
    clock,
  };
  return owned.add(new DockerLink({ configuredSocket, doors, clock, log: silentLogger }));
}

const settled = (it: DockerLink) => waitFor(() => it.state.kind !== 'searching', { what: 'the search' });

test('the configured socket is the only one; else what the host says comes first, then the usual places', () => {
  expect(socketCandidates('/x.sock', found())).toEqual(['/x.sock']);
  expect(socketCandidates(undefined, undefined)).toEqual(['/var/run/docker.sock', '/run/podman/podman.sock']);
  const rich = found({
    dockerHost: 'unix:///env.sock',
    sockets: [{ path: '/home/me/.colima/default/docker.sock', writable: true }],
  });
  expect(socketCandidates(undefined, rich)).toEqual([
    '/env.sock',
    '/home/me/.colima/default/docker.sock',
    '/var/run/docker.sock',
    '/run/user/1000/docker.sock',
    '/run/user/1000/podman/podman.sock',
    '/run/podman/podman.sock',
  ]);
});

test('the first socket that answers is taken, and its daemon’s versions are known', async () => {
  openUnix = (path) => (path === '/run/user/1000/docker.sock' ? serve() : refused());
  const it = link();
  it.up(Promise.resolve(found()));
  await waitFor(() => it.state.kind === 'up' && it.state.versions, { what: 'the versions' });
  expect(it.state).toMatchObject({
    endpoint: { view: { kind: 'streamlocal', path: '/run/user/1000/docker.sock' } },
    versions: { apiVersion: '1.41', engineVersion: '20.10.24' },
  });
});

test('after a reconnect the known endpoint is taken without a search', async () => {
  openUnix = serve;
  const it = link();
  it.up(Promise.resolve(found()));
  await settled(it);
  it.down();
  tried = [];
  it.up(new Promise(() => undefined));
  expect([it.state.kind, tried.includes('dial-stdio')]).toEqual(['up', false]);
});

test('where sockets are refused, dial-stdio is taken, with the reason', async () => {
  openStdio = serve;
  const it = link();
  it.up(Promise.resolve(found()));
  await settled(it);
  expect(it.state).toMatchObject({
    kind: 'up',
    endpoint: { view: { kind: 'dial-stdio', why: expect.stringContaining('open failed') as string } },
  });
});

test('a socket that is accepted and never served costs its time once, then dial-stdio is taken', async () => {
  openUnix = silent;
  openStdio = serve;
  const it = link();
  it.up(Promise.resolve(found()));
  await clock.advance(3_000);
  await settled(it);
  expect([it.state.kind, tried.slice(0, 2)]).toEqual(['up', ['/var/run/docker.sock', 'dial-stdio']]);
});

test('a door that never opens is given up as well', async () => {
  openUnix = () => new Promise(() => undefined);
  openStdio = serve;
  const it = link();
  it.up(Promise.resolve(found()));
  await clock.advance(3_000);
  await settled(it);
  expect(it.state.kind).toBe('up');
});

test('a look around that hangs is done without', async () => {
  openUnix = serve;
  const it = link();
  it.up(new Promise(() => undefined));
  await clock.advance(5_000);
  await settled(it);
  expect(it.state.kind).toBe('up');
});

test('a daemon that starts after the look around is found', async () => {
  const it = link();
  it.up(Promise.resolve(found({ sockets: [] })));
  await settled(it);
  expect(it.state.kind).toBe('failed');
  openUnix = serve;
  await clock.advance(1_000);
  await waitFor(() => it.state.kind === 'up', { what: 'the next search' });
});

describe('what is wrong is said', () => {
  test.each<[string, HostFindings | undefined]>([
    ['docker-permission-denied', found({ sockets: [{ path: '/var/run/docker.sock', writable: false }] })],
    ['docker-not-found', found({ sockets: [], dockerCli: false })],
    ['docker-channel-refused', found()],
    ['docker-not-running', found({ sockets: [] })],
    ['docker-channel-refused', undefined],
  ])('%s', async (code, findings) => {
    const it = link();
    it.up(Promise.resolve(findings));
    await settled(it);
    expect(it.state).toMatchObject({ kind: 'failed', failure: { code, hint: expect.any(String) as string } });
    await expect(it.list()).rejects.toMatchObject({ code });
  });

  test('docker-api-too-old', async () => {
    const old = owned.add(new TestDocker({ apiVersion: '1.18', engineVersion: '1.6.0', minApiVersion: '1.10' }));
    openUnix = () => Promise.resolve(old.connect());
    const it = link();
    it.up(Promise.resolve(found()));
    await waitFor(() => it.state.kind === 'failed', { what: 'the verdict' });
    expect(it.state).toMatchObject({ failure: { code: 'docker-api-too-old' } });
  });
});

describe('the API', () => {
  let it: DockerLink;
  let streams: Duplex[];
  beforeEach(async () => {
    streams = [];
    openUnix = async () => {
      const stream = await serve();
      streams.push(stream);
      return stream;
    };
    it = link();
    it.up(Promise.resolve(found()));
    await waitFor(() => it.state.kind === 'up' && it.state.versions, { what: 'the API' });
  });

  test('a container that does not exist is undefined', async () => {
    expect(await it.inspect('a'.repeat(64))).toBeUndefined();
  });

  test('a kept stream that died unnoticed is replaced, and the question asked again', async () => {
    docker.run({ name: 'web' });
    await it.list();
    for (const stream of streams) {
      stream.write = () => {
        queueMicrotask(() => void stream.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' })));
        return true;
      };
    }
    expect((await it.list()).map(({ name }) => name)).toEqual(['web']);
  });

  test('an error of the daemon is not asked again', async () => {
    docker.failNext('/containers/json', 500, 'no space left');
    await expect(it.list()).rejects.toThrow('no space left');
    expect(docker.requests('/containers/json')).toBe(1);
  });

  test('a daemon that hangs is told by two pings, and collects no streams', async () => {
    let fellSilent = 0;
    it.onDidFallSilent(() => (fellSilent += 1));
    docker.hang('/_ping');
    await clock.advance(120_000);
    expect(fellSilent).toBeGreaterThanOrEqual(6);
    expect(streams.filter((stream) => !stream.destroyed).length).toBeLessThanOrEqual(3);
  });

  test('disposed it closes every stream, that of the events as well', async () => {
    const events = await it.events(undefined);
    events.on('error', () => undefined);
    it.dispose();
    await waitFor(() => streams.every((stream) => stream.destroyed), { what: 'the streams to close' });
    await waitFor(() => docker.eventStreams === 0, { what: 'the daemon to notice' });
  });
});

test('a session per stream leaves no room for events where there is but one', () => {
  const endpoint = { view: { kind: 'dial-stdio' as const, why: '' }, openStream: serve };
  expect([noRoomForEvents(endpoint, 1)?.code, noRoomForEvents(endpoint, 2)]).toEqual([
    'no-session-for-events',
    undefined,
  ]);
});
