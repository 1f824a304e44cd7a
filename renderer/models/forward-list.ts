import type { AppState } from '../../shared/app-state.ts';
import type { Failure } from '../../shared/failure.ts';
import type { ForwardView } from '../../shared/forward.ts';
import type { HostView } from '../../shared/host.ts';
import { sortForwards } from '../../shared/status.ts';
import { localAddress } from '../../shared/words.ts';

export type Segment = 'all' | 'listening' | 'look';

/** What the list of forwards is asked to show. */
export interface ListQuery {
  readonly text: string;
  readonly segment: Segment;
  /** Ids of hosts whose forwards are folded away. */
  readonly folded: ReadonlySet<string>;
}

/** One line of the list. `key` is stable while the thing it shows is the same. */
export type ListItem =
  | { readonly kind: 'host'; readonly key: string; readonly host: HostView; readonly folded: boolean }
  | { readonly kind: 'note'; readonly key: string; readonly host: HostView }
  | { readonly kind: 'group'; readonly key: string; readonly title: string; readonly count: number }
  | { readonly kind: 'forward'; readonly key: string; readonly hostId: string; readonly forward: ForwardView }
  | { readonly kind: 'left-out'; readonly key: string; readonly count: number };

export type ForwardItem = Extract<ListItem, { kind: 'forward' }>;

export interface Counts {
  readonly hosts: number;
  readonly all: number;
  readonly listening: number;
  readonly look: number;
}

/** Where the arrow keys stop. */
export function isStop({ kind }: ListItem): boolean {
  return kind === 'host' || kind === 'forward';
}

/** Hosts by name, their forwards by project: an order that no change of state disturbs. */
export function listItems(hosts: AppState['hosts'], query: ListQuery): ListItem[] {
  const narrowed = query.text.trim() !== '' || query.segment !== 'all';
  return sortedHosts(hosts).flatMap((host) => {
    const shown = shownForwards(host).filter(
      (forward) => inSegment(forward, query.segment) && matches(host, forward, query.text),
    );
    if (narrowed && shown.length === 0) return [];
    const folded = !narrowed && query.folded.has(host.id);
    const head: ListItem = { kind: 'host', key: host.id, host, folded };
    if (folded) return [head];
    return [head, ...(narrowed ? [] : noteOf(host)), ...groups(host, shown), ...(narrowed ? [] : leftOut(host))];
  });
}

export function countForwards(hosts: AppState['hosts']): Counts {
  const all = Object.values(hosts).flatMap(shownForwards);
  return {
    hosts: Object.keys(hosts).length,
    all: all.length,
    listening: all.filter((forward) => inSegment(forward, 'listening')).length,
    look: all.filter((forward) => inSegment(forward, 'look')).length,
  };
}

/** What a rule or a label leaves out is not a forward to a person. */
export function shownForwards(host: HostView): ForwardView[] {
  return sortedOf(host).filter(({ state }) => state !== 'ignored');
}

export function sortedHosts(hosts: AppState['hosts']): HostView[] {
  return Object.values(hosts).sort((a, b) => compare(a.id, b.id));
}

export function needsALook({ state, unreached }: ForwardView): boolean {
  if (state === 'listening') return unreached !== undefined;
  return state === 'conflict' || state === 'refused' || state === 'suspended' || state === 'unsupported';
}

/** Why a forward is not as one would wish it: its own reason, or that nobody answers at its other end. */
export function reasonOf({ reason, unreached }: ForwardView): Failure | undefined {
  if (reason !== undefined || unreached === undefined) return reason;
  const { clients, reason: why } = unreached;
  const who = clients === 1 ? 'The newest client was' : `The newest ${clients} clients were`;
  return { ...why, message: `${who} not let through: ${why.message}` };
}

/**
 * Sorting is most of the work of a push: a host whose forwards did not change is not sorted again, and one whose forwards
 * only changed their state keeps its order.
 */
const sorted = new WeakMap<HostView['forwards'], readonly ForwardView[]>();
const orders = new Map<string, readonly ForwardView[]>();

function sortedOf({ id, forwards }: HostView): readonly ForwardView[] {
  const known =
    sorted.get(forwards) ?? inOrder(orders.get(id) ?? [], forwards) ?? sortForwards(Object.values(forwards));
  sorted.set(forwards, known);
  orders.set(id, known);
  return known;
}

function inOrder(before: readonly ForwardView[], forwards: HostView['forwards']): readonly ForwardView[] | undefined {
  if (before.length !== Object.keys(forwards).length) return undefined;
  const after = before.flatMap((was) => {
    const is = forwards[was.id];
    const alike =
      is?.project === was.project && is?.container === was.container && is?.requestedPort === was.requestedPort;
    return is !== undefined && alike ? [is] : [];
  });
  return after.length === before.length ? after : undefined;
}

function inSegment(forward: ForwardView, segment: Segment): boolean {
  return segment === 'all' || (segment === 'look' ? needsALook(forward) : forward.state === 'listening');
}

function matches(host: HostView, forward: ForwardView, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const { container, image, project, service, requestedPort, remote } = forward;
  const where = [host.id, container, image, project, service, localAddress(forward), requestedPort, remote.port];
  const haystack = where
    .filter((part) => part !== undefined)
    .join(' ')
    .toLowerCase();
  return words.every((word) => haystack.includes(word));
}

/** A host that says something beside its header: why it is not there, or that it publishes nothing. */
function noteOf(host: HostView): ListItem[] {
  const speaks = host.reason ?? host.docker.reason;
  const empty = host.state === 'ready' && Object.keys(host.forwards).length === 0;
  return speaks !== undefined || empty || host.paused ? [{ kind: 'note', key: `${host.id} note`, host }] : [];
}

function leftOut(host: HostView): ListItem[] {
  const count = Object.values(host.forwards).filter(({ state }) => state === 'ignored').length;
  return count === 0 ? [] : [{ kind: 'left-out', key: `${host.id} left out`, count }];
}

function groups(host: HostView, forwards: readonly ForwardView[]): ListItem[] {
  const byTitle = new Map<string, ForwardView[]>();
  const projects = forwards.some(({ project }) => project !== undefined);
  for (const forward of forwards) {
    const title =
      forward.project ?? (forward.source === 'manual' ? 'By hand' : projects ? 'Other containers' : 'Containers');
    const members = byTitle.get(title);
    if (members === undefined) byTitle.set(title, [forward]);
    else members.push(forward);
  }
  const rank = (title: string): number => ['Containers', 'Other containers', 'By hand'].indexOf(title);
  return [...byTitle]
    .sort(([a], [b]) => rank(a) - rank(b) || compare(a, b))
    .flatMap(([title, members]): ListItem[] => [
      { kind: 'group', key: `${host.id} group ${title}`, title, count: members.length },
      ...members.map((forward) => ({
        kind: 'forward' as const,
        key: `${host.id} ${forward.id}`,
        hostId: host.id,
        forward,
      })),
    ]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
