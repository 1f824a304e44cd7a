import type { Alert, AlertThresholds } from '../../shared/alert.ts';
import type { AppState } from '../../shared/app-state.ts';
import type { ForwardView } from '../../shared/forward.ts';
import type { HostView } from '../../shared/host.ts';
import { bytes, localAddress } from '../../shared/words.ts';

/** Something that is worth a warning as long as it is so. */
export type Trouble = Omit<Alert, 'since' | 'announcedAt'>;

/** What the state does not hold. */
export interface Facts {
  /** Bytes written to the own log within the last day. */
  readonly logBytesLastDay: number;
  readonly certificates: readonly Certificate[];
}

/** Of an endpoint that a stack declares. */
export interface Certificate {
  /** As the user wrote it: `shop.example:443`. */
  readonly endpoint: string;
  readonly hostId: string;
  readonly stack: string;
  /** Until when it is valid; Unix ms. */
  readonly until: number;
}

const dayMs = 86_400_000;

/** What there is to warn of now. The same trouble has the same id each time. */
export function troubles(state: AppState, facts: Facts, thresholds: AlertThresholds, now: number): Trouble[] {
  return [
    ...Object.values(state.hosts).flatMap((host) => hostTroubles(host, thresholds)),
    ...logTroubles(facts.logBytesLastDay, thresholds),
    ...facts.certificates.flatMap((certificate) => certificateTroubles(certificate, thresholds, now)),
  ];
}

function hostTroubles(host: HostView, thresholds: AlertThresholds): Trouble[] {
  const { id: hostId, events, connections, sessions } = host;
  const found: Trouble[] = [];
  if (events.consecutiveFailures > thresholds.streamFailures) {
    const cause = events.ended?.at(-1)?.cause.message ?? '';
    found.push({
      id: `event-stream-failing ${hostId}`,
      code: 'event-stream-failing',
      hostId,
      message: `Docker's events of ${hostId} failed ${events.consecutiveFailures} times in a row. ${cause}`.trim(),
      hint: `Until they come again, ports follow their containers late. What fails: towline doctor ${hostId}`,
    });
  }
  if (connections.lastHour > thresholds.connectionsPerHour) {
    found.push({
      id: `connections-churning ${hostId}`,
      code: 'connections-churning',
      hostId,
      message: `${connections.lastHour} SSH connections to ${hostId} were opened within an hour; one is what it takes.`,
      hint: `Something between here and there ends them. Why each ended: towline events --host ${hostId} --kind connection`,
    });
  }
  if (sessions.lastHour > thresholds.sessionsPerHour) {
    found.push({
      id: `sessions-churning ${hostId}`,
      code: 'sessions-churning',
      hostId,
      message: `${sessions.lastHour} sessions were opened on ${hostId} within an hour.`,
      hint: 'Each command and each deployment takes one. If they are meant, raise alerts.sessionsPerHour in the settings.',
    });
  }
  return [...found, ...Object.values(host.forwards).flatMap((forward) => forwardTroubles(host, forward, thresholds))];
}

function forwardTroubles({ id: hostId }: HostView, forward: ForwardView, thresholds: AlertThresholds): Trouble[] {
  const { unreached, id, remote } = forward;
  if (unreached === undefined || unreached.clients < thresholds.unreachedClients) return [];
  const target = remote.port === 0 ? remote.address : `${remote.address}:${remote.port}`;
  const why = unreached.reason.message.split(': ').at(-1) ?? '';
  return [
    {
      id: `forward-unreachable ${hostId} ${id}`,
      code: 'forward-unreachable',
      hostId,
      message: `${localAddress(forward)} leads nowhere: ${target} on ${hostId} answers none of its clients (${why}).`,
      hint: 'See whether the service there has started, and listens on more than the loopback of its container.',
    },
  ];
}

function logTroubles(written: number, { logBytesPerDay }: AlertThresholds): Trouble[] {
  if (written <= logBytesPerDay) return [];
  return [
    {
      id: 'log-growing',
      code: 'log-growing',
      message: `Towline's own log has grown by ${bytes(written)} within a day.`,
      hint: 'Something fails over and over: the newest lines say what. If its level is debug, set it to info in the settings.',
    },
  ];
}

function certificateTroubles(
  { endpoint, hostId, stack, until }: Certificate,
  { certificateDays }: AlertThresholds,
  now: number,
): Trouble[] {
  const days = Math.floor((until - now) / dayMs);
  if (days >= certificateDays) return [];
  const when = days < 0 ? 'has expired' : `is valid for ${days} more ${days === 1 ? 'day' : 'days'}`;
  return [
    {
      id: `certificate-expiring ${stack} ${endpoint}`,
      code: 'certificate-expiring',
      hostId,
      message: `The certificate of ${endpoint} ${when}.`,
      hint: `Stack ${stack} declares it. Renew it, then run: towline deploy --verify-only ${stack}`,
    },
  ];
}
