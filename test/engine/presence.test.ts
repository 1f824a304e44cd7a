import { beforeEach, expect, test } from 'vitest';
import { Presence } from '../../engine/presence.ts';
import type { ConnectionState } from '../../engine/ssh/connection-state.ts';
import { TestClock } from '../support/test-clock.ts';

const idle: ConnectionState = { kind: 'idle' };
const ready: ConnectionState = { kind: 'ready', since: 0 };
const connecting: ConnectionState = { kind: 'connecting', attempt: 1 };
const failed: ConnectionState = { kind: 'failed', failure: { code: 'x', message: 'x' } };

let clock: TestClock;
let reports: string[];
let presence: Presence;
beforeEach(() => {
  clock = new TestClock();
  reports = [];
  presence = new Presence({ clock, suspendAfterMs: () => 30_000, report: (what) => reports.push(what) });
});

test('an outage holds clients for a while and then closes the ports until the connection is back', async () => {
  for (const state of [idle, connecting, ready, connecting]) presence.observe(state);
  await clock.advance(29_999);
  presence.observe(failed);
  expect(reports).toEqual(['ready', 'holding']);
  await clock.advance(1);
  for (const state of [connecting, failed, connecting, ready]) presence.observe(state);
  expect(reports).toEqual(['ready', 'holding', 'suspended', 'ready']);
});

test('a connection ended on purpose closes the ports at once, and trying again does not open them', () => {
  for (const state of [ready, idle, connecting]) presence.observe(state);
  expect([reports, clock.pending]).toEqual([['ready', 'suspended'], 0]);
});

test('however often it comes and goes, each outage has its full time and one timer', async () => {
  for (let time = 0; time < 5; time += 1) {
    presence.observe(ready);
    presence.observe(connecting);
    await clock.advance(20_000);
  }
  expect([reports.includes('suspended'), clock.pending]).toEqual([false, 1]);
  presence.dispose();
  expect(clock.pending).toBe(0);
});
