import { FailureError, type Failure } from '../shared/failure.ts';
import type { HostView } from '../shared/host.ts';
import type { StateStore } from './state-store.ts';

type Need = 'connection' | 'docker';

/** Whether the host has what is needed: it has, it may come by itself, or it will not and why. */
export type Reach = { kind: 'yes' } | { kind: 'waiting' } | { kind: 'no'; failure: Failure };

/** Resolves once the host is connected, or its Docker answers; rejects with the reason as soon as that will not come by itself. */
export function whenReachable(store: StateStore, hostId: string, need: Need, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      void listening.dispose();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      leave();
      reject(signal.reason as Error);
    };
    const look = (): void => {
      const reach = reachOf(store.state.hosts[hostId], hostId, need);
      if (reach.kind === 'waiting') return;
      leave();
      if (reach.kind === 'yes') resolve();
      else reject(new FailureError(reach.failure));
    };
    const listening = store.onDidChange(look);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else look();
  });
}

export function reachOf(view: HostView | undefined, hostId: string, need: Need): Reach {
  if (view === undefined) return { kind: 'no', failure: goneFailure(hostId) };
  const { state, reason, docker } = view;
  switch (state) {
    case 'connecting':
    case 'authenticating':
      return { kind: 'waiting' };
    case 'ready':
      if (need === 'connection' || docker.endpoint !== undefined) return { kind: 'yes' };
      return docker.reason === undefined ? { kind: 'waiting' } : { kind: 'no', failure: docker.reason };
    case 'idle':
    case 'reconnecting':
    case 'needs-user':
    case 'failed':
      return { kind: 'no', failure: reason ?? idleFailure(hostId) };
  }
}

function goneFailure(hostId: string): Failure {
  return { code: 'host-not-found', message: `There is no host ${hostId} any more.` };
}

function idleFailure(hostId: string): Failure {
  return { code: 'host-disconnected', message: `${hostId} is disconnected.`, hint: 'Connect to it, then try again.' };
}
