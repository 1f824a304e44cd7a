import { networkId } from './docker-daemon.ts';
import { isUp, type Binding, type ContainerRecord } from './docker-record.ts';

/** Which Docker an API claims to be. Versions as `1.43`. */
export interface DockerIdentity {
  readonly engineVersion: string;
  readonly apiVersion: string;
  readonly minApiVersion: string;
}

export function versionBody({ engineVersion, apiVersion, minApiVersion }: DockerIdentity): object {
  return {
    Platform: { Name: 'Docker Engine - Community' },
    Components: [{ Name: 'Engine', Version: engineVersion, Details: { ApiVersion: apiVersion } }],
    Version: engineVersion,
    ApiVersion: apiVersion,
    MinAPIVersion: minApiVersion,
    Os: 'linux',
    Arch: 'amd64',
    KernelVersion: '6.1.0',
  };
}

export function infoBody(containers: readonly ContainerRecord[], version: string, nowMs: number): object {
  return {
    ID: 'b8e6b2f0-0000-4000-8000-000000000001',
    Name: 'demo',
    Containers: containers.length,
    ContainersRunning: containers.filter(({ status }) => status === 'running').length,
    ContainersPaused: containers.filter(({ status }) => status === 'paused').length,
    ContainersStopped: containers.filter((record) => !isUp(record)).length,
    ServerVersion: version,
    OperatingSystem: 'Towline demo host',
    OSType: 'linux',
    Architecture: 'x86_64',
    NCPU: 2,
    SystemTime: new Date(nowMs).toISOString(),
    SecurityOptions: ['name=seccomp,profile=default'],
    Driver: 'overlay2',
  };
}

/** One row of `/containers/json`. */
export function listRow(record: ContainerRecord, nowMs: number): object {
  const { id, spec, name, status, createdMs } = record;
  return {
    Id: id,
    Names: [`/${name}`],
    Image: spec.image,
    ImageID: imageId(spec.image),
    Command: (spec.command ?? ['sleep', 'infinity']).join(' '),
    Created: Math.floor(createdMs / 1000),
    Ports: portRows(record),
    Labels: spec.labels ?? {},
    State: status,
    Status: statusText(record, nowMs),
    HostConfig: { NetworkMode: networkOf(record) },
    NetworkSettings: { Networks: networks(record) },
    Mounts: [],
  };
}

/** The body of `/containers/{id}/json`. */
export function inspectBody(record: ContainerRecord): object {
  const { id, spec, name, status, createdMs, startedMs, finishedMs, exitCode } = record;
  const [path = 'sleep', ...args] = spec.command ?? ['sleep', 'infinity'];
  return {
    Id: id,
    Created: new Date(createdMs).toISOString(),
    Path: path,
    Args: args,
    State: {
      Status: status,
      Running: isUp(record),
      Paused: status === 'paused',
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: isUp(record) ? 4242 : 0,
      ExitCode: exitCode,
      Error: '',
      StartedAt: timeText(startedMs),
      FinishedAt: timeText(finishedMs),
    },
    Image: imageId(spec.image),
    Name: `/${name}`,
    RestartCount: 0,
    Driver: 'overlay2',
    Platform: 'linux',
    HostConfig: {
      NetworkMode: networkOf(record),
      PortBindings: wantedBindings(record),
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      PublishAllPorts: false,
      LogConfig: { Type: 'json-file', Config: {} },
    },
    Mounts: [],
    Config: {
      Hostname: id.slice(0, 12),
      Tty: false,
      Env: [],
      Cmd: [path, ...args],
      Image: spec.image,
      Labels: spec.labels ?? {},
      ExposedPorts: Object.fromEntries(containerPorts(record).map((port) => [port, {}])),
    },
    NetworkSettings: {
      IPAddress: networkOf(record) === 'bridge' && isUp(record) && record.attached ? record.ip : '',
      Ports: boundPorts(record),
      Networks: networks(record),
    },
  };
}

export function networkBody(name: string): object {
  const driver = name === 'host' ? 'host' : 'bridge';
  return { Name: name, Id: networkId(name), Scope: 'local', Driver: driver, Internal: false, Labels: {} };
}

export function networkOf(record: ContainerRecord): string {
  return record.spec.network ?? 'bridge';
}

/** Every port of the container, published or only exposed, as `80/tcp`. */
function containerPorts({ spec }: ContainerRecord): string[] {
  const published = (spec.ports ?? []).map(({ containerPort, protocol = 'tcp' }) => `${containerPort}/${protocol}`);
  return [...new Set([...published, ...(spec.exposed ?? [])])];
}

function key({ containerPort, protocol }: Binding): string {
  return `${containerPort}/${protocol}`;
}

function portRows(record: ContainerRecord): object[] {
  if (!isUp(record) || !record.attached || networkOf(record) === 'host') return [];
  return containerPorts(record).flatMap((port): object[] => {
    const [number = '', type] = port.split('/');
    const row = { PrivatePort: Number(number), Type: type };
    const bound = record.bindings.filter((binding) => key(binding) === port);
    return bound.length === 0
      ? [row]
      : bound.map(({ hostIp, hostPort }) => ({ IP: hostIp, PublicPort: hostPort, ...row }));
  });
}

function boundPorts(record: ContainerRecord): object {
  if (!isUp(record) || !record.attached || networkOf(record) === 'host') return {};
  return Object.fromEntries(
    containerPorts(record).map((port) => {
      const bound = record.bindings.filter((binding) => key(binding) === port);
      const rows = bound.map(({ hostIp, hostPort }) => ({ HostIp: hostIp, HostPort: String(hostPort) }));
      return [port, rows.length === 0 ? null : rows];
    }),
  );
}

/** What was asked for, whatever is bound: `HostPort` is empty where the daemon was to choose. */
function wantedBindings({ spec }: ContainerRecord): object {
  const wanted = new Map<string, { HostIp: string; HostPort: string }[]>();
  for (const { containerPort, protocol = 'tcp', hostIp, hostPort } of spec.ports ?? []) {
    const port = `${containerPort}/${protocol}`;
    const row = { HostIp: hostIp ?? '', HostPort: hostPort === undefined ? '' : String(hostPort) };
    wanted.set(port, [...(wanted.get(port) ?? []), row]);
  }
  return Object.fromEntries(wanted);
}

function networks(record: ContainerRecord): object {
  const name = networkOf(record);
  if (!record.attached) return {};
  const address = isUp(record) && name !== 'host' ? record.ip : '';
  return { [name]: { NetworkID: networkId(name), IPAddress: address, Gateway: address === '' ? '' : '172.19.0.1' } };
}

function imageId(image: string): string {
  return `sha256:${Buffer.from(image).toString('hex').padEnd(64, '0').slice(0, 64)}`;
}

function timeText(ms: number): string {
  return ms === 0 ? '0001-01-01T00:00:00Z' : new Date(ms).toISOString();
}

function statusText(record: ContainerRecord, nowMs: number): string {
  const seconds = (since: number): string => `${Math.max(0, Math.round((nowMs - since) / 1000))} seconds`;
  switch (record.status) {
    case 'created':
      return 'Created';
    case 'running':
      return `Up ${seconds(record.startedMs)}`;
    case 'paused':
      return `Up ${seconds(record.startedMs)} (Paused)`;
    case 'exited':
      return `Exited (${record.exitCode}) ${seconds(record.finishedMs)} ago`;
  }
}
