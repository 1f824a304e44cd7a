import { createHash } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DisposableStore } from '../../../engine/base/disposables.ts';
import { memoryConnection } from '../../../engine/demo/memory-stream.ts';
import { ReceiveWindows } from '../../../engine/ssh/receive-window.ts';
import { TestClock } from '../../support/test-clock.ts';
import { connectTestClient, openTcpChannel } from '../../support/test-ssh-client.ts';
import { startTestSshd } from '../../support/test-sshd.ts';
import { waitFor } from '../../support/wait-for.ts';
import { kib, mib, WindowedChannel } from './windowed-channel.ts';

const roundTripMs = 20;
let clock: TestClock;
let windows: ReceiveWindows;
beforeEach(() => {
  clock = new TestClock();
  windows = new ReceiveWindows(clock, () => roundTripMs);
});

function tuned(by = windows): WindowedChannel {
  const one = new WindowedChannel();
  by.tune(one.channel);
  return one;
}

/** Servers that send all they may, round trip after round trip, and a reader of this much in each. The sizes on the way. */
async function stream(
  all: readonly WindowedChannel[],
  roundTrips: number,
  readBytes = Infinity,
  everyMs = roundTripMs,
): Promise<number[][]> {
  const seen: number[][] = [];
  for (let round = 0; round < roundTrips; round += 1) {
    await clock.advance(everyMs);
    for (const one of all) {
      await one.read(readBytes);
      await one.receive(Infinity);
    }
    seen.push(all.map(size));
  }
  return seen;
}

/** In MiB; what is under way is up to half less, as grants are not sent for every packet. */
function size({ window }: WindowedChannel): number {
  return 2 ** Math.ceil(Math.log2(window / mib));
}

describe('the window', () => {
  test('of a reader that keeps up doubles with the round trips, up to 16 MiB', async () => {
    expect((await stream([tuned()], 6)).flat()).toEqual([2, 4, 8, 16, 16, 16]);
  });

  test.each([
    ['near', 3.9, 2],
    ['not yet known', undefined, 2],
    ['just far enough', 4, 16],
  ])('on a path that is %s grows if it is worth it', async (_title, ms, widest) => {
    const seen = await stream([tuned(new ReceiveWindows(clock, () => ms))], 8, Infinity, 4);
    expect(Math.max(...seen.flat())).toBe(widest);
  });

  test('does not grow for a reader that is slow, however long it reads', async () => {
    const one = tuned();
    await stream([one], 60, 256 * kib);
    expect(Math.max(...one.adjusts)).toBeLessThanOrEqual(2 * mib);
    expect(one.unread + one.window).toBeLessThanOrEqual(4 * mib);
  });

  test('does not grow for a server that is slow', async () => {
    const one = tuned();
    for (let round = 0; round < 60; round += 1) {
      await clock.advance(roundTripMs);
      await one.read(Infinity);
      await one.receive(256 * kib);
      expect(one.window).toBeLessThanOrEqual(2 * mib);
    }
  });

  test('once grown, is filled up by what was really read: a reader that stops is sent 16 MiB and no more', async () => {
    const one = tuned();
    await stream([one], 6);
    await one.read(1);
    await stream([one], 10, 0);
    expect(one.window).toBe(0);
    expect(one.unread).toBeGreaterThan(8 * mib);
    expect(one.unread).toBeLessThanOrEqual(16 * mib);
  });
});

describe('the pool', () => {
  test('bounds what all channels have beyond ssh2’s 2 MiB to 48 MiB', async () => {
    const all = Array.from({ length: 6 }, () => tuned());
    await stream(all.slice(0, 3), 6);
    await stream(all, 6);
    expect(all.map(size)).toEqual([16, 16, 16, 4, 4, 4]);
  });

  test('has back what a channel had when it closes, for those that are still open', async () => {
    const all = Array.from({ length: 4 }, () => tuned());
    const last = tuned();
    await stream(all, 8);
    expect((await stream([last], 6)).at(-1)).toEqual([2]);
    await all[0]?.close();
    expect((await stream([last], 6)).at(-1)).toEqual([16]);
  });
});

test('after our CLOSE no window is asked for any more', async () => {
  const one = tuned();
  await stream([one], 6);
  const [before, window] = [one.adjusts.length, one.window];
  one.channel.destroy();
  await one.receive(8 * mib);
  expect([one.adjusts.length, one.window]).toEqual([before, window - 8 * mib]);
});

test('after our EOF the other direction goes on at full width', async () => {
  const one = tuned();
  one.channel.end();
  expect((await stream([one], 6)).at(-1)).toEqual([16]);
});

test('whatever is sent, read and closed when: no channel has more than 16 MiB under way, all no more than the pool', async () => {
  const step = fc.record({
    at: fc.nat(5),
    passMs: fc.nat(roundTripMs / 2),
    send: fc.oneof({ weight: 3, arbitrary: fc.constant(Infinity) }, { weight: 1, arbitrary: fc.nat(16 * mib) }),
    read: fc.oneof({ weight: 3, arbitrary: fc.constant(Infinity) }, { weight: 1, arbitrary: fc.nat(4 * mib) }),
    close: fc.nat(60).map((chance) => chance === 60),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 100, maxLength: 200 }), async (steps) => {
      windows = new ReceiveWindows(clock, () => roundTripMs);
      const all = Array.from({ length: 6 }, () => tuned());
      const check = (one: WindowedChannel): void => {
        const beyond = all.reduce((sum, { window }) => sum + Math.max(0, window - 2 * mib), 0);
        if (one.window !== one.believed || one.window < 0 || one.window > 16 * mib || beyond > 48 * mib)
          throw new Error(`window ${one.window}, believed ${one.believed}, beyond ${beyond}`);
        if (one.window + one.unread > 16 * mib) throw new Error(`held ${one.window + one.unread}`);
      };
      for (const { at, passMs, send, read, close } of steps) {
        const one = all[at] ?? tuned();
        await clock.advance(passMs);
        await one.read(read);
        await one.receive(send, () => check(one));
        check(one);
        if (!close) continue;
        await one.close();
        all[at] = tuned();
      }
    }),
    { numRuns: 30 },
  );
});

describe('ssh2 1.17', () => {
  let owned: DisposableStore;
  beforeEach(() => {
    owned = new DisposableStore();
  });
  afterEach(() => owned.dispose());

  interface Internals {
    incoming: { window: number; state: string };
    outgoing: { id: number; state: string };
    _client: { _protocol: { channelWindowAdjust(id: number, bytes: number): void } };
  }

  /** A channel of a real connection, to a server that sends this and as much as it is granted. */
  async function download(content: Buffer): Promise<{ channel: ClientChannel; internals: Internals }> {
    const [source, served] = memoryConnection();
    const { port } = owned.add(await startTestSshd({ openTcp: () => served }));
    const client = await connectTestClient(port);
    owned.defer(() => void client.end());
    const channel = await openTcpChannel(client, 80);
    source.on('error', () => undefined);
    source.end(content);
    return { channel, internals: channel as unknown as Internals };
  }

  test('has the parts we reach into, and they mean what we take them for', async () => {
    const { channel, internals } = await download(Buffer.alloc(8 * mib));
    const { incoming, outgoing } = internals;
    expect([incoming.state, outgoing.state]).toEqual(['open', 'open']);
    await waitFor(() => incoming.window === 0, { what: 'a window that is used up' });
    expect(channel.readableLength).toBe(3 * mib); // filled up once, at half of it
    incoming.window += 3 * mib;
    internals._client._protocol.channelWindowAdjust(outgoing.id, 3 * mib);
    await waitFor(() => incoming.window === 0, { what: 'a window that is used up again' });
    expect(channel.readableLength).toBe(6 * mib);
    channel.end();
    expect(outgoing.state).toBe('eof');
    channel.destroy();
    expect(outgoing.state).toBe('closing');
    channel.resume();
  });

  test('reads through `_read` and `push`, which we wrap: over a long path more than 2 MiB are under way, and all arrive', async () => {
    const content = Buffer.alloc(40 * mib, 'All that was sent arrives, in its order. ');
    const { channel, internals } = await download(content);
    const received = createHash('sha256');
    let [bytes, widest] = [0, 0];
    const farAway = { ...clock, monotonic: () => (bytes / mib) * roundTripMs } as unknown as TestClock;
    new ReceiveWindows(farAway, () => roundTripMs).tune(channel);
    for await (const chunk of channel as AsyncIterable<Buffer>) {
      received.update(chunk);
      bytes += chunk.length;
      widest = Math.max(widest, internals.incoming.window);
    }
    expect(received.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
    expect(widest).toBeGreaterThan(2 * mib);
    expect(widest).toBeLessThanOrEqual(16 * mib);
  });
});
