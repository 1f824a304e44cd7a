import { beforeEach, expect, test } from 'vitest';
import { Lingering } from '../../engine/linger.ts';
import type { Container } from '../../shared/container.ts';
import { TestClock } from '../support/test-clock.ts';

const web = { id: 'web' } as Container;
const db = { id: 'db' } as Container;

let clock: TestClock;
let expired: number;
let lingering: Lingering;
beforeEach(() => {
  clock = new TestClock();
  expired = 0;
  lingering = new Lingering(clock, () => (expired += 1));
});

test('what stopped lingers for 3 s, and its end is told once', async () => {
  lingering.observe([web, db]);
  lingering.observe([db]);
  lingering.observe([db]);
  await clock.advance(2_999);
  expect([lingering.containers, expired]).toEqual([[web], 0]);
  await clock.advance(1);
  expect([lingering.containers, expired, clock.pending]).toEqual([[], 1, 0]);
});

test('what runs again lingers no more; a crash loop starts its time anew each time', async () => {
  for (let time = 0; time < 10; time += 1) {
    lingering.observe([web]);
    expect(lingering.containers).toEqual([]);
    lingering.observe([]);
    await clock.advance(2_000);
    expect(lingering.containers).toEqual([web]);
  }
  expect([expired, clock.pending]).toEqual([0, 1]);
  await lingering.dispose();
  expect(clock.pending).toBe(0);
});
