import { EventEmitter } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import { ChannelRefused } from '../../../engine/ssh/channels.ts';
import type { SessionChannel } from '../../../engine/ssh/link.ts';
import { SessionBudget } from '../../../engine/ssh/session-budget.ts';
import { SessionQueue } from '../../../engine/run/session-queue.ts';
import type { QueuePriority } from '../../../engine/run/waiting-line.ts';
import { TestClock } from '../../support/test-clock.ts';

class Channel extends EventEmitter {
  resume(): void {
    this.emit('read');
  }

  destroy(): void {
    this.emit('close');
  }
}

let clock: TestClock;
let begun: string[];
let channels: Channel[];
/** Set, the server answers only when it is resolved. */
let answer: Promise<void> | undefined;
let lost: boolean;

beforeEach(() => {
  clock = new TestClock();
  [begun, channels, answer, lost] = [[], [], undefined, false];
});

function make(limit: number, capacity = 100): SessionQueue<SessionChannel> {
  const open = async (command: string): Promise<SessionChannel> => {
    await answer;
    if (lost) throw new ChannelRefused('not-connected', 'session channel', 'no connection');
    begun.push(command);
    const channel = new Channel();
    channels.push(channel);
    return channel as unknown as SessionChannel;
  };
  return new SessionQueue({ source: new SessionBudget({ limit, open, clock }), clock, capacity });
}

const end = async () => {
  channels.shift()?.destroy();
  await clock.advance(0);
};

/** Asks for a session each; tells what becomes of them. */
async function openAll(queue: SessionQueue<SessionChannel>, ...wishes: QueuePriority[]) {
  const opened = wishes.map((priority, index) => queue.open(`${priority} ${index}`, priority));
  const settled = opened.map((one) => Promise.allSettled([one]).then(([result]) => result));
  await clock.advance(0);
  return { settled };
}

test('where sessions are short a deployment that comes last goes first', async () => {
  const queue = make(1);
  await openAll(queue, 'interactive', 'background', 'interactive', 'deploy');
  expect(queue.figures).toMatchObject({ waiting: 3, running: 1, completed: 0 });
  for (let done = 0; done < 4; done += 1) await end();
  expect(begun).toEqual(['interactive 0', 'deploy 3', 'interactive 2', 'background 1']);
  expect(queue.figures).toMatchObject({ waiting: 0, running: 0, completed: 4, rejected: 0 });
});

test('as many run at once as there are sessions', async () => {
  const queue = make(2);
  await openAll(queue, 'interactive', 'interactive', 'interactive');
  expect(begun).toHaveLength(2);
  await end();
  expect(begun).toHaveLength(3);
});

test('a full queue turns away at once and says so; somebody more urgent still gets in', async () => {
  const queue = make(1, 1);
  const { settled } = await openAll(queue, 'interactive', 'background');
  await expect(queue.open('too many', 'background')).rejects.toMatchObject({
    code: 'queue-full',
    message: '1 commands wait for a session on this host already.',
  });
  const deploy = queue.open('deploy', 'deploy');
  expect(await settled[1]).toMatchObject({ status: 'rejected', reason: { code: 'queue-full' } });
  expect(queue.figures).toMatchObject({ waiting: 1, rejected: 2 });
  await end();
  await deploy;
});

test('whoever waits longer than he would is turned away, and nobody behind him is held up', async () => {
  const queue = make(1);
  await openAll(queue, 'interactive');
  const impatient = queue.open('impatient', 'interactive', { waitMs: 60_000 });
  const refused = expect(impatient).rejects.toMatchObject({
    code: 'queue-timeout',
    message: 'No session became free within 60 s.',
  });
  const patient = queue.open('patient', 'interactive');
  await clock.advance(60_000);
  await refused;
  expect(queue.figures).toMatchObject({ waiting: 1, running: 1, rejected: 1 });
  await end();
  await patient;
  expect(begun).toEqual(['interactive 0', 'patient']);
  expect(clock.pending).toBe(0);
});

test('whoever gives up leaves the line with his own reason, and counts as nothing', async () => {
  const queue = make(1);
  await openAll(queue, 'interactive');
  const gaveUp = new AbortController();
  const waiting = queue.open('never', 'interactive', { signal: gaveUp.signal });
  gaveUp.abort(new Error('changed my mind'));
  await expect(waiting).rejects.toThrow('changed my mind');
  await expect(queue.open('late', 'interactive', { signal: gaveUp.signal })).rejects.toThrow('changed my mind');
  expect(queue.figures).toMatchObject({ waiting: 0, rejected: 0 });
});

test('a session that is granted after its caller has gone is given back', async () => {
  const queue = make(1);
  const granted = Promise.withResolvers<void>();
  answer = granted.promise;
  const gaveUp = new AbortController();
  const opening = queue.open('slow', 'interactive', { signal: gaveUp.signal });
  await clock.advance(0);
  gaveUp.abort(new Error('gone'));
  await expect(opening).rejects.toThrow('gone');
  granted.resolve();
  await clock.advance(1_000);
  await queue.open('next', 'interactive');
  expect(begun).toEqual(['slow', 'next']);
  expect(queue.figures).toMatchObject({ running: 1, waiting: 0 });
});

test('without a connection everybody who waits is told, one after the other', async () => {
  const queue = make(1);
  const { settled } = await openAll(queue, 'interactive', 'interactive', 'background');
  lost = true;
  await end();
  expect(await Promise.all(settled)).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { code: 'not-connected' } },
    { status: 'rejected', reason: { code: 'not-connected' } },
  ]);
  expect(queue.figures).toMatchObject({ waiting: 0, running: 0, completed: 1 });
});

test('where the server has no sessions, that is what is said', async () => {
  await expect(make(0).open('any', 'interactive')).rejects.toMatchObject({ code: 'sessions-forbidden' });
});

test('how long each took is counted', async () => {
  const queue = make(1);
  await openAll(queue, 'deploy');
  await clock.advance(2_000);
  await end();
  const { durations } = queue.figures;
  expect(durations).toMatchObject({ count: 1, sumMs: 2_000 });
  expect(durations.buckets.find(({ leMs }) => leMs === 3_000)).toEqual({ leMs: 3_000, count: 1 });
});
