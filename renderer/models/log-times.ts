/** How moments are told: by the clock here or in UTC, as how long ago, or not at all. */
export type Times = 'local' | 'utc' | 'relative' | 'none';

export const timesInTurn: Readonly<Record<Times, Times>> = {
  local: 'relative',
  relative: 'utc',
  utc: 'none',
  none: 'local',
};

export const timesWords: Readonly<Record<Times, string>> = {
  local: 'local time',
  relative: 'how long ago',
  utc: 'UTC',
  none: 'none',
};

/** `14:31:02.118` here or in UTC, or `12 min ago`. `at` is RFC 3339 in UTC, `now` Unix ms. */
export function timeOf(at: string, times: Exclude<Times, 'none'>, now: number): string {
  if (times === 'utc') return at.slice(11, 23);
  const date = new Date(`${at.slice(0, 23)}Z`);
  if (times === 'relative') return ago(now - date.getTime());
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}.${at.slice(20, 23)}`;
}

/** In the one unit that says most; a clock that is ahead of ours is no news. */
export function ago(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
