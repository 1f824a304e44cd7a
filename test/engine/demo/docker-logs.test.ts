import { expect, test } from 'vitest';
import { logFrame, logQuery, nanoseconds, selectLogs, type LogEntry } from '../../../engine/demo/docker-logs.ts';

const entries: LogEntry[] = [
  { stream: 'stdout', timeNano: 1_700_000_000_000_000_000n, text: 'one' },
  { stream: 'stderr', timeNano: 1_700_000_001_000_000_000n, text: 'two' },
  { stream: 'stdout', timeNano: 1_700_000_001_000_000_001n, text: 'three' },
];

function selected(query: string): string[] {
  return selectLogs(entries, logQuery(new URLSearchParams(query))).map(({ text }) => text);
}

test('only the streams asked for are given, from the moment asked for, the newest as many as asked for', () => {
  expect(selected('stdout=1&stderr=1')).toEqual(['one', 'two', 'three']);
  expect(selected('stdout=true&tail=1')).toEqual(['three']);
  expect(selected('stdout=1&stderr=1&since=1700000001.000000001')).toEqual(['three']);
  expect(selected('stderr=1&tail=0')).toEqual([]);
});

test('a moment is read to the nanosecond', () => {
  expect(nanoseconds('1700000000.5')).toBe(1_700_000_000_500_000_000n);
  expect(nanoseconds('2023-11-14T22:13:20Z')).toBe(1_700_000_000_000_000_000n);
  expect(nanoseconds('yesterday')).toBe(undefined);
});

test('a frame says its stream and its length in bytes, and the time when asked', () => {
  const frame = logFrame({ stream: 'stderr', timeNano: 1_700_000_000_000_000_007n, text: 'ü' }, true);
  expect([...frame.subarray(0, 8)]).toEqual([2, 0, 0, 0, 0, 0, 0, 34]);
  expect(frame.subarray(8).toString()).toBe('2023-11-14T22:13:20.000000007Z ü\n');
});
