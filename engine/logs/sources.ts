import type { LogLine, LogSource } from '../../shared/log.ts';
import type { DecodedLine } from './line-decoder.ts';
import type { LogDaemon, LoggedContainer } from './log-host.ts';

/** A container whose log is wanted, or all of a compose project. */
export interface FoundSubject {
  readonly kind: 'container' | 'project';
  readonly name: string;
  readonly containers: readonly LoggedContainer[];
}

/** What goes by that name on one host; a container before a project. Undefined if nothing does. */
export async function findSubject(
  daemon: LogDaemon,
  name: string,
  kind: FoundSubject['kind'] | undefined,
): Promise<FoundSubject | undefined> {
  if (kind !== 'project') {
    const container = await daemon.loggedContainer(name);
    if (container !== undefined) return { kind: 'container', name: container.name, containers: [container] };
  }
  if (kind === 'container') return undefined;
  const containers = await daemon.loggedContainersOf(name);
  return containers.length === 0 ? undefined : { kind: 'project', name, containers };
}

/** Gives each service a colour: at first in the order of their names, later ones as they come. */
export class Palette {
  readonly #colours = new Map<string, number>();

  constructor(containers: readonly LoggedContainer[]) {
    for (const service of containers.map(serviceOf).sort()) this.#colourOf(service);
  }

  sourceOf(container: LoggedContainer): LogSource {
    const { id, name, service, tty, running } = container;
    const colour = this.#colourOf(serviceOf(container));
    return {
      ...{ container: name, containerId: id, colour, tty, running },
      ...(service === undefined ? {} : { service }),
    };
  }

  #colourOf(service: string): number {
    const known = this.#colours.get(service);
    if (known !== undefined) return known;
    this.#colours.set(service, this.#colours.size);
    return this.#colours.size - 1;
  }
}

function serviceOf({ service, name }: LoggedContainer): string {
  return service ?? name;
}

/** Lines, and whose they are. */
export function linesOf({ name, service }: LoggedContainer, lines: readonly DecodedLine[]): LogLine[] {
  return lines.map(({ at, stream, text, truncated }) => ({
    ...{ at, stream, container: name },
    ...(service === undefined ? {} : { service }),
    text,
    ...(truncated === undefined ? {} : { truncated }),
  }));
}
