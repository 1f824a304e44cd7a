import { expect, test } from 'vitest';
import { momentOf } from '../../headless/logs-times.ts';

const now = Date.parse('2026-01-02T12:00:00Z');
const moment = (text: string): string => momentOf(text, '--since', now);

test('a time is so long ago, a date, a date and time here or elsewhere, or Unix seconds', () => {
  expect(moment('10m')).toBe('2026-01-02T11:50:00.000Z');
  expect(moment('1h30m')).toBe('2026-01-02T10:30:00.000Z');
  expect(moment('1.5d')).toBe('2026-01-01T00:00:00.000Z');
  expect(moment('500ms')).toBe('2026-01-02T11:59:59.500Z');
  expect(moment('1767225600')).toBe('2026-01-01T00:00:00.000Z');
  expect(moment('2026-01-01')).toBe(new Date(2026, 0, 1).toISOString());
  expect(moment('2026-01-01T08:00:00')).toBe(new Date(2026, 0, 1, 8).toISOString());
});

test('a whole RFC 3339 time keeps its nanoseconds', () => {
  expect(moment('2026-01-01T00:00:00.123456789Z')).toBe('2026-01-01T00:00:00.123456789Z');
  expect(moment('2026-01-01T00:00:00+01:00')).toBe('2026-01-01T00:00:00+01:00');
});

test.each(['', 'soon', '-5m', '10 minutes', '2026-13-01T00:00:00'])(
  '`%s` is no time, and it is said which option that was',
  (text) => {
    expect(() => moment(text)).toThrow(
      expect.objectContaining({ code: 'usage', message: `--since ${text} is no time.` }) as Error,
    );
  },
);
