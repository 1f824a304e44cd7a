/** How long `at` is: `2026-11-21T00:01:21.123456789Z`. */
export const timeLength = 30;
const shape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/;

/**
 * RFC 3339 as Docker writes it, or Podman (any offset, as many digits as it needs), in UTC with nine digits of a second.
 * Undefined for anything else.
 */
export function utcNano(text: string): string | undefined {
  const [, seconds, fraction = '', offset] = shape.exec(text) ?? [];
  if (seconds === undefined || offset === undefined) return undefined;
  const ms = Date.parse(`${seconds}${offset}`);
  return Number.isNaN(ms) ? undefined : `${new Date(ms).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}

/** `at` as Docker takes it for `since` and `until`: Unix seconds with nine digits of a fraction. */
export function unixSeconds(at: string): string {
  return `${Math.max(0, Date.parse(`${at.slice(0, 19)}Z`) / 1000)}.${at.slice(20, 29)}`;
}

/** So many whole seconds earlier, but not before 1970. */
export function secondsBefore(at: string, seconds: number): string {
  const ms = Math.max(0, Date.parse(`${at.slice(0, 19)}Z`) - seconds * 1000);
  return `${new Date(ms).toISOString().slice(0, 19)}${at.slice(19)}`;
}

/** The last moment before `at`. */
export function justBefore(at: string): string {
  const fraction = Number(at.slice(20, 29));
  if (fraction > 0) return `${at.slice(0, 20)}${String(fraction - 1).padStart(9, '0')}Z`;
  return `${secondsBefore(at, 1).slice(0, 20)}999999999Z`;
}

/** Any RFC 3339 as Docker takes it. */
export function instant(text: string | undefined): string | undefined {
  const at = text === undefined ? undefined : utcNano(text);
  return at === undefined ? undefined : unixSeconds(at);
}
