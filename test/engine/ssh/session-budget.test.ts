import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { ChannelRefused } from '../../../engine/ssh/channels.ts';
import type { SessionChannel } from '../../../engine/ssh/link.ts';
import { SessionBudget, type SessionPriority } from '../../../engine/ssh/session-budget.ts';
import { TestClock } from '../../support/test-clock.ts';

/** A server that grants so many sessions, and frees a place only some time after its channel closed. */
class Server {
  readonly channels: EventEmitter[] = [];
  readonly commands: string[] = [];
  maxSessions: number;
  lost = false;
  busy = 0;
  refused = 0;
  readonly #clock: TestClock;
  readonly #tidyMs: number;

  constructor(clock: TestClock, maxSessions: number, tidyMs = 0) {
    this.#clock = clock;
    this.maxSessions = maxSessions;
    this.#tidyMs = tidyMs;
  }

  readonly open = async (command: string): Promise<SessionChannel> => {
    await Promise.resolve();
    if (this.lost) throw new ChannelRefused('not-connected', 'session channel', 'no connection');
    if (this.busy >= this.maxSessions) {
      this.refused += 1;
      throw new ChannelRefused('connect-failed', 'session channel', 'open failed');
    }
    this.busy += 1;
    this.commands.push(command);
    const channel = new EventEmitter();
    channel.once('close', () => {
      if (this.#tidyMs === 0) this.busy -= 1;
      else this.#clock.after(this.#tidyMs, () => (this.busy -= 1));
    });
    this.channels.push(channel);
    return channel as unknown as SessionChannel;
  };

  close(index = 0): void {
    this.channels.splice(index, 1)[0]?.emit('close');
  }

  lose(): void {
    this.lost = true;
    for (const channel of this.channels.splice(0)) channel.emit('close');
  }
}

let clock: TestClock;
beforeEach(() => {
  clock = new TestClock();
});

function make(limit: number, maxSessions = 10, tidyMs = 0): { budget: SessionBudget; server: Server } {
  const server = new Server(clock, maxSessions, tidyMs);
  return { server, budget: new SessionBudget({ limit, open: server.open, clock }) };
}

test('those who wait go by priority, and in their order within one', async () => {
  const { budget, server } = make(1);
  await budget.exec('first', 'background');
  const waiting = (['background', 'interactive', 'deploy', 'interactive', 'docker'] as const).map((priority, index) =>
    budget.exec(`${priority} ${index}`, priority),
  );
  await clock.advance(0);
  expect(budget.counts).toMatchObject({ inUse: 1, waiting: 5 });
  for (const next of waiting) {
    server.close();
    await clock.advance(0);
    void next;
  }
  await Promise.all(waiting);
  expect(server.commands).toEqual(['first', 'docker 4', 'deploy 2', 'interactive 1', 'interactive 3', 'background 0']);
});

test('a refusal while others hold sessions teaches the limit, and the refused one gets its turn', async () => {
  const { budget, server } = make(3, 1);
  await budget.exec('one', 'docker');
  const two = budget.exec('two', 'docker');
  await clock.advance(0);
  expect(budget.counts).toMatchObject({ limit: 1, inUse: 1, waiting: 1 });
  server.close();
  await two;
  expect(budget.counts).toMatchObject({ limit: 1, inUse: 1, waiting: 0, opened: 2, peak: 2 });
});

test('a server that tidies up late is asked again instead of being taken for one without sessions', async () => {
  const { budget, server } = make(1, 1, 20);
  for (const command of ['one', 'two', 'three']) {
    const running = budget.exec(command, 'docker');
    await clock.advance(100);
    await running;
    server.close();
  }
  expect(server.commands).toEqual(['one', 'two', 'three']);
  expect(budget.counts).toMatchObject({ limit: 1, inUse: 0, waiting: 0 });
});

test('a full house that reopens at once keeps its limit', async () => {
  const { budget, server } = make(2, 2, 20);
  await Promise.all([budget.exec('one', 'docker'), budget.exec('two', 'docker')]);
  const three = budget.exec('three', 'docker');
  server.close();
  await clock.advance(100);
  await three;
  expect(budget.counts).toMatchObject({ limit: 2, inUse: 2 });
});

test('where there are no sessions, whoever asks or waits is told what to do, at once', async () => {
  const { budget, server } = make(2, 0);
  const asked = Promise.allSettled([1, 2, 3, 4].map((n) => budget.exec(String(n), 'docker')));
  await clock.advance(1_000);
  for (const result of await asked) expect(result).toMatchObject({ reason: { code: 'sessions-forbidden' } });
  expect(budget.counts).toMatchObject({ limit: 0, inUse: 0, waiting: 0, opened: 0 });
  server.maxSessions = 1;
  budget.relearn(2);
  await budget.exec('at last', 'docker');
  expect(budget.counts).toMatchObject({ limit: 2, inUse: 1 });
});

test('a higher limit lets in those who wait; none at all sends them away', async () => {
  const { budget } = make(1);
  await budget.exec('one', 'docker');
  const [two, three] = [budget.exec('two', 'docker'), budget.exec('three', 'docker')];
  three.catch(() => undefined);
  await clock.advance(0);
  budget.relearn(2);
  await two;
  budget.relearn(0);
  await expect(three).rejects.toMatchObject({ code: 'sessions-forbidden' });
});

test('aborted while waiting, it leaves the queue with the reason', async () => {
  const { budget, server } = make(1);
  await budget.exec('one', 'docker');
  const stop = new AbortController();
  const two = budget.exec('two', 'docker', stop.signal);
  stop.abort(new Error('not any more'));
  await expect(two).rejects.toThrow('not any more');
  await expect(budget.exec('three', 'docker', stop.signal)).rejects.toThrow('not any more');
  expect(budget.counts).toMatchObject({ inUse: 1, waiting: 0 });
  server.close();
  expect(budget.counts.inUse).toBe(0);
});

test('when the connection is lost, those who wait hear of it', async () => {
  const { budget, server } = make(1);
  await budget.exec('one', 'docker');
  const waiting = Promise.allSettled([budget.exec('two', 'docker'), budget.exec('three', 'deploy')]);
  await clock.advance(0);
  server.lose();
  for (const result of await waiting) expect(result).toMatchObject({ reason: { reason: 'not-connected' } });
  expect(budget.counts).toMatchObject({ limit: 1, inUse: 0, waiting: 0 });
});

test('what the server refuses is counted, and what only waits is not', async () => {
  const { budget, server } = make(3, 2);
  const asked = ['one', 'two', 'three'].map((command) => budget.exec(command, 'docker'));
  await clock.advance(1_000);
  budget.exec('four', 'docker').catch(() => undefined);
  await clock.advance(1_000);
  expect(server.refused).toBeGreaterThan(0);
  expect(budget.counts).toMatchObject({ rejected: server.refused, waiting: 2, inUse: 2 });
  server.close();
  server.close();
  await Promise.all(asked);
});

test('a command that the server does not take is no matter of places', async () => {
  const refusal = new ChannelRefused('command-refused', 'session channel', 'Unable to exec');
  const budget = new SessionBudget({ limit: 2, open: () => Promise.reject(refusal), clock });
  await expect(budget.exec('x', 'docker')).rejects.toBe(refusal);
  expect(budget.counts).toMatchObject({ limit: 2, inUse: 0, rejected: 0 });
});

test('each session tells since when it is held, and no longer once it is closed', async () => {
  const { budget, server } = make(2);
  const startedAt = clock.now();
  await budget.exec('first', 'background');
  await clock.advance(5_000);
  await budget.exec('second', 'background');
  expect(budget.heldSince).toEqual([startedAt, startedAt + 5_000]);
  server.close();
  expect(budget.heldSince).toEqual([startedAt + 5_000]);
});

test('what was opened within the last hour fades, the sum and the peak stay', async () => {
  const { budget, server } = make(2);
  await budget.exec('one', 'docker');
  await clock.advance(30 * 60_000);
  await budget.exec('two', 'docker');
  server.close();
  server.close();
  expect(budget.counts).toMatchObject({ opened: 2, lastHour: 2, peak: 2 });
  await clock.advance(31 * 60_000);
  expect(budget.counts).toMatchObject({ opened: 2, lastHour: 1, peak: 2, inUse: 0 });
});

test('however limits, closings and losses mix, everybody gets an answer and every place comes back', async () => {
  const step = fc.oneof(
    fc.constantFrom<SessionPriority>('docker', 'deploy', 'interactive', 'background').map((exec) => ({ exec })),
    fc.nat(5).map((close) => ({ close })),
    fc.nat(3).map((relearn) => ({ relearn })),
    fc.nat(100).map((advance) => ({ advance })),
    fc.constant({ lose: true }),
  );
  const run = async (maxSessions: number, tidyMs: number, steps: readonly object[]): Promise<void> => {
    clock = new TestClock();
    const { budget, server } = make(2, maxSessions, tidyMs);
    const asked: Promise<unknown>[] = [];
    for (const one of steps as Partial<Record<string, never>>[]) {
      if (one['exec'] !== undefined) asked.push(budget.exec('x', one['exec']).catch((error: unknown) => error));
      if (one['close'] !== undefined) server.close(one['close']);
      if (one['relearn'] !== undefined) budget.relearn(one['relearn']);
      if (one['advance'] !== undefined) await clock.advance(one['advance']);
      if (one['lose'] !== undefined) server.lose();
    }
    await clock.advance(1_000);
    server.lose();
    await clock.advance(1_000);
    server.lose();
    await Promise.all(asked);
    expect(budget.counts).toMatchObject({ inUse: 0, waiting: 0 });
  };
  await fc.assert(fc.asyncProperty(fc.nat(3), fc.constantFrom(0, 20), fc.array(step, { maxLength: 25 }), run), {
    numRuns: 60,
  });
});
