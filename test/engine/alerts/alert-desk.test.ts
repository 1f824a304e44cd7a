import { afterEach, beforeEach, expect, test } from 'vitest';
import { AlertDesk } from '../../../engine/alerts/alert-desk.ts';
import { silentLogger } from '../../../engine/base/logger.ts';
import { StateStore } from '../../../engine/state-store.ts';
import { alertThresholdsSchema, type Alert } from '../../../shared/alert.ts';
import { appState, hostView } from '../serve/fake-engine.ts';
import { TestClock } from '../../support/test-clock.ts';

const hourMs = 3_600_000;

let clock: TestClock;
let store: StateStore;
let desk: AlertDesk;
let logBytes: number;
let lines: string[];

beforeEach(() => {
  clock = new TestClock();
  store = new StateStore(appState([hostView('shop')]), clock);
  logBytes = 0;
  lines = [];
  const write = (message: string): void => void lines.push(message);
  desk = new AlertDesk({
    store,
    thresholds: () => alertThresholdsSchema.parse({}),
    logBytes: () => logBytes,
    certificates: () => [],
    clock,
    log: { ...silentLogger, info: write, warn: write },
  });
});
afterEach(async () => {
  await desk.dispose();
  expect(clock.pending).toBe(0);
});

async function connectionsOfTheHour(lastHour: number): Promise<void> {
  store.updateHost('shop', (host) => ({ ...host, connections: { opened: 99, lastHour } }));
  await clock.advance(1_000);
}
const alert = (): Alert | undefined => store.state.alerts?.['connections-churning shop'];

test('a warning is part of the state while it holds, and is gone without a trace when it does not', async () => {
  await connectionsOfTheHour(21);
  expect(alert()).toMatchObject({ code: 'connections-churning', hostId: 'shop', since: clock.now() });
  await connectionsOfTheHour(19);
  expect(store.state.alerts).toBeUndefined();
  expect(lines).toEqual(['alert raised', 'alert cleared']);
});

test('while it holds its words follow, and it is announced once', async () => {
  await connectionsOfTheHour(21);
  const first = alert();
  await clock.advance(5 * hourMs);
  await connectionsOfTheHour(30);
  expect(alert()).toEqual({ ...first, message: expect.stringContaining('30 SSH connections') as string });
  expect(lines).toEqual(['alert raised']);
});

test('one that comes and goes is announced at most hourly', async () => {
  await connectionsOfTheHour(21);
  const announcedAt = clock.now();
  for (let minute = 0; minute < 10; minute += 1) {
    await connectionsOfTheHour(10);
    await clock.advance(60_000);
    await connectionsOfTheHour(21);
    expect(alert()?.announcedAt).toBe(announcedAt);
  }
  expect(lines.filter((line) => line === 'alert raised')).toHaveLength(1);
  await connectionsOfTheHour(10);
  await clock.advance(hourMs);
  await connectionsOfTheHour(21);
  expect(alert()?.announcedAt).toBe(clock.now());
  expect(lines.filter((line) => line === 'alert raised')).toHaveLength(2);
});

test('what nothing in the state tells of is looked at every minute: a log that grows, and stops growing', async () => {
  logBytes = 101_000_000;
  await clock.advance(60_000);
  expect(store.state.alerts).toMatchObject({ 'log-growing': { code: 'log-growing' } });
  await clock.advance(23 * hourMs);
  expect(store.state.alerts).toBeDefined();
  await clock.advance(hourMs);
  expect(store.state.alerts).toBeUndefined();
});

test('a state that changes a hundred times a second is looked at once a second, and unchanged warnings publish nothing', async () => {
  await connectionsOfTheHour(21);
  const { alerts } = store.state;
  const revision = store.revision;
  for (let change = 0; change < 100; change += 1)
    store.updateHost('shop', (host) => ({ ...host, paused: !host.paused }));
  expect(clock.pending).toBe(2);
  await clock.advance(1_000);
  expect([store.revision - revision, store.state.alerts === alerts]).toEqual([100, true]);
});
