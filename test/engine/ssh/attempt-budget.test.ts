import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { AttemptBudget, type Attempt } from '../../../engine/ssh/attempt-budget.ts';
import { TestClock } from '../../support/test-clock.ts';

const never = new AbortController().signal;
let clock: TestClock;
let budget: AttemptBudget;
let granted: Attempt[];

beforeEach(() => {
  clock = new TestClock();
  budget = new AttemptBudget({ clock });
  granted = [];
});

/** Asks for attempts and keeps those that come through; settles what is due now. */
async function ask(count = 1, address = 'lab', signal = never): Promise<void> {
  for (let index = 0; index < count; index += 1)
    void budget.request(address, signal).then(
      (attempt) => granted.push(attempt),
      () => undefined,
    );
  await clock.advance(0);
}

async function refuse(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await ask();
    granted.pop()?.refused('host-hung-up');
  }
  await clock.advance(0);
}

describe('the bucket', () => {
  test('ten attempts at once, then one every twenty seconds', async () => {
    await ask(13);
    expect(granted).toHaveLength(10);
    expect(budget.view('lab')).toMatchObject({ left: 0, waiting: 3 });
    await clock.advance(19_999);
    expect(granted).toHaveLength(10);
    await clock.advance(1);
    expect(granted).toHaveLength(11);
    await clock.advance(40_000);
    expect(granted).toHaveLength(13);
    expect(clock.pending).toBe(0);
  });

  test('another address has a budget of its own', async () => {
    await ask(11);
    await ask(1, 'elsewhere');
    expect(granted).toHaveLength(11);
  });

  test('never more than the burst and what has come back since, whatever the times of asking', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 40 }), async (pauses) => {
        clock = new TestClock();
        budget = new AttemptBudget({ clock });
        granted = [];
        for (const pause of pauses) {
          await ask();
          await clock.advance(pause);
        }
        expect(granted.length).toBeLessThanOrEqual(10 + Math.floor(clock.monotonic() / 20_000));
      }),
      { numRuns: 30 },
    );
  });

  test('who gives up leaves the queue to the others', async () => {
    await ask(10);
    const given = new AbortController();
    const waiting = budget.request('lab', given.signal);
    await ask();
    given.abort(new Error('removed'));
    await expect(waiting).rejects.toThrow('removed');
    await expect(budget.request('lab', given.signal)).rejects.toThrow('removed');
    expect(budget.view('lab').waiting).toBe(1);
    await clock.advance(20_000);
    expect(granted).toHaveLength(11);
  });
});

describe('the breaker', () => {
  test('five refusals in a row open it; it says until when and why', async () => {
    await refuse(4);
    expect(budget.view('lab').state).toBe('closed');
    await refuse(1);
    expect(budget.view('lab')).toMatchObject({ state: 'open', openUntil: clock.now() + 60_000 });
    expect(budget.view('lab').recentFailures).toEqual(
      Array.from({ length: 5 }, () => ({ at: clock.now(), code: 'host-hung-up' })),
    );
  });

  test('when its time is over a single attempt decides: a refusal keeps it open twice as long', async () => {
    await refuse(5);
    await ask(2);
    await clock.advance(60_000);
    expect(granted).toHaveLength(1);
    expect(budget.view('lab')).toMatchObject({ state: 'half-open', waiting: 1 });
    granted.pop()?.refused('auth-refused');
    expect(budget.view('lab')).toMatchObject({ state: 'open', openUntil: clock.now() + 120_000 });
  });

  test('a success closes it, and those who waited go on', async () => {
    await refuse(5);
    await ask(3);
    await clock.advance(60_000);
    granted.pop()?.succeeded();
    await clock.advance(0);
    expect(granted).toHaveLength(2);
    expect(budget.view('lab')).toMatchObject({ state: 'closed', recentFailures: [], waiting: 0 });
  });

  test('a network that is down is not the server’s refusal', async () => {
    for (let index = 0; index < 8; index += 1) {
      await ask();
      granted.pop()?.abandoned();
    }
    expect(budget.view('lab').state).toBe('closed');
  });

  test('an attempt that came to nothing leaves the decision to the next one', async () => {
    await refuse(5);
    await ask(2);
    await clock.advance(60_000);
    granted.pop()?.abandoned();
    await clock.advance(0);
    expect(granted).toHaveLength(1);
  });

  test('it never stays open longer than ten minutes', async () => {
    for (let index = 0; index < 12; index += 1) {
      await refuse(5);
      await clock.advance(600_000);
    }
    await refuse(1);
    expect((budget.view('lab').openUntil ?? Infinity) - clock.now()).toBeLessThanOrEqual(600_000);
  });

  test('how an attempt ended counts once', async () => {
    await refuse(3);
    await ask();
    const [attempt] = granted;
    for (let index = 0; index < 5; index += 1) attempt?.refused('host-hung-up');
    expect(budget.view('lab').state).toBe('closed');
  });
});

describe('try now', () => {
  test('lets the first who waits through an open breaker, at once', async () => {
    await refuse(5);
    await ask(2);
    expect(granted).toHaveLength(0);
    budget.tryNow('lab');
    await clock.advance(0);
    expect(granted).toHaveLength(1);
    expect(budget.view('lab')).toMatchObject({ state: 'half-open', waiting: 1 });
  });

  test('lets one through an empty bucket, on credit', async () => {
    await ask(12);
    budget.tryNow('lab');
    await clock.advance(0);
    expect(granted).toHaveLength(11);
    await clock.advance(39_999);
    expect(granted).toHaveLength(11);
    await clock.advance(1);
    expect(granted).toHaveLength(12);
  });

  test('changes are announced with the address', async () => {
    const changed: string[] = [];
    budget.onDidChange((address) => changed.push(address));
    budget.tryNow('lab');
    expect(changed).toEqual(['lab']);
    budget.dispose();
  });
});

test('nobody is known by nothing', () => {
  expect(budget.view('lab')).toEqual({ state: 'closed', recentFailures: [], left: 10, waiting: 0 });
});
