import { randomBytes } from 'node:crypto';
import { LogBook } from './docker-logs.ts';

export type Protocol = 'tcp' | 'udp' | 'sctp';

/** One `-p`: without `hostPort` the daemon chooses, anew at each start; without `hostIp` every address of both families. */
export interface Publish {
  readonly containerPort: number;
  readonly protocol?: Protocol;
  readonly hostPort?: number;
  readonly hostIp?: string;
}

/** What `docker run` is told. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly Publish[];
  /** EXPOSE without publish: `9000/tcp`. */
  readonly exposed?: readonly string[];
  /** The network's name; `host` publishes nothing. Default `bridge`. */
  readonly network?: string;
}

/** A published port as it is now: one row for each address it is bound to. */
export interface Binding {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: Protocol;
}

/** A container as the daemon keeps it. Times in ms since the epoch, 0 = never. */
export interface ContainerRecord {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly ip: string;
  readonly createdMs: number;
  readonly logs: LogBook;
  name: string;
  status: 'created' | 'running' | 'paused' | 'exited';
  /** Empty while it doesn't run or is off its network. */
  bindings: readonly Binding[];
  attached: boolean;
  startedMs: number;
  finishedMs: number;
  exitCode: number;
}

export function newRecord(spec: ContainerSpec, ip: string, createdMs: number): ContainerRecord {
  return {
    id: randomBytes(32).toString('hex'),
    spec,
    ip,
    createdMs,
    logs: new LogBook(),
    name: spec.name,
    status: 'created',
    bindings: [],
    attached: true,
    startedMs: 0,
    finishedMs: 0,
    exitCode: 0,
  };
}

export function isUp(record: ContainerRecord): boolean {
  return record.status === 'running' || record.status === 'paused';
}

/** What the daemon binds when the container starts. `ephemeral` gives the next free port. */
export function bindingsOf(spec: ContainerSpec, ephemeral: () => number): Binding[] {
  if (spec.network === 'host') return [];
  return (spec.ports ?? []).flatMap(({ containerPort, protocol = 'tcp', hostPort, hostIp }) => {
    const bound = { hostPort: hostPort ?? ephemeral(), containerPort, protocol };
    return (hostIp === undefined ? ['0.0.0.0', '::'] : [hostIp]).map((address) => ({ hostIp: address, ...bound }));
  });
}
