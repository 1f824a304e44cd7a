import type { AppState } from '../shared/app-state.ts';
import { statusDocument, type PlacesStatus } from '../shared/status.ts';
import { cutText } from './clean-text.ts';
import { columnLines } from './columns.ts';
import { durationText } from './duration.ts';
import { quiet, type Paint } from './paint.ts';

/** What is held on each host, one line for each: its connection, and the places for sessions on it. */
export function poolLines(
  state: AppState,
  { paint, width, now }: { readonly paint: Paint; readonly width: number; readonly now: number },
): string[] {
  const { hosts } = statusDocument(state, now);
  if (hosts.length === 0) return [];
  const rows = hosts.map(({ id, pool: { connections, sessions }, sessions: { waiting } }) => [
    `  ${id}`,
    placesText(connections),
    `${placesText(sessions)}${waiting === 0 ? '' : `, ${waiting} waiting`}`,
  ]);
  return columnLines([['Pool', 'Connections', 'Sessions'], ...rows]).map((line) => quiet(paint, cutText(line, width)));
}

/** `1 of 2 in use, 1 free, oldest 12 s`. */
function placesText({ total, inUse, available, agesMs: [oldestMs] }: PlacesStatus): string {
  const age = oldestMs === undefined ? '' : `, ${inUse > 1 ? 'oldest' : 'for'} ${durationText(oldestMs)}`;
  return `${inUse} of ${total} in use, ${available} free${age}`;
}
