import { expect, test } from 'vitest';
import { timeOf } from '../../../renderer/models/log-times.ts';

const at = '2026-11-20T14:31:02.118456789Z';
const now = Date.UTC(2026, 10, 20, 14, 31, 2, 118);

test('the clock is that of this place or of Greenwich, to the millisecond', () => {
  expect(timeOf(at, 'utc', now)).toBe('14:31:02.118');
  expect(timeOf(at, 'local', now)).toMatch(/^\d\d:\d1:02\.118$/);
});

test.each([
  [-5_000, 'just now'],
  [12_400, '12 s ago'],
  [60_000, '1 min ago'],
  [47 * 3_600_000, '47 h ago'],
  [49 * 3_600_000, '2 d ago'],
])('%i ms later it is told as %s', (later, words) => {
  expect(timeOf(at, 'relative', now + later)).toBe(words);
});
