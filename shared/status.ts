import type { Alert } from './alert.ts';
import type { AppState } from './app-state.ts';
import type { ForwardView } from './forward.ts';
import type { HostView, Places } from './host.ts';

/** The document of `towline status --json`: the state with its records as sorted lists. Scripts rely on it. */
export interface StatusDocument {
  readonly version: string;
  readonly pid: number;
  readonly mode: AppState['mode'];
  readonly uptimeMs: number;
  /** What there is to warn of. */
  readonly alerts: readonly Alert[];
  readonly hosts: readonly HostStatus[];
}

export type HostStatus = Omit<HostView, 'forwards' | 'pool'> & {
  readonly forwards: readonly ForwardView[];
  readonly pool: { readonly [what in keyof HostView['pool']]: PlacesStatus };
};

/** With how long each place has been taken, the longest first. */
export type PlacesStatus = Places & { readonly agesMs: readonly number[] };

export function statusDocument(state: AppState, now: number): StatusDocument {
  return {
    version: state.version,
    pid: state.pid,
    mode: state.mode,
    uptimeMs: now - state.startedAt,
    alerts: Object.values(state.alerts ?? {}),
    hosts: Object.values(state.hosts)
      .map(({ pool, ...host }) => ({
        ...host,
        pool: { connections: withAges(pool.connections, now), sessions: withAges(pool.sessions, now) },
        forwards: sortForwards(Object.values(host.forwards)),
      }))
      .sort((a, b) => a.id.localeCompare(b.id)),
  };
}

function withAges(places: Places, now: number): PlacesStatus {
  return { ...places, agesMs: places.since.map((at) => now - at) };
}

/** By project, container and wanted port: an order that no change of state disturbs. */
export function sortForwards(forwards: readonly ForwardView[]): ForwardView[] {
  return [...forwards].sort(
    (a, b) =>
      (a.project ?? '').localeCompare(b.project ?? '') ||
      (a.container ?? '').localeCompare(b.container ?? '') ||
      a.requestedPort - b.requestedPort ||
      a.id.localeCompare(b.id),
  );
}
