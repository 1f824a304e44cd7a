/** What the daemon filters for us: `exec_*` and `top` noise never travels. Network events carry no container labels, so no label filter. */
export const eventFilters = {
  type: ['container', 'network', 'daemon'],
  event: [
    'create',
    'start',
    'restart',
    'die',
    'died',
    'stop',
    'destroy',
    'remove',
    'rename',
    'update',
    'pause',
    'unpause',
    'connect',
    'disconnect',
    'reload',
  ],
} as const;

/** An event, reduced to where to look again. It is never the state itself. */
export interface DockerEvent {
  readonly type: 'container' | 'network' | 'daemon';
  readonly action: string;
  /** The container concerned, where one is. */
  readonly containerId: string | undefined;
  /** The container's name, where the event tells it. */
  readonly name: string | undefined;
  /** When it happened by the daemon's clock, Unix ms; 0 where it does not say. */
  readonly atMs: number;
  /** Server time, whole seconds: what `since` takes. `timeNano` is beyond 2^53 and only ever compared as text. */
  readonly timeS: number;
  /** Tells a replayed event from a new one. */
  readonly fingerprint: string;
}

/**
 * One line of `/events`, in the shapes of Docker 20.10 … 29 (since API 1.52 without `status`, `id`, `from`) and Podman
 * (`died`, `remove`). Undefined for anything else: garbage is no reason to stop listening.
 */
export function parseEvent(line: string): DockerEvent | undefined {
  const raw = parseObject(line);
  if (raw === undefined) return undefined;
  const actor = (isObject(raw.Actor) ? raw.Actor : {}) as { ID?: unknown; Attributes?: unknown };
  const type = raw.Type ?? (raw.status === undefined ? undefined : 'container');
  const action = text(raw.Action) ?? text(raw.status);
  if ((type !== 'container' && type !== 'network' && type !== 'daemon') || action === undefined) return undefined;
  const attributes = (isObject(actor.Attributes) ? actor.Attributes : {}) as { container?: unknown; name?: unknown };
  const containerId = idOrUndefined(
    type === 'container' ? (text(actor.ID) ?? text(raw.id)) : text(attributes.container),
  );
  const verb = (action.split(':')[0] ?? '').trim();
  const timeS = Number.isSafeInteger(raw.time) ? Math.max(0, raw.time as number) : 0;
  const nanos = /"timeNano"\s*:\s*(\d+)/.exec(line)?.[1];
  return {
    type,
    action: verb === 'died' ? 'die' : verb,
    containerId,
    name: type === 'container' ? text(attributes.name) : undefined,
    atMs: nanos === undefined ? timeS * 1000 : Math.floor(Number(nanos) / 1_000_000),
    timeS,
    fingerprint: `${type} ${containerId ?? ''} ${action} ${nanos ?? String(raw.time)}`,
  };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An id goes into the path of a request, so nothing else may pass for one. */
function idOrUndefined(id: string | undefined): string | undefined {
  return id !== undefined && /^[0-9a-f]{12,64}$/i.test(id) ? id : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
