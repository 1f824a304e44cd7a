import { expect, test } from 'vitest';
import { Traffic, trafficKey } from '../../../renderer/models/traffic.ts';
import type { AppState } from '../../../shared/app-state.ts';
import { appState, forwardView, hostView } from '../../engine/serve/fake-engine.ts';

const key = trafficKey('shop', 'web');
const carried = (bytesDown: number): AppState =>
  appState([hostView('shop', { forwards: { web: forwardView('web', 8080, { bytesDown }) } })]);

test('what went through before counts for nothing, what goes through now has a rate that fades', () => {
  const traffic = new Traffic();
  traffic.observe(undefined, carried(5_000_000), 0);
  expect(traffic.rate(key, 1_000)).toBe(0);
  traffic.observe(carried(5_000_000), carried(5_030_000), 10_000);
  expect([traffic.rate(key, 10_000), traffic.rate(key, 12_999), traffic.rate(key, 13_001)]).toEqual([
    10_000, 10_000, 0,
  ]);
});

test('two minutes of history in slots of five seconds, and nothing when nothing went for so long', () => {
  const traffic = new Traffic();
  let before = carried(0);
  for (let second = 1; second <= 20; second += 1) {
    const after = carried(second * 100);
    traffic.observe(before, after, second * 1_000);
    before = after;
  }
  const history = traffic.history(key, 20_000) ?? [];
  expect(history).toHaveLength(24);
  expect(history.slice(-4)).toEqual([500, 500, 500, 500]);
  expect(traffic.history(key, 141_000)).toBeUndefined();
});

test('many small changes cost no more than a few samples a second', () => {
  const traffic = new Traffic();
  let before = carried(0);
  for (let i = 1; i <= 1_000; i += 1) {
    const after = carried(i);
    traffic.observe(before, after, i * 10);
    before = after;
  }
  expect(traffic.rate(key, 10_000)).toBeCloseTo(100, -1);
});
