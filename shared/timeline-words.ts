import { assertNever } from './failure.ts';
import type { TimelineEntry } from './timeline.ts';

/** An entry as people read it, without its host and time: "Connection lost: it was reset (after 2 h 05 min)". */
export function timelineWords(entry: TimelineEntry): string {
  const lasted = entry.lastedMs === undefined ? '' : ` (after ${span(entry.lastedMs)})`;
  return `${happeningWords(entry)}${lasted}`;
}

/** The same without its duration, for who shows that apart. */
export function happeningWords(entry: TimelineEntry): string {
  const reason = 'reason' in entry && entry.reason !== undefined ? `: ${entry.reason.message}` : '';
  return `${whatHappened(entry)}${reason}`;
}

/** A length of time as short as can be understood: "12 ms", "1.5 s", "3 min 05 s", "2 h 05 min", "3 d 4 h". */
export function span(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (ms < 1_000) return `${Math.round(ms * 10) / 10} ms`;
  if (seconds < 10) return `${(ms / 1_000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}

function whatHappened(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'connection':
      return connectionWords(entry);
    case 'docker':
      if (entry.state === 'unreachable') return 'Docker is not reachable';
      return `Docker ${entry.engineVersion ?? ''} at ${entry.endpoint ?? 'its socket'}`;
    case 'events':
      return eventsWords(entry);
    case 'container':
      return `Container ${entry.container ?? entry.containerId?.slice(0, 12) ?? ''}: ${entry.action}`;
    case 'forward':
      return forwardWords(entry);
    case 'deployment':
      return deploymentWords(entry);
    case 'prompt':
      return entry.state === 'asked' ? `Question: ${entry.asks}` : `Question closed: ${entry.asks}`;
    case 'alert':
      return entry.state === 'raised' ? `Warning: ${entry.message}` : `No longer so: ${entry.message}`;
    default:
      return assertNever(entry);
  }
}

function connectionWords({ state, attempt = 1 }: TimelineEntry & { kind: 'connection' }): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  switch (state) {
    case 'idle':
      return 'Not connected';
    case 'connecting':
      return `Connecting${again}`;
    case 'authenticating':
      return `Authenticating${again}`;
    case 'ready':
      return 'Connected';
    case 'reconnecting':
      return attempt > 1 ? `Not connected yet${again} to come` : 'Connection lost';
    case 'needs-user':
      return 'Needs you';
    case 'failed':
      return 'Failed';
    default:
      return assertNever(state);
  }
}

function eventsWords({ state, attempt, startupMs, received = 0 }: TimelineEntry & { kind: 'events' }): string {
  switch (state) {
    case 'live':
      return `Event stream live${startupMs === undefined ? '' : ` in ${span(startupMs)}`}, attempt ${attempt}`;
    case 'ended':
      return `Event stream ended with ${received} events, attempt ${attempt}`;
    case 'polling':
      return 'No event stream, looking every few seconds';
    default:
      return assertNever(state);
  }
}

function forwardWords(entry: TimelineEntry & { kind: 'forward' }): string {
  const { state, local, requestedPort, openedMs, container } = entry;
  const loopback = local.address === '127.0.0.1' || local.address === '::1';
  const address = loopback ? 'localhost' : local.address.includes(':') ? `[${local.address}]` : local.address;
  const forward = `${address}:${local.port} → ${container ?? 'by hand'}`;
  const opened = openedMs === undefined ? '' : `, ${span(openedMs)} after its start`;
  switch (state) {
    case 'listening':
      return `${forward} listens${opened}`;
    case 'remapped':
      return `${forward} listens instead of ${requestedPort}${opened}`;
    case 'lingering':
      return `${forward} waits for its container`;
    case 'conflict':
      return `${forward} has its port taken`;
    case 'opening':
    case 'holding':
    case 'suspended':
    case 'paused':
    case 'refused':
    case 'unsupported':
    case 'ignored':
    case 'closed':
      return `${forward} ${state}`;
    default:
      return assertNever(state);
  }
}

function deploymentWords({
  stack,
  state,
  action = 'deploy',
  stage,
  outcome,
}: TimelineEntry & { kind: 'deployment' }): string {
  switch (state) {
    case 'queued':
      return `${stack}: ${action} waits for its turn`;
    case 'stage':
      return `${stack}: ${action}, ${stage ?? ''}`;
    case 'ended':
      return `${stack}: ${action} ended, ${outcome ?? ''}`;
    default:
      return assertNever(state);
  }
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
