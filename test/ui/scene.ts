import type { ForwardView } from '../../shared/forward.ts';
import type { HostView } from '../../shared/host.ts';
import type { Rule } from '../../shared/rule.ts';
import { appState, FakeEngine, forwardView, hostView } from '../engine/serve/fake-engine.ts';
import { SceneForwards } from './scene-forwards.ts';
import { SceneLogs } from './scene-logs.ts';
import { SceneStacks } from './scene-stacks.ts';

const minute = 60_000;

function forward(port: number, differences: Partial<ForwardView> & { container: string }): [string, ForwardView] {
  const { project, container } = differences;
  const id = project === undefined ? `${container}:${port}` : `${project}/${container}:${port}`;
  const service = project === undefined ? {} : { service: container, container: `${project}-${container}-1` };
  const containerId = '3f9c2a81'.repeat(8);
  return [id, forwardView(id, port, { openedMs: 4, containerId, ...differences, ...service })];
}

function shop(now: number): HostView {
  const project = 'shop';
  const forwards = [
    forward(8080, {
      container: 'web',
      project,
      image: 'nginx:1.27-alpine',
      active: 3,
      total: 1204,
      bytesDown: 18.2e6,
      bytesUp: 1.1e6,
      remote: { address: '127.0.0.1', port: 80 },
    }),
    forward(3000, {
      container: 'api',
      project,
      image: 'acme/shop-api:4f1c2e9',
      state: 'conflict',
      reason: {
        code: 'port-in-use',
        message: '3000 is used here by node, pid 48213, and a rule forbids another port.',
        hint: 'It is tried again every 2 s.',
      },
    }),
    forward(5432, {
      container: 'db',
      project,
      image: 'postgres:16.4',
      active: 2,
      local: { address: '127.0.0.1', port: 15432, addresses: ['127.0.0.1', '::1'] },
      reason: {
        code: 'port-in-use',
        message: '5432 is used here by postgres, pid 812.',
        hint: 'db is on localhost:15432, and stays there.',
      },
    }),
    forward(6379, { container: 'cache', project, image: 'redis:7.4-alpine', active: 1 }),
    forward(8025, { container: 'mailpit', project, image: 'axllent/mailpit:v1.20', state: 'paused' }),
    forward(53, {
      container: 'coredns',
      image: 'coredns/coredns:1.11.3',
      protocol: 'udp',
      state: 'unsupported',
      reason: {
        code: 'udp-not-carried',
        message: '53/udp is not carried: an SSH connection carries TCP only.',
        hint: 'Publish it as TCP as well, if the service can.',
      },
    }),
  ];
  return hostView('shop-staging', {
    target: 'ssh://deploy@staging.acme.dev',
    connections: { opened: 1, lastHour: 1, readySince: now - 32 * minute },
    sessions: { limit: 2, inUse: 1, waiting: 0, peak: 1, opened: 2, lastHour: 2 },
    server: {
      ident: 'SSH-2.0-OpenSSH_9.2p1 Debian',
      algorithms: { kex: 'curve25519-sha256', hostKey: 'ssh-ed25519', cipher: 'aes256-gcm@openssh.com' },
      rttMs: 12.1,
      user: 'deploy',
    },
    docker: {
      endpoint: { kind: 'streamlocal', path: '/var/run/docker.sock' },
      engineVersion: '27.3.1',
      apiVersion: '1.47',
      localSocket: '/run/user/1000/towline/docker/shop-staging.sock',
    },
    events: {
      state: 'live',
      attempt: 0,
      startupMs: 41,
      timeToFirstEventMs: 212,
      received: 318,
      consecutiveFailures: 0,
    },
    forwards: Object.fromEntries(forwards),
  });
}

function edge(now: number): HostView {
  const ports: readonly (readonly [number, string, string])[] = [
    [9443, 'gateway', 'traefik:v3.1'],
    [8500, 'consul', 'hashicorp/consul:1.19'],
    [9090, 'prometheus', 'prom/prometheus:v2.54'],
  ];
  return hostView('edge-fra', {
    state: 'reconnecting',
    attempt: 3,
    nextRetryAt: now + 24_000,
    connections: { opened: 2, lastHour: 2 },
    sessions: { limit: 2, inUse: 0, waiting: 0, peak: 1, opened: 2, lastHour: 2 },
    forwards: Object.fromEntries(
      ports.map(([port, container, image]) => forward(port, { container, image, project: 'edge', state: 'holding' })),
    ),
  });
}

/** The hosts of the mocks: one well, one slack, one that needs somebody, one that has failed, one off. */
export function sceneHosts(now = Date.now()): HostView[] {
  const build = [5000, 3001, 9000, 9001].map((port, i) =>
    forward(port, {
      container: ['registry', 'grafana', 'minio', 'console'][i] ?? '',
      image: 'acme/tool:1',
      project: 'ci',
    }),
  );
  const quiet = {
    connections: { opened: 0, lastHour: 0 },
    sessions: { limit: 2, inUse: 0, waiting: 0, peak: 0, opened: 0, lastHour: 0 },
    docker: {},
    events: { state: 'off' as const, attempt: 0, received: 0, consecutiveFailures: 0 },
    server: {},
  };
  return [
    shop(now),
    hostView('build-01', {
      server: { rttMs: 31 },
      connections: { opened: 1, lastHour: 1, readySince: now - 6 * minute },
      forwards: Object.fromEntries(build),
    }),
    edge(now),
    hostView('gpu-lab', {
      ...quiet,
      state: 'needs-user',
      reason: {
        code: 'key-passphrase-needed',
        message: 'The key ~/.ssh/id_ed25519 is locked.',
        hint: 'Connect to be asked for its passphrase.',
      },
    }),
    hostView('old-ci', {
      ...quiet,
      state: 'failed',
      reason: {
        code: 'host-key-changed',
        message: 'old-ci shows a different key than the one known.',
        hint: 'Ask whoever runs it. If the new key is right: `ssh-keygen -R old-ci.acme.internal`',
      },
    }),
    hostView('nas', { ...quiet, state: 'idle' }),
  ];
}

const rules: Rule[] = [
  { host: 'shop-staging', match: { project: 'shop', service: 'api', port: 3000 }, localPort: 3000, policy: 'require' },
  { match: { image: 'postgres*' }, localPort: 15432 },
  { match: { container: '*-exporter' }, ignore: true },
];

/** A fake engine that shows the scene and reacts to what a person does as a real one would. */
export class SceneEngine extends FakeEngine {
  override readonly forwards: SceneForwards;
  override readonly stacks: SceneStacks;
  override readonly logs = new SceneLogs();

  constructor(hosts: readonly HostView[] = sceneHosts()) {
    super(appState(hosts, { startedAt: Date.now() - 90 * minute }));
    this.store.update((state) => ({ ...state, settings: { ...state.settings, rules } }));
    this.forwards = new SceneForwards(this.store, this.asked);
    this.stacks = new SceneStacks(this.store);
    this.aliases = [
      { name: 'shop-staging', where: 'deploy@staging.acme.dev' },
      { name: 'build-02', where: 'ci@build-02.acme.internal via bastion' },
      { name: 'metal-02', where: 'deploy@10.20.0.14:2222 via bastion' },
      { name: 'pi-lab', where: 'pi@pi-lab.local' },
    ];
  }

  /** Lets bytes through a forward, on so many connections. */
  carry(hostId: string, forwardId: string, bytes: number, active: number): void {
    this.store.updateHost(hostId, (host) => {
      const forward = host.forwards[forwardId];
      if (forward === undefined) return host;
      return {
        ...host,
        forwards: { ...host.forwards, [forwardId]: { ...forward, bytesDown: forward.bytesDown + bytes, active } },
      };
    });
  }
}
