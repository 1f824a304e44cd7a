import type { HostView, Places } from '../shared/host.ts';
import type { ConnectionState } from './ssh/connection-state.ts';
import type { SessionCounts } from './ssh/session-budget.ts';

/** What is held on a host: at most one connection, and sessions up to their limit. `heldSince`: of each session, Unix ms. */
export function poolView(
  connection: ConnectionState,
  sessions: SessionCounts,
  heldSince: readonly number[],
): HostView['pool'] {
  const connections = connection.kind === 'ready' ? [connection.since] : [];
  return {
    connections: places(1, connections.length, connections),
    sessions: places(sessions.limit, sessions.inUse, heldSince),
  };
}

/** A limit that was learned to be lower leaves none free, not less than none. */
function places(total: number, inUse: number, since: readonly number[]): Places {
  return { total, inUse, available: Math.max(0, total - inUse), since: [...since].sort((a, b) => a - b) };
}
