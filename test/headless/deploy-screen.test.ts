import { expect, test } from 'vitest';
import { underwayLine } from '../../headless/deploy-screen.ts';
import { durationText } from '../../headless/duration.ts';

const paint = { color: false, unicode: true };

test('an upload shows its share, its sizes, and how long it may still take once the pace is known', () => {
  const sent = { bytes: 6_000_000, total: 12_000_000 };
  const line = (forMs: number, width = 120) => underwayLine('shop', { stage: 'uploading', forMs, sent }, paint, width);
  expect(line(4_000)).toBe('◌ shop  Uploading  ██████████░░░░░░░░░░  50 %, 6.0 MB of 12 MB, 4.0 s, about 4.0 s left');
  expect(line(400)).toMatch(/12 MB, 0\.4 s$/);
  expect(line(4_000, 60)).toBe(`◌ shop  Uploading  ██████████░░░░░░░░░░  50 %, 6.0 MB of 12…`);
  expect(line(4_000, 30)).toBe(`◌ shop  Uploading  ██████████…`);
});

test('a stage without a measure shows the time it has taken', () => {
  expect(underwayLine('shop', { stage: 'building', forMs: 65_000 }, paint, 80)).toBe(
    '◌ shop  Pulling and building  1 min 05 s',
  );
});

test('durations are as precise as they are short', () => {
  expect([400, 9_940, 12_600, 185_000].map(durationText)).toEqual(['0.4 s', '9.9 s', '12 s', '3 min 05 s']);
});
