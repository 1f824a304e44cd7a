import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { Container, PublishedPort, TransportProtocol } from '../../shared/container.ts';

/** One look at one container. */
export interface Inspected {
  readonly running: boolean;
  readonly container: Container;
  /**
   * The ports it will have when it is next started, where all are fixed by its configuration.
   * Undefined where Docker will choose (`-p 80`, `-P`, ranges): then only the running container tells.
   */
  readonly planned: readonly PublishedPort[] | undefined;
}

/** A label longer than this is nobody's configuration; it is left out rather than kept in memory. */
const maxLabelLength = 4_096;

/**
 * A row of `GET /containers/json`; undefined for one that Docker counts among the running because it is about to be
 * restarted. Tolerates what is missing: Podman and old daemons leave things out.
 */
export function fromSummary(info: ContainerInfo): Container | undefined {
  if (info.State === 'restarting') return undefined;
  return {
    id: info.Id,
    name: cleanName(ownName(info.Names) ?? info.Id.slice(0, 12)),
    image: clean(info.Image ?? ''),
    labels: cleanLabels(info.Labels),
    published: dedupe(
      (info.Ports ?? []).flatMap((row) =>
        isPort(row.PublicPort) ? [published(row.IP ?? '', row.PublicPort, row.PrivatePort, protocol(row.Type))] : [],
      ),
    ),
    exposed: (info.Ports ?? [])
      .filter((row) => !row.PublicPort)
      .map((row) => ({ containerPort: row.PrivatePort, protocol: protocol(row.Type) })),
    addresses: Object.values(info.NetworkSettings?.Networks ?? {}).flatMap((network) => network.IPAddress || []),
    hostNetwork: info.HostConfig?.NetworkMode === 'host',
    startedAtMs: (info.Created ?? 0) * 1_000,
  };
}

/** `GET /containers/{id}/json`. What runs is told by `NetworkSettings`; `HostConfig.PortBindings` is only intent. */
export function fromInspect(info: ContainerInspectInfo): Inspected {
  const ports = Object.entries(info.NetworkSettings?.Ports ?? {}).map(([key, bindings]) => ({
    ...portKey(key),
    bindings,
  }));
  const exposedOnly = Object.keys(info.Config?.ExposedPorts ?? {}).map(portKey);
  const bound = new Set(
    ports.filter(({ bindings }) => bindings?.length).map((row) => `${row.containerPort}/${row.protocol}`),
  );
  return {
    running: info.State?.Running === true && !info.State.Restarting, // about to be restarted counts as running there
    planned: plannedPorts(info),
    container: {
      id: info.Id,
      name: cleanName(info.Name),
      image: clean(info.Config?.Image ?? ''),
      labels: cleanLabels(info.Config?.Labels),
      published: dedupe(
        ports.flatMap(({ containerPort, protocol: kind, bindings }) =>
          (bindings ?? []).flatMap((binding) => {
            const hostPort = Number(binding.HostPort);
            return isPort(hostPort) ? [published(binding.HostIp, hostPort, containerPort, kind)] : [];
          }),
        ),
      ),
      exposed: exposedOnly.filter((row) => !bound.has(`${row.containerPort}/${row.protocol}`)),
      addresses: Object.values(info.NetworkSettings?.Networks ?? {}).flatMap((network) => network.IPAddress || []),
      hostNetwork: info.HostConfig?.NetworkMode === 'host',
      startedAtMs: Date.parse(info.State?.StartedAt ?? '') || 0,
    },
  };
}

function plannedPorts(info: ContainerInspectInfo): readonly PublishedPort[] | undefined {
  if (/^(host|none|container:.*)$/.test(info.HostConfig?.NetworkMode ?? '')) return []; // publishes are discarded there
  if (info.HostConfig?.PublishAllPorts) return undefined;
  const planned: PublishedPort[] = [];
  const bindings = (info.HostConfig?.PortBindings ?? {}) as Record<
    string,
    { HostIp?: string; HostPort?: string }[] | null
  >;
  for (const [key, hosts] of Object.entries(bindings)) {
    const { containerPort, protocol: kind } = portKey(key);
    for (const host of hosts ?? []) {
      if (!/^[1-9]\d*$/.test(host.HostPort ?? '') || !isPort(Number(host.HostPort))) return undefined;
      planned.push(published(host.HostIp ?? '', Number(host.HostPort), containerPort, kind));
    }
  }
  return dedupe(planned);
}

function portKey(key: string): { containerPort: number; protocol: TransportProtocol } {
  const [port = '', kind = 'tcp'] = key.split('/');
  return { containerPort: Number(port), protocol: protocol(kind) };
}

function protocol(text: string | undefined): TransportProtocol {
  return text === 'udp' || text === 'sctp' ? text : 'tcp';
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;
}

function published(address: string, hostPort: number, containerPort: number, kind: TransportProtocol): PublishedPort {
  return { hostAddress: address === '' ? '0.0.0.0' : address, hostPort, containerPort, protocol: kind };
}

/** Docker lists a publish on all addresses twice, as `0.0.0.0` and `::`: one is enough. `::` alone stays: it may be IPv6 only. */
function dedupe(ports: readonly PublishedPort[]): PublishedPort[] {
  const keyOf = (port: PublishedPort, address: string): string => `${address}|${port.hostPort}|${port.protocol}`;
  const byKey = new Map(ports.map((port) => [keyOf(port, port.hostAddress), port]));
  return [...byKey.values()]
    .filter((port) => port.hostAddress !== '::' || !byKey.has(keyOf(port, '0.0.0.0')))
    .sort(
      (a, b) =>
        a.hostPort - b.hostPort || compareText(a.hostAddress, b.hostAddress) || compareText(a.protocol, b.protocol),
    );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A container that others link to is listed under their names for it as well: `/web/db`. */
function ownName(names: readonly string[] | null | undefined): string | undefined {
  return names?.find((name) => !name.slice(1).includes('/')) ?? names?.[0];
}

/** Control, direction and line separator characters come from strangers and would reach terminals and logs. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').slice(0, 512);
}

function cleanName(name: string): string {
  return clean(name.replace(/^\//, ''));
}

function cleanLabels(labels: Readonly<Record<string, string>> | null | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels ?? {})
      .filter(([key, value]) => key.length <= 512 && typeof value === 'string' && value.length <= maxLabelLength)
      .map(([key, value]) => [clean(key), clean(value)]),
  );
}
