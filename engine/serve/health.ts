import type { AppState } from '../../shared/app-state.ts';
import type { HostView } from '../../shared/host.ts';

/** Whether everything is there that is wanted: hosts, all of them connected, each with its Docker and its events. */
export interface Readiness {
  readonly ready: boolean;
  /** Names nobody: it is told to whoever asks. */
  readonly saw: string;
}

/** A host that the user has disconnected is not waited for. */
export function readiness({ hosts }: AppState): Readiness {
  const wanted = Object.values(hosts).filter(({ state }) => state !== 'idle');
  const ready = wanted.filter(isReady).length;
  return { ready: wanted.length > 0 && ready === wanted.length, saw: `${ready} of ${wanted.length} hosts ready` };
}

/** The document of `/health/details`. Times in ms, sizes in bytes. */
export interface HealthDetails {
  readonly version: string;
  readonly ready: boolean;
  readonly uptimeMs: number;
  readonly process: { readonly pid: number; readonly rssBytes: number; readonly heapBytes: number };
  readonly alerts: readonly { readonly code: string; readonly host?: string; readonly message: string }[];
  readonly hosts: readonly HostHealth[];
}

/** `pool` is what is held on the host, `queue` what waits for it; `connections` and `sessions` count what was opened. */
export interface HostHealth {
  readonly id: string;
  readonly ready: boolean;
  readonly state: HostView['state'];
  readonly reason?: HostView['reason'];
  readonly pool: HostView['pool'];
  readonly queue: { readonly waiting: number; readonly running: number; readonly rejected: number };
  readonly connections: HostView['connections'];
  readonly sessions: HostView['sessions'];
  readonly channels: HostView['channels'];
  readonly docker: HostView['docker'];
  readonly events: HostView['events'];
  readonly forwards: Readonly<Record<string, number>>;
}

export function healthDetails(
  state: AppState,
  now: number,
  { rss, heapUsed }: { readonly rss: number; readonly heapUsed: number },
): HealthDetails {
  const { version, pid, startedAt, hosts, alerts = {} } = state;
  return {
    version,
    ready: readiness(state).ready,
    uptimeMs: now - startedAt,
    process: { pid, rssBytes: rss, heapBytes: heapUsed },
    alerts: Object.values(alerts).map(({ code, hostId, message }) => ({
      code,
      message,
      ...(hostId === undefined ? {} : { host: hostId }),
    })),
    hosts: Object.values(hosts).map(hostHealth),
  };
}

function hostHealth(host: HostView): HostHealth {
  const { id, state, reason, pool, commands, connections, channels, sessions, docker, events, forwards } = host;
  const { waiting = sessions.waiting, running = 0, rejected = 0 } = commands ?? {};
  const states = Object.values(forwards).map((forward) => forward.state);
  const count = (name: string): [string, number] => [name, states.filter((one) => one === name).length];
  return {
    id,
    ready: isReady(host),
    state,
    ...(reason === undefined ? {} : { reason }),
    pool,
    queue: { waiting, running, rejected },
    connections,
    sessions,
    channels,
    docker,
    events,
    forwards: Object.fromEntries([...new Set(states)].map(count)),
  };
}

function isReady({ state, docker, events }: HostView): boolean {
  return state === 'ready' && docker.endpoint !== undefined && (events.state === 'live' || events.state === 'polling');
}
