import { forwardWord, hostWord, isRemapped, localAddress, promise } from '../shared/words.ts';
import type { Change } from './changes.ts';
import { cleanText } from './clean-text.ts';

/** A change as one line of text. */
export function textLine(change: Change): string {
  return cleanText(describe(change));
}

/** A change as one line of JSON. Scripts rely on it; JSON escapes control characters by itself. */
export function jsonLine(change: Change): string {
  return JSON.stringify(event(change));
}

function describe(change: Change): string {
  switch (change.kind) {
    case 'host': {
      const { host } = change;
      const reason = host.reason ?? host.docker.reason;
      const why = reason === undefined ? '' : `: ${[reason.message, reason.hint ?? ''].join(' ').trim()}`;
      return `${host.id}  ${hostWord(host).word}${host.state === 'ready' ? ` (${promise(host)})` : ''}${why}`;
    }
    case 'host-removed':
      return `${change.hostId}  Removed`;
    case 'forward': {
      const { forward, hostId } = change;
      const was = isRemapped(forward) ? ` (was ${forward.requestedPort})` : '';
      const why = forward.reason === undefined ? '' : `: ${forward.reason.message}`;
      return `${hostId}  ${localAddress(forward)}${was}  ${forward.container ?? 'by hand'}  ${forwardWord(forward).word}${why}`;
    }
    case 'alert': {
      const { hostId = 'towline', message, hint } = change.alert;
      return `${hostId}  Warning: ${message} ${hint}`;
    }
    case 'forward-closed':
      return `${change.hostId}  ${localAddress(change.forward)}  ${change.forward.container ?? 'by hand'}  Closed`;
  }
}

function event(change: Change): object {
  switch (change.kind) {
    case 'host': {
      const { id, target, state, attempt, nextRetryAt, reason, connections, sessions, docker, prompt } = change.host;
      const counts = { connections: connections.opened, sessions: sessions.opened };
      return {
        event: state,
        host: id,
        target,
        attempt,
        nextRetryAt,
        reason: reason ?? docker.reason,
        prompt: prompt?.request.kind,
        ...counts,
      };
    }
    case 'host-removed':
      return { event: 'removed', host: change.hostId };
    case 'forward': {
      const { id, state, container, project, protocol, local, requestedPort, remote, reason, openedMs } =
        change.forward;
      const where = { local: { address: local.address, port: local.port }, requestedPort, remote };
      return {
        event: 'forward',
        host: change.hostId,
        id,
        state,
        container,
        project,
        protocol,
        ...where,
        reason,
        openedMs,
      };
    }
    case 'alert': {
      const { code, hostId, message, hint } = change.alert;
      return { event: 'alert', alert: code, host: hostId, message, hint };
    }
    case 'forward-closed':
      return {
        event: 'forward',
        host: change.hostId,
        id: change.forward.id,
        state: 'closed',
        container: change.forward.container,
      };
  }
}
