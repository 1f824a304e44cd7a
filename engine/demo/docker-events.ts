import { Emitter } from '../base/emitter.ts';

/** One event, before it takes the shape of a server's generation. */
export interface DockerEvent {
  readonly type: 'container' | 'network' | 'daemon';
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly timeNano: bigint;
}

/** `docker-20` has status/id/from beside Action/Actor, `docker-29` only the latter, `podman` its own words. */
export type EventShape = 'docker-20' | 'docker-29' | 'podman';

/** The newest 256 events, as many as dockerd keeps, and those that come. */
export class EventJournal {
  readonly #limit = 256;
  readonly #didRecord = new Emitter<DockerEvent>();
  readonly onDidRecord = this.#didRecord.event;
  #events: DockerEvent[] = [];

  record(event: DockerEvent): void {
    this.#events = [...this.#events.slice(1 - this.#limit), event];
    this.#didRecord.fire(event);
  }

  since(timeNano: bigint): readonly DockerEvent[] {
    return this.#events.filter((event) => event.timeNano >= timeNano);
  }
}

/** The `filters` query: each name with its values; an event passes when every name has one that fits. */
export type Filters = Readonly<Record<string, readonly string[]>>;

/** Throws on what is no JSON object. Values come as a list, or (older clients) as keys of an object of booleans. */
export function parseFilters(text: string | null): Filters {
  if (text === null || text === '') return {};
  const parsed = JSON.parse(text) as Record<string, readonly string[] | Record<string, boolean>>;
  return Object.fromEntries(
    Object.entries(parsed).map(([name, values]) => [
      name,
      Array.isArray(values) ? values.map(String) : Object.keys(values),
    ]),
  );
}

export function passes(event: DockerEvent, filters: Filters): boolean {
  return Object.entries(filters).every(([name, values]) => {
    return values.length === 0 || values.some((value) => fits(event, name, value));
  });
}

function fits(event: DockerEvent, name: string, value: string): boolean {
  switch (name) {
    case 'type':
      return event.type === value;
    case 'event':
      return event.action === value || event.action.startsWith(`${value}:`);
    case 'container':
      return event.type === 'container' && (event.id.startsWith(value) || event.attributes['name'] === value);
    case 'label':
      return hasLabel(event.attributes, value);
    default:
      return true;
  }
}

/** `key` or `key=value`. */
export function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const at = wanted.indexOf('=');
  return at < 0 ? wanted in labels : labels[wanted.slice(0, at)] === wanted.slice(at + 1);
}

/** The event as one JSON line. timeNano is written digit by digit: it is beyond what a JavaScript number can hold. */
export function eventLine(event: DockerEvent, shape: EventShape): string {
  const action = shape === 'podman' ? (podmanActions[event.action] ?? event.action) : event.action;
  const attributes = shape === 'podman' ? podmanAttributes(event.attributes) : event.attributes;
  const legacy = { status: action, id: event.id, from: event.attributes['image'] };
  const body = JSON.stringify({
    ...(shape === 'docker-29' || event.type !== 'container' ? {} : legacy),
    Type: event.type,
    Action: action,
    Actor: { ID: event.id, Attributes: attributes },
    scope: 'local',
    time: Number(event.timeNano / 1_000_000_000n),
  });
  return `${body.slice(0, -1)},"timeNano":${event.timeNano}}\n`;
}

const podmanActions: Readonly<Record<string, string>> = { die: 'died', destroy: 'remove' };

function podmanAttributes({ exitCode, ...rest }: Readonly<Record<string, string>>): Record<string, string> {
  return exitCode === undefined ? rest : { ...rest, containerExitCode: exitCode };
}
