import type { AppState } from './app-state.ts';
import type { ForwardView } from './forward.ts';
import type { HostView } from './host.ts';

/** The document of `towline status --json`: the state with its records as sorted lists. Scripts rely on it. */
export interface StatusDocument {
  readonly version: string;
  readonly pid: number;
  readonly mode: AppState['mode'];
  readonly uptimeMs: number;
  readonly hosts: readonly HostStatus[];
}

export type HostStatus = Omit<HostView, 'forwards'> & { readonly forwards: readonly ForwardView[] };

export function statusDocument(state: AppState, now: number): StatusDocument {
  return {
    version: state.version,
    pid: state.pid,
    mode: state.mode,
    uptimeMs: now - state.startedAt,
    hosts: Object.values(state.hosts)
      .map((host) => ({ ...host, forwards: sortForwards(Object.values(host.forwards)) }))
      .sort((a, b) => a.id.localeCompare(b.id)),
  };
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
