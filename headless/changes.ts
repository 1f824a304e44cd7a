import type { Alert } from '../shared/alert.ts';
import type { AppState } from '../shared/app-state.ts';
import type { ForwardView } from '../shared/forward.ts';
import type { HostView } from '../shared/host.ts';

/** What a reader of lines is told: a host or a forward that is in another state than before, or a warning. */
export type Change =
  | { readonly kind: 'host'; readonly host: HostView }
  | { readonly kind: 'host-removed'; readonly hostId: string }
  | { readonly kind: 'forward'; readonly hostId: string; readonly forward: ForwardView }
  | { readonly kind: 'forward-closed'; readonly hostId: string; readonly forward: ForwardView }
  | { readonly kind: 'alert'; readonly alert: Alert };

/** From one state to the next; counters alone are no change. */
export function changesBetween(before: AppState | undefined, after: AppState): Change[] {
  const known = before?.hosts ?? {};
  const removed = Object.values(known).filter((host) => !Object.hasOwn(after.hosts, host.id));
  return [
    ...removed.flatMap((host): Change[] => [...closed(host, undefined), { kind: 'host-removed', hostId: host.id }]),
    ...Object.values(after.hosts).flatMap((host) => hostChanges(own(known, host.id), host)),
    ...announced(before?.alerts ?? {}, after.alerts ?? {}),
  ];
}

function hostChanges(before: HostView | undefined, host: HostView): Change[] {
  if (before === host) return [];
  const forwards = Object.values(host.forwards)
    .filter((forward) => forwardKey(own(before?.forwards ?? {}, forward.id)) !== forwardKey(forward))
    .map((forward): Change => ({ kind: 'forward', hostId: host.id, forward }));
  return [
    ...(hostKey(before) === hostKey(host) ? [] : [{ kind: 'host', host } as const]),
    ...(before === undefined ? [] : closed(before, host)),
    ...forwards,
  ];
}

/** One that was announced within the hour is not told again when it comes back. */
function announced(before: Readonly<Record<string, Alert>>, after: Readonly<Record<string, Alert>>): Change[] {
  return Object.values(after)
    .filter(({ id, since, announcedAt }) => announcedAt >= since && own(before, id)?.since !== since)
    .map((alert) => ({ kind: 'alert', alert }));
}

function closed(before: HostView, after: HostView | undefined): Change[] {
  return Object.values(before.forwards)
    .filter((forward) => after === undefined || !Object.hasOwn(after.forwards, forward.id))
    .map((forward) => ({ kind: 'forward-closed', hostId: before.id, forward }));
}

/** Names come from strangers: `constructor` must not find what every object inherits. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function hostKey(host: HostView | undefined): string {
  return JSON.stringify([host?.state, host?.attempt, host?.reason, host?.docker.reason, host?.prompt?.id]);
}

function forwardKey(forward: ForwardView | undefined): string {
  return JSON.stringify([forward?.state, forward?.local, forward?.reason]);
}
