import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { describe, expect, test } from 'vitest';
import { fromInspect, fromSummary } from '../../../engine/docker/containers.ts';
import { containerKey, type PublishedPort } from '../../../shared/container.ts';

/** What dockerd 28 (API 1.41 paths) said of real containers, by both doors, reduced to the fields that are read. */
function recorded(name: string): { summary: ContainerInfo; inspect: ContainerInspectInfo } {
  const file = join(import.meta.dirname, '../../fixtures/docker', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as { summary: ContainerInfo; inspect: ContainerInspectInfo };
}

const ports = (published: readonly PublishedPort[] | undefined) =>
  published?.map((port) => `${port.hostAddress}:${port.hostPort}->${port.containerPort}/${port.protocol}`);

describe.each<[string, string[], string[] | undefined]>([
  ['fixed', ['0.0.0.0:18080->80/tcp'], ['0.0.0.0:18080->80/tcp']],
  ['ephemeral', ['0.0.0.0:32768->80/tcp'], undefined],
  ['publish-all', ['0.0.0.0:32769->9000/tcp'], undefined],
  ['host-range', ['0.0.0.0:18095->80/tcp'], undefined],
  [
    'two-host-ports',
    ['0.0.0.0:18081->80/tcp', '0.0.0.0:18082->80/tcp'],
    ['0.0.0.0:18081->80/tcp', '0.0.0.0:18082->80/tcp'],
  ],
  ['loopback', ['127.0.0.1:18083->80/tcp'], ['127.0.0.1:18083->80/tcp']],
  ['loopback-v6', ['::1:18084->80/tcp'], ['::1:18084->80/tcp']],
  ['udp', ['0.0.0.0:18085->53/tcp', '0.0.0.0:18085->53/udp'], ['0.0.0.0:18085->53/tcp', '0.0.0.0:18085->53/udp']],
  ['host-network', [], []],
  ['no-ports', [], []],
  ['disconnected', [], ['0.0.0.0:18088->80/tcp']],
  ['compose', ['0.0.0.0:18100->80/tcp'], ['0.0.0.0:18100->80/tcp']],
])('a real container: %s', (name, published, planned) => {
  const { summary, inspect } = recorded(name);

  test('has its ports from the list and from inspect alike, and those of its next start', () => {
    const looked = fromInspect(inspect);
    expect(ports(fromSummary(summary)?.published)).toEqual(published);
    expect(ports(looked.container.published)).toEqual(published);
    expect(ports(looked.planned)).toEqual(planned);
    expect(looked.running).toBe(true);
  });

  test('is the same by both doors but for what only inspect tells', () => {
    const { startedAtMs: _, exposed: exposedThere, ...looked } = fromInspect(inspect).container;
    const { startedAtMs: __, exposed, ...listed } = fromSummary(summary) ?? { startedAtMs: 0, exposed: [] };
    expect(listed).toEqual(looked);
    if (name === 'no-ports') expect(exposed).toEqual(exposedThere);
  });
});

test('a port range is one publish for each port', () => {
  expect(ports(fromInspect(recorded('range').inspect).container.published)).toEqual([
    '0.0.0.0:18090->8000/tcp',
    '0.0.0.0:18091->8001/tcp',
    '0.0.0.0:18092->8002/tcp',
    '0.0.0.0:18093->8003/tcp',
  ]);
});

test('a stopped container is not running, and its plan is known', () => {
  const { running, planned, container } = fromInspect(recorded('stopped').inspect);
  expect({ running, planned: ports(planned), published: container.published }).toEqual({
    running: false,
    planned: ['0.0.0.0:18086->80/tcp'],
    published: [],
  });
});

test('a container that Docker is about to restart does not run, though Docker counts it among the running', () => {
  const { summary, inspect } = recorded('fixed');
  const restarting = { ...inspect, State: { ...inspect.State, Restarting: true } };
  expect(fromInspect(restarting).running).toBe(false);
  expect(fromSummary({ ...summary, State: 'restarting' })).toBeUndefined();
});

test('with the network of the host or of another container, publishes are never planned', () => {
  const { inspect } = recorded('fixed');
  const planned = ['host', 'none', 'container:abc'].map((NetworkMode) => {
    return fromInspect({ ...inspect, HostConfig: { ...inspect.HostConfig, NetworkMode } }).planned;
  });
  expect(planned).toEqual([[], [], []]);
});

test('what is published on :: alone stays there: it may be IPv6 only', () => {
  const { summary } = recorded('fixed');
  const Ports = [{ IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' }];
  expect(ports(fromSummary({ ...summary, Ports })?.published)).toEqual([':::8080->80/tcp']);
});

test('a host port that is none is left out', () => {
  const { summary } = recorded('fixed');
  const Ports = [0, -1, 65_536, 80.5].map((PublicPort) => ({ IP: '', PrivatePort: 80, PublicPort, Type: 'tcp' }));
  expect(fromSummary({ ...summary, Ports })?.published).toEqual([]);
});

test('under Compose the key is project and service, and the name of a link is not taken for its own', () => {
  const compose = fromSummary(recorded('compose').summary);
  expect(compose && containerKey(compose)).toBe('shop/web');
  expect(fromSummary({ ...recorded('fixed').summary, Names: ['/web/db', '/db'] })?.name).toBe('db');
});

test('control and direction characters are taken out of names and labels, and no label becomes a prototype', () => {
  const { summary, inspect } = recorded('hostile');
  const listed = fromSummary({ ...summary, Names: ['/\u001b[2Jev\u202eil\u2028'] });
  expect(listed?.name).toBe('[2Jevil');
  expect(listed?.labels['evil']).toBe('[31mredgnp.exe');
  const labels = fromInspect(inspect).container.labels;
  expect(Object.entries(labels)).toContainEqual(['constructor', 'y']);
  expect(Object.getPrototypeOf(labels)).toBe(Object.prototype);
});

test('a label of a megabyte is left out, the others stay', () => {
  const { summary } = recorded('fixed');
  const Labels = { huge: 'x'.repeat(1_048_576), [`k${'x'.repeat(1_048_576)}`]: '', small: 'y' };
  expect(fromSummary({ ...summary, Labels })?.labels).toEqual({ small: 'y' });
});

test('what old daemons and Podman leave out is no failure', () => {
  const bare = { Id: 'a'.repeat(64) };
  expect(fromSummary(bare as ContainerInfo)).toMatchObject({ name: 'aaaaaaaaaaaa', published: [], labels: {} });
  expect(fromInspect({ ...bare, Name: '/x' } as ContainerInspectInfo)).toMatchObject({ running: false, planned: [] });
});
