import { expect, test } from 'vitest';
import { streamProgress, type Report } from '../../../engine/deploy/progress.ts';
import type { DeployProgress } from '../../../shared/deploy.ts';

const never = new AbortController().signal;
const line = (text: string): DeployProgress => ({ kind: 'output', line: text });
const sent = (bytes: number): DeployProgress => ({ kind: 'bytes', sent: bytes, total: 9 });

async function all<R>(stream: AsyncGenerator<DeployProgress, R>) {
  const steps: DeployProgress[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) return { steps, result: next.value };
    steps.push(next.value);
  }
}

test('what is reported comes in order, the result at the end', async () => {
  const run = async (report: Report) => {
    report(line('one'));
    await new Promise(setImmediate);
    report(line('two'));
    return 'done';
  };
  expect(await all(streamProgress(run, never))).toEqual({ steps: [line('one'), line('two')], result: 'done' });
});

test('counts of bytes that nobody took give way to newer ones, and nothing else does', async () => {
  const run = (report: Report) => {
    for (const step of [sent(1), sent(2), line('x'), sent(3), sent(4)]) report(step);
    return Promise.resolve('done');
  };
  expect((await all(streamProgress(run, never))).steps).toEqual([sent(2), line('x'), sent(4)]);
});

test('who stops listening cancels the run, and waits until it has ended', async () => {
  let ended = false;
  const run = async (report: Report, signal: AbortSignal) => {
    report(line('first'));
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await new Promise(setImmediate);
    ended = true;
  };
  for await (const step of streamProgress(run, never)) {
    expect(step).toEqual(line('first'));
    break;
  }
  expect(ended).toBe(true);
});

test('a run that fails fails its stream', async () => {
  const run = () => Promise.reject(new Error('broken'));
  await expect(all(streamProgress(run, never))).rejects.toThrow('broken');
});
