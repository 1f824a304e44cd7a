import type { AppState } from '../shared/app-state.ts';

/**
 * What is remembered of each host's connection, by host: `lost` is one that had been there and is tried again; `up` with
 * `lostAt` one that came back, after its loss had been told. Hosts that have not been up yet are not in it. Unix ms.
 */
export type LineMemory = Readonly<
  Record<string, { readonly kind: 'up'; readonly lostAt?: number } | { readonly kind: 'lost'; readonly since: number }>
>;

/** `wasTold`: whether the user has heard that this host was lost at that moment. */
export function nextLines(
  before: LineMemory,
  state: AppState,
  now: number,
  wasTold: (hostId: string, since: number) => boolean,
): LineMemory {
  const next: Record<string, LineMemory[string]> = {};
  for (const { id, state: is } of Object.values(state.hosts)) {
    const line = before[id];
    if (is === 'ready') {
      if (line?.kind === 'up') next[id] = line;
      else
        next[id] = line !== undefined && wasTold(id, line.since) ? { kind: 'up', lostAt: line.since } : { kind: 'up' };
    }
    // Off by choice, or in need of somebody: then it isn't a loss that waiting mends.
    const trying = is === 'reconnecting' || is === 'connecting' || is === 'authenticating';
    if (trying && line !== undefined) next[id] = line.kind === 'lost' ? line : { kind: 'lost', since: now };
  }
  return next;
}
