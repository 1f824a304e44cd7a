import { expect, test } from 'vitest';
import { letRun, RunJournal } from '../../engine/run-journal.ts';
import type { DeployEvent } from '../../shared/deployment.ts';

const begun = (run: string, ...stacks: string[]): DeployEvent => ({ kind: 'begun', run, stacks });
const output = (line: string, stack = 'shop'): DeployEvent => ({
  kind: 'progress',
  stack,
  progress: { kind: 'output', line },
});
const sent = (bytes: number): DeployEvent => ({
  kind: 'progress',
  stack: 'shop',
  progress: { kind: 'bytes', sent: bytes, total: 100 },
});
const verified = (stack = 'shop'): DeployEvent => ({ kind: 'verified', stack, ok: true });

async function all(events: AsyncIterable<DeployEvent>): Promise<DeployEvent[]> {
  const read = [];
  for await (const event of events) read.push(event);
  return read;
}

const never = new AbortController().signal;

test('who comes late reads a run from its beginning, and along to its end', async () => {
  const journal = new RunJournal();
  const told = [begun('1', 'shop'), output('a'), output('b'), verified()];
  for (const event of told.slice(0, 2)) journal.hear('1', event);
  const reading = all(journal.follow('shop', never));
  await Promise.resolve();
  for (const event of told.slice(2)) journal.hear('1', event);
  expect(await reading).toEqual(told);
  expect(await all(journal.follow('shop', never))).toEqual(told);
});

test('a run of several stacks is read by each of them', async () => {
  const journal = new RunJournal();
  const told = [begun('1', 'shop', 'edge'), output('of shop'), verified(), output('of edge', 'edge'), verified('edge')];
  for (const event of told) journal.hear('1', event);
  expect(await all(journal.follow('edge', never))).toEqual([told[0], told[3], told[4]]);
});

test('a run that is refused because of another one leaves that one to be read', async () => {
  const journal = new RunJournal();
  journal.hear('1', begun('1', 'shop'));
  journal.hear('2', begun('2', 'shop'));
  journal.hear('2', verified());
  journal.hear('1', output('a'));
  journal.over('1');
  expect(await all(journal.follow('shop', never))).toEqual([begun('1', 'shop'), output('a')]);
});

test('the next run of a stack takes the place of the one before it', async () => {
  const journal = new RunJournal();
  for (const run of ['1', '2']) for (const event of [begun(run, 'shop'), verified()]) journal.hear(run, event);
  expect(await all(journal.follow('shop', never))).toEqual([begun('2', 'shop'), verified()]);
});

test('of much output the oldest goes, of an upload only the newest figure stays', async () => {
  const journal = new RunJournal(4);
  for (const event of [begun('1', 'shop'), sent(1), sent(2), output('a'), output('b'), output('c'), verified()])
    journal.hear('1', event);
  expect(await all(journal.follow('shop', never))).toEqual([begun('1', 'shop'), sent(2), output('c'), verified()]);
});

test('a reader leaves when it is told to, and of a stack without a run there is nothing to read', async () => {
  const journal = new RunJournal();
  const leave = new AbortController();
  journal.hear('1', begun('1', 'shop'));
  const reading = all(journal.follow('shop', leave.signal));
  leave.abort();
  expect(await reading).toEqual([begun('1', 'shop')]);
  expect(await all(journal.follow('edge', never))).toEqual([]);
});

test('a run goes on though nobody reads it', async () => {
  const ended = Promise.withResolvers<void>();
  async function* run(): AsyncGenerator<DeployEvent, void> {
    yield begun('1', 'shop');
    yield output('a');
    ended.resolve();
  }
  expect(await letRun(run())).toBe('1');
  await ended.promise;
});

test('a run that does not begin says why', async () => {
  async function* run(): AsyncGenerator<DeployEvent, void> {
    await Promise.reject(new Error('no stack shop'));
    yield begun('1', 'shop');
  }
  await expect(letRun(run())).rejects.toThrow('no stack shop');
});
