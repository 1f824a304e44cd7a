import type { HostView } from '../../shared/host.ts';
import { count } from '../../shared/words.ts';
import { shownForwards } from './forward-list.ts';

export interface KnownSubject {
  readonly kind: 'project' | 'container';
  readonly name: string;
  readonly label: string;
}

/** Projects first, each followed by its containers; then containers without one. Only those that have a port here are known. */
export function logSubjects(host: HostView): KnownSubject[] {
  const containers = new Map<string, { readonly project: string | undefined; readonly service: string | undefined }>();
  for (const { container, project, service } of shownForwards(host)) {
    if (container !== undefined) containers.set(container, { project, service });
  }
  const projects = [...new Set([...containers.values()].map(({ project }) => project))].sort(compare);
  return projects.flatMap((project) => {
    const own = [...containers].filter(([, container]) => container.project === project);
    const each = own.map(([name, { service }]): KnownSubject => ({ kind: 'container', name, label: service ?? name }));
    if (project === undefined) return each;
    return [{ kind: 'project', name: project, label: `${project}, ${count(own.length, 'container')}` }, ...each];
  });
}

/** What has no project comes last. */
function compare(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return a.localeCompare(b);
}
