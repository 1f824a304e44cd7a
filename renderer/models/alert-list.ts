import type { Alert } from '../../shared/alert.ts';

/** An alert that was put away stays away until people are told of it again. */
export type PutAway = ReadonlyMap<Alert['id'], Alert['announcedAt']>;

/** Those to show, the oldest trouble first; without those of the host whose own page shows them. */
export function shownAlerts(
  alerts: Readonly<Record<string, Alert>>,
  putAway: PutAway,
  except?: string,
): readonly Alert[] {
  return Object.values(alerts)
    .filter(
      ({ id, hostId, announcedAt }) => putAway.get(id) !== announcedAt && (hostId === undefined || hostId !== except),
    )
    .sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
}
