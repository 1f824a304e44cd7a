import { expect, test } from 'vitest';
import { instant, justBefore, secondsBefore, unixSeconds, utcNano } from '../../../engine/logs/log-time.ts';

test("Docker's times and Podman's are the same moments in one form, which sorts as text", () => {
  expect(utcNano('2026-11-21T00:01:21.123456789Z')).toBe('2026-11-21T00:01:21.123456789Z');
  expect(utcNano('2026-11-21T01:01:21.5+01:00')).toBe('2026-11-21T00:01:21.500000000Z');
  expect(utcNano('2026-11-20T23:01:21-01:00')).toBe('2026-11-21T00:01:21.000000000Z');
  expect([utcNano('yesterday'), utcNano('2026-13-41T00:00:00Z')]).toEqual([undefined, undefined]);
});

test('a moment for Docker is Unix seconds with all nine digits', () => {
  expect(unixSeconds('2026-01-01T00:00:00.000000007Z')).toBe('1767225600.000000007');
  expect(instant('2026-01-01T01:00:00+01:00')).toBe('1767225600.000000000');
  expect(instant(undefined)).toBeUndefined();
});

test('the moment before is a nanosecond earlier, over the borders of seconds and years', () => {
  expect(justBefore('2026-01-01T00:00:00.000000001Z')).toBe('2026-01-01T00:00:00.000000000Z');
  expect(justBefore('2026-01-01T00:00:00.000000000Z')).toBe('2025-12-31T23:59:59.999999999Z');
});

test('nothing is before 1970', () => {
  expect(secondsBefore('2026-01-01T00:00:01.000000005Z', 2)).toBe('2025-12-31T23:59:59.000000005Z');
  expect(secondsBefore('1970-01-01T00:00:01.000000005Z', 1e12)).toBe('1970-01-01T00:00:00.000000005Z');
});
