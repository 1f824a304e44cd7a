import {
  composeProjectLabel,
  composeServiceLabel,
  containerKey,
  type Container,
  type PublishedPort,
} from '../../shared/container.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ForwardTarget, ManualForward } from '../../shared/forward.ts';
import { firstMatch, type Rule } from '../../shared/rule.ts';

/** What is to become of a forward, as far as containers, rules and the user say. */
export type Disposition =
  | { readonly kind: 'open' }
  /** Its container stopped a moment ago: the listener stays, clients wait for it to come back. */
  | { readonly kind: 'linger' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'ignored' | 'unsupported' | 'refused'; readonly reason: Failure };

/** One forward as it ought to be. `id` stays the same when its container is recreated. */
export interface DesiredForward {
  readonly id: string;
  readonly source: 'container' | 'manual';
  readonly container?: string;
  readonly containerId?: string;
  readonly image?: string;
  readonly project?: string;
  readonly service?: string;
  readonly protocol: PublishedPort['protocol'];
  readonly target: ForwardTarget;
  /** Local addresses to listen on; the first is the one that is shown. */
  readonly bind: readonly string[];
  readonly requestedPort: number;
  readonly policy: 'remap' | 'require';
  readonly disposition: Disposition;
  /** When the container's start was heard, monotonic ms. */
  readonly startHeardAt?: number;
}

export interface DesiredInput {
  readonly hostId: string;
  readonly running: readonly { readonly container: Container; readonly startHeardAt: number | undefined }[];
  /** Containers that stopped less than the linger time ago. */
  readonly lingering: readonly Container[];
  readonly manual: readonly ManualForward[];
  readonly rules: readonly Rule[];
  readonly policy: 'remap' | 'require';
  readonly allowLan: boolean;
  /** Everything on this host, or single forwards by id. */
  readonly paused: { readonly all: boolean; readonly ids: ReadonlySet<string> };
}

const loopback = ['127.0.0.1', '::1'] as const;

/**
 * The forwards that ought to be: a pure function of what runs and what was asked for. Sorted so that where two want one
 * local port, the most recently started container is first.
 */
export function desiredForwards(input: DesiredInput): DesiredForward[] {
  const byId = new Map<string, DesiredForward>();
  const add = (forward: DesiredForward): void => {
    if (!byId.has(forward.id)) byId.set(forward.id, forward);
  };
  const running = [...input.running].sort(
    (a, b) => b.container.startedAtMs - a.container.startedAtMs || compare(a.container.id, b.container.id),
  );
  for (const manual of input.manual) add(fromManual(manual, input));
  for (const { container, startHeardAt } of running)
    for (const forward of ofContainer(container, startHeardAt, input)) add(forward);
  const wanted = new Set([...byId.values()].filter(takesPort).map((forward) => forward.requestedPort));
  for (const container of input.lingering) {
    for (const forward of ofContainer(container, undefined, input)) {
      if (forward.disposition.kind === 'open' && !wanted.has(forward.requestedPort))
        add({ ...forward, disposition: { kind: 'linger' } });
    }
  }
  return [...byId.values()];
}

function takesPort(forward: DesiredForward): boolean {
  return forward.disposition.kind === 'open';
}

function ofContainer(container: Container, startHeardAt: number | undefined, input: DesiredInput): DesiredForward[] {
  const forwards = mergeAddresses(container.published).map((port) => ofPublished(container, port, startHeardAt, input));
  for (const port of container.exposed) {
    const rule = firstMatch(input.rules, input.hostId, container, port.containerPort);
    if (rule?.unpublished === true) forwards.push(ofUnpublished(container, port, rule, startHeardAt, input));
  }
  return forwards;
}

/** One port of the container under the same number on several addresses (`127.0.0.1` and `::1`) is one forward, not two that quarrel. */
function mergeAddresses(ports: readonly PublishedPort[]): PublishedPort[] {
  const best = new Map<string, PublishedPort>();
  for (const port of ports) {
    const key = `${port.hostPort}|${port.containerPort}|${port.protocol}`;
    const other = best.get(key);
    if (other === undefined || dialRank(port) < dialRank(other)) best.set(key, port);
  }
  return [...best.values()];
}

/** Which of several published addresses to dial: the lowest. */
function dialRank({ hostAddress }: PublishedPort): number {
  const rank = ['0.0.0.0', '127.0.0.1', '::', '::1'].indexOf(hostAddress);
  return rank < 0 ? 4 : rank;
}

/** The host's own way to an address it publishes on. */
function dialAddress(published: string): string {
  if (published === '0.0.0.0') return '127.0.0.1';
  return published === '::' ? '::1' : published;
}

function ofPublished(
  container: Container,
  port: PublishedPort,
  startHeardAt: number | undefined,
  input: DesiredInput,
): DesiredForward {
  const everywhere = port.hostAddress === '0.0.0.0' || port.hostAddress === '::';
  const address = everywhere ? '' : `${bracket(port.hostAddress)}:`;
  return build(
    container,
    port,
    firstMatch(input.rules, input.hostId, container, port.containerPort),
    startHeardAt,
    input,
    {
      id: `${containerKey(container)}:${address}${port.hostPort}/${port.protocol}`,
      port: port.hostPort,
      target: { kind: 'tcp', address: dialAddress(port.hostAddress), port: port.hostPort },
    },
  );
}

function ofUnpublished(
  container: Container,
  port: Container['exposed'][number],
  rule: Rule,
  startHeardAt: number | undefined,
  input: DesiredInput,
): DesiredForward {
  const address = container.hostNetwork ? '127.0.0.1' : container.addresses[0];
  const forward = build(container, port, rule, startHeardAt, input, {
    id: `${container.name}:direct:${port.containerPort}/${port.protocol}`,
    port: port.containerPort,
    target: { kind: 'tcp', address: address ?? '127.0.0.1', port: port.containerPort },
  });
  return address === undefined && forward.disposition.kind === 'open'
    ? { ...forward, disposition: { kind: 'refused', reason: noAddress(container, port.containerPort) } }
    : forward;
}

function build(
  container: Container,
  port: { readonly containerPort: number; readonly protocol: PublishedPort['protocol'] },
  rule: Rule | undefined,
  startHeardAt: number | undefined,
  input: DesiredInput,
  what: { id: string; port: number; target: ForwardTarget },
): DesiredForward {
  const bind = bindAddresses(rule?.bind ?? container.labels['towline.bind']);
  const project = container.labels[composeProjectLabel];
  const service = container.labels[composeServiceLabel];
  return {
    id: what.id,
    source: 'container',
    container: container.name,
    containerId: container.id,
    ...(container.image === '' ? {} : { image: container.image }),
    ...(project === undefined ? {} : { project }),
    ...(service === undefined ? {} : { service }),
    protocol: port.protocol,
    target: what.target,
    bind,
    requestedPort:
      rule?.localPort ?? portFromLabel(container.labels[`towline.port.${port.containerPort}`]) ?? what.port,
    policy: rule?.policy ?? input.policy,
    disposition: dispositionOf(container, port, rule, bind, what.id, input),
    ...(startHeardAt === undefined ? {} : { startHeardAt }),
  };
}

function fromManual(manual: ManualForward, input: DesiredInput): DesiredForward {
  const bind = bindAddresses(manual.bind);
  return {
    id: manual.id,
    source: 'manual',
    container: manual.label ?? manual.id,
    protocol: 'tcp',
    target: manual.target,
    bind,
    requestedPort: manual.localPort,
    policy: input.policy,
    disposition: isPaused(manual.id, input) ? { kind: 'paused' } : (lanRefusal(bind, input) ?? { kind: 'open' }),
  };
}

function dispositionOf(
  container: Container,
  port: { readonly containerPort: number; readonly protocol: PublishedPort['protocol'] },
  rule: Rule | undefined,
  bind: readonly string[],
  id: string,
  input: DesiredInput,
): Disposition {
  if (rule?.ignore === true)
    return { kind: 'ignored', reason: { code: 'ignored-by-rule', message: 'A rule says to leave it out.' } };
  if (rule === undefined && container.labels['towline.forward'] === 'false') {
    return {
      kind: 'ignored',
      reason: { code: 'ignored-by-label', message: 'Its label towline.forward=false says to leave it out.' },
    };
  }
  if (port.protocol !== 'tcp') return { kind: 'unsupported', reason: notTcp(port.containerPort, port.protocol) };
  if (isPaused(id, input)) return { kind: 'paused' };
  return lanRefusal(bind, input) ?? { kind: 'open' };
}

function isPaused(id: string, { paused }: DesiredInput): boolean {
  return paused.all || paused.ids.has(id);
}

function bindAddresses(wanted: string | undefined): readonly string[] {
  return wanted === undefined || wanted === '' || wanted === 'localhost'
    ? loopback
    : [wanted.replace(/^\[(.*)\]$/, '$1')];
}

function lanRefusal(bind: readonly string[], input: DesiredInput): Disposition | undefined {
  const open = bind.find((address) => !isLoopback(address));
  if (open === undefined || input.allowLan) return undefined;
  return {
    kind: 'refused',
    reason: {
      code: 'lan-not-allowed',
      message: `It asks to listen on ${open}, where other machines could reach it.`,
      hint: 'Start with --allow-lan, or set ports.allowLan in the settings, if that is meant.',
    },
  };
}

export function isLoopback(address: string): boolean {
  return address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

function portFromLabel(value: string | undefined): number | undefined {
  if (value === undefined || !/^\d{1,5}$/.test(value)) return undefined;
  const port = Number(value);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function notTcp(port: number, protocol: string): Failure {
  return {
    code: `${protocol}-not-carried`,
    message: `${port}/${protocol} is not carried: an SSH connection carries TCP only.`,
    hint: 'Publish it as TCP as well, if the service can.',
  };
}

function noAddress(container: Container, port: number): Failure {
  return {
    code: 'no-container-address',
    message: `${container.name} has no address on a network of its own, so its port ${port} can't be reached.`,
    hint: `Publish the port (-p ${port}), or attach the container to a network.`,
  };
}

function bracket(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
