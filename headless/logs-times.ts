import { FailureError } from '../shared/failure.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const duration = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A moment as people write it, in RFC 3339: so long ago (`10m`, `1h30m`), a date and time (local unless it has a zone), Unix seconds. */
export function momentOf(text: string, option: string, nowMs: number): string {
  if (instant.test(text)) return text;
  const ms = millisecondsOf(text, nowMs);
  if (Number.isFinite(ms) && Math.abs(ms) < 8.64e15) return new Date(ms).toISOString();
  throw new FailureError({
    code: 'usage',
    message: `${option} ${text} is no time.`,
    hint: 'As in: 10m, 1h30m, 2026-01-31, 2026-01-31T12:00:00, 2026-01-31T12:00:00Z',
  });
}

function millisecondsOf(text: string, nowMs: number): number {
  if (duration.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
    return nowMs - parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0), 0);
  }
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  return /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00`) : Date.parse(text);
}
