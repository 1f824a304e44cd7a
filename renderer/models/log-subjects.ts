import type { AppState } from '../../shared/app-state.ts';
import type { TimelineEntry } from '../../shared/timeline.ts';
import { count } from '../../shared/words.ts';

export interface KnownSubject {
  readonly kind: 'project' | 'container';
  readonly name: string;
  readonly label: string;
}

/** Where Towline's own log stands among the others: on what no host can be named. */
export const ownLog = { hostId: '~', name: 'towline' } as const;
export const ownLogWords = 'Towline itself';

/** What was heard of containers on a host, oldest first. */
export type HeardOf = readonly Extract<TimelineEntry, { kind: 'container' }>[];

/**
 * Projects first, each followed by its containers; then containers without one. Known are those that have a port here,
 * stacks, and containers of which Docker told.
 */
export function logSubjects(
  { id, forwards }: AppState['hosts'][string],
  stacks: AppState['stacks'] = {},
  heard: HeardOf = [],
): KnownSubject[] {
  const containers = new Map<string, { readonly project: string | undefined; readonly service: string | undefined }>();
  for (const { container, project, service } of Object.values(forwards)) {
    if (container !== undefined) containers.set(container, { project, service });
  }
  for (const name of namesHeard(heard)) {
    if (!containers.has(name)) containers.set(name, { project: undefined, service: undefined });
  }
  const own = Object.values(stacks).flatMap(({ hostId, project }) => (hostId === id ? [project] : []));
  const projects = new Set([...own, ...[...containers.values()].map(({ project }) => project)]);
  return [...projects].sort(compare).flatMap((project) => {
    const members = [...containers].filter(([, container]) => container.project === project).sort(byName);
    const each = members.map(([name, { service }]): KnownSubject => {
      return { kind: 'container', name, label: service ?? name };
    });
    if (project === undefined) return each;
    const label = members.length === 0 ? project : `${project}, ${count(members.length, 'container')}`;
    return [{ kind: 'project', name: project, label }, ...each];
  });
}

/** A removed container has no log any more. */
function namesHeard(heard: HeardOf): readonly string[] {
  const names = new Set<string>();
  for (const { container, action } of heard) {
    if (container === undefined) continue;
    if (action === 'destroy') names.delete(container);
    else names.add(container);
  }
  return [...names];
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a.localeCompare(b);
}

/** What has no project comes last. */
function compare(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return a.localeCompare(b);
}
