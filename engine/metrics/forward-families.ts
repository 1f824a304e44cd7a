import { forwardStateSchema, type ForwardView } from '../../shared/forward.ts';
import type { HostView } from '../../shared/host.ts';
import { sortForwards } from '../../shared/status.ts';
import { counter, gauge, type Family, type Labels, type Reading } from './family.ts';

/** How many forwards of one host have figures of their own. */
export const forwardsPerHost = 100;

interface Listed {
  readonly labels: Labels;
  readonly forward: ForwardView;
}

/**
 * What is measured of forwards: of each host how many are in which state, and the traffic of the first hundred that could
 * carry any, in the order in which every table has them.
 */
export function forwardFamilies(hosts: readonly HostView[]): Family[] {
  const all = hosts.map((host) => ({ host, carrying: sortForwards(Object.values(host.forwards).filter(carries)) }));
  const listed = all.flatMap(({ host, carrying }) =>
    carrying.slice(0, forwardsPerHost).map((forward) => ({ labels: labelsOf(host.id, forward), forward })),
  );
  const each = (read: (forward: ForwardView) => number): Reading[] =>
    listed.map(({ labels, forward }) => [labels, read(forward)]);
  return [
    gauge('towline_forwards', 'Forwards by their state.', hosts.flatMap(stateReadings)),
    gauge(
      'towline_forwards_unlisted',
      `Forwards beyond the ${forwardsPerHost} of a host that have figures of their own.`,
      all.map(({ host, carrying }) => [{ host: host.id }, Math.max(0, carrying.length - forwardsPerHost)]),
    ),
    gauge(
      'towline_forward_connections',
      'Clients that are connected now.',
      each(({ active }) => active),
    ),
    counter(
      'towline_forward_connections_accepted_total',
      'Clients that were accepted.',
      each(({ total }) => total),
    ),
    counter('towline_forward_bytes_total', 'Bytes carried; up is towards the host.', listed.flatMap(byteReadings)),
  ];
}

function stateReadings({ id, forwards }: HostView): Reading[] {
  const states = Object.values(forwards).map(({ state }) => state);
  return forwardStateSchema.options.map((state) => [{ host: id, state }, states.filter((one) => one === state).length]);
}

function byteReadings({ labels, forward }: Listed): Reading[] {
  return [
    [{ ...labels, direction: 'up' }, forward.bytesUp],
    [{ ...labels, direction: 'down' }, forward.bytesDown],
  ];
}

function carries({ state }: ForwardView): boolean {
  return state !== 'unsupported' && state !== 'ignored';
}

/** The id tells apart what a container publishes twice. */
function labelsOf(host: string, { id, container = '', requestedPort }: ForwardView): Labels {
  return { host, forward: id, container, port: String(requestedPort) };
}
