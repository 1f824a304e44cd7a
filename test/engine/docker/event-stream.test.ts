import { PassThrough, type Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../../engine/base/logger.ts';
import { EventStream } from '../../../engine/docker/event-stream.ts';
import { TestClock } from '../../support/test-clock.ts';

let clock: TestClock;
let stream: EventStream;
/** What each subscription was asked with, and the stream it got. */
let subscriptions: { since: number | undefined; events: PassThrough }[];
let subscribe: () => Promise<Readable>;
let received: string[];
let lists: number;

const event = (action: string, nano: bigint, id = 'a'.repeat(64)): string =>
  `{"Type":"container","Action":"${action}","Actor":{"ID":"${id}"},"time":${nano / 1_000_000_000n},"timeNano":${nano}}\n`;
const second = 1_000_000_000n;
const at = 1_700_000_000n * second;

beforeEach(() => {
  clock = new TestClock();
  subscriptions = [];
  received = [];
  lists = 0;
  subscribe = () => Promise.resolve(new PassThrough());
  stream = new EventStream({
    subscribe: async (since) => {
      const events = (await subscribe()) as PassThrough;
      subscriptions.push({ since, events });
      return events;
    },
    clock,
    log: silentLogger,
  });
  stream.onDidReceive(({ action }) => received.push(action));
  stream.onListDue(() => (lists += 1));
});
afterEach(() => stream.dispose());

const settled = () => clock.advance(0);
const send = async (...lines: string[]): Promise<void> => {
  subscriptions.at(-1)?.events.write(lines.join(''));
  await settled();
};

test('once subscribed it asks for a list, and then tells of each event', async () => {
  stream.start();
  await settled();
  expect([stream.state.kind, lists, subscriptions[0]?.since]).toEqual(['live', 1, undefined]);
  await send(event('start', at), 'garbage\n', event('die', at + 1n));
  expect(received).toEqual(['start', 'die']);
});

test('after an end it subscribes since the last event by the server, less an overlap, and what is replayed is told once', async () => {
  stream.start();
  await settled();
  await send(event('start', at + 123n), event('start', at + 124n));
  subscriptions[0]?.events.end();
  await clock.advance(200);
  expect(subscriptions[1]?.since).toBe(1_700_000_000 - 2);
  await send(event('start', at + 123n), event('start', at + 124n), event('die', at + second));
  expect([received, lists]).toEqual([['start', 'start', 'die'], 2]);
});

test.each<[string, (events: PassThrough) => void]>([
  ['a clean end', (events) => events.end()],
  ['an error', (events) => events.destroy(new Error('reset'))],
  ['a close without an end', (events) => events.destroy()],
])('%s at once after each subscription leads to ever longer waits, though each brings an event', async (_what, end) => {
  let nano = at;
  subscribe = () => {
    const events = new PassThrough();
    events.write(event('start', (nano += second)));
    setImmediate(() => setImmediate(() => end(events)));
    return Promise.resolve(events);
  };
  stream.start();
  for (let step = 0; step < 600; step += 1) await clock.advance(100);
  expect(received.length).toBeGreaterThan(3);
  expect(subscriptions.length).toBeLessThan(16);
});

test('a failed subscription is waited out, and its reason is said', async () => {
  subscribe = () => Promise.reject(new Error('no daemon'));
  stream.start();
  await settled();
  expect(stream.state).toMatchObject({ kind: 'waiting', failure: { message: 'no daemon' } });
  expect(stream.figures).toMatchObject({ attempt: 1, consecutiveFailures: 1 });
});

test('a subscription that hangs is left alone by stop, and ended when it comes after all', async () => {
  const late = new PassThrough();
  let give: (events: Readable) => void = () => undefined;
  subscribe = () => new Promise((resolve) => (give = resolve));
  stream.start();
  await settled();
  stream.stop();
  give(late);
  await settled();
  expect([stream.state.kind, late.destroyed, lists]).toEqual(['off', true, 0]);
});

test('its figures tell of this subscription and of all', async () => {
  subscribe = async () => {
    await new Promise<void>((resolve) => clock.after(40, resolve));
    return new PassThrough();
  };
  stream.start();
  await clock.advance(40);
  await clock.advance(500);
  await send(event('start', at), event('die', at + 1n));
  expect(stream.figures).toEqual({
    attempt: 1,
    startupMs: 40,
    timeToFirstEventMs: 500,
    received: 2,
    consecutiveFailures: 0,
    liveSince: clock.now() - 500,
    lagMs: clock.now() - 1_700_000_000_000,
  });
  await clock.advance(1_000);
  subscriptions[0]?.events.end();
  await settled();
  expect(stream.figures).toMatchObject({ totalMs: 1_500, consecutiveFailures: 1 });
});

test('a minute of life ends a series of failures, even without an event', async () => {
  let failures = 3;
  subscribe = () => (failures-- > 0 ? Promise.reject(new Error('not yet')) : Promise.resolve(new PassThrough()));
  stream.start();
  await clock.advance(10_000);
  expect([stream.state.kind, stream.figures.consecutiveFailures]).toEqual(['live', 3]);
  await clock.advance(60_000);
  expect(stream.figures.consecutiveFailures).toBe(0);
});

test('while polling it holds no stream and asks for a list every 5 s', async () => {
  stream.start();
  await settled();
  stream.poll({ code: 'no-room', message: 'one session' });
  expect([subscriptions[0]?.events.destroyed, stream.state.kind, lists]).toEqual([true, 'polling', 2]);
  await clock.advance(10_000);
  expect([subscriptions.length, lists]).toEqual([1, 4]);
  stream.stop();
  await clock.advance(10_000);
  expect([lists, clock.pending]).toEqual([4, 0]);
});

test('a restart ends a live subscription and makes another', async () => {
  stream.start();
  await settled();
  stream.restart({ code: 'docker-silent', message: 'two pings' });
  await clock.advance(200);
  expect([subscriptions[0]?.events.destroyed, subscriptions.length, stream.state.kind]).toEqual([true, 2, 'live']);
});
