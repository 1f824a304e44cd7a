import { z } from 'zod';

export const transportProtocolSchema = z.enum(['tcp', 'udp', 'sctp']);
export type TransportProtocol = z.infer<typeof transportProtocolSchema>;

/** One published port, as Docker binds it on the host. `hostAddress` is as published: `0.0.0.0`, `::`, `127.0.0.1`, a LAN address … */
export interface PublishedPort {
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: TransportProtocol;
}

/** A running container, reduced to what forwarding needs to know. */
export interface Container {
  /** 64 hex digits. */
  readonly id: string;
  /** Without the leading slash, control characters removed. */
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly published: readonly PublishedPort[];
  /** Exposed but unpublished ports, for rules that reach the container by its own address. */
  readonly exposed: readonly { readonly containerPort: number; readonly protocol: TransportProtocol }[];
  /** The container's own addresses in its networks; empty with host networking. */
  readonly addresses: readonly string[];
  readonly hostNetwork: boolean;
  /** Unix time in ms of the last start, 0 where unknown. Decides who wins a contested port. */
  readonly startedAtMs: number;
}

export const composeProjectLabel = 'com.docker.compose.project';
export const composeServiceLabel = 'com.docker.compose.service';

/** What stays the same when a container is recreated: `project/service` under Compose, else the name. */
export function containerKey(container: Container): string {
  const project = container.labels[composeProjectLabel];
  const service = container.labels[composeServiceLabel];
  return project !== undefined && service !== undefined ? `${project}/${service}` : container.name;
}
