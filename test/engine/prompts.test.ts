import { beforeEach, expect, test } from 'vitest';
import { PromptDesk } from '../../engine/prompts.ts';
import type { Prompter } from '../../engine/ssh/prompter.ts';
import type { PromptAnswer, PromptRequest } from '../../shared/prompt.ts';
import { TestClock } from '../support/test-clock.ts';

const request = (hostId: string): PromptRequest => ({ hostId }) as PromptRequest;
const answer = { kind: 'answer' } as unknown as PromptAnswer;
const open = new AbortController().signal;

let clock: TestClock;
beforeEach(() => {
  clock = new TestClock();
});

function desk(terminal?: Prompter, doorsCanAnswer = true): PromptDesk {
  return new PromptDesk({ terminal, doorsCanAnswer: () => doorsCanAnswer, clock });
}

test('questions are asked one at a time, and the first answer counts', async () => {
  const prompts = desk();
  const [one, two] = [prompts.ask(request('one'), open), prompts.ask(request('two'), open)];
  await clock.advance(0);
  const id = prompts.pending?.id ?? '';
  expect([prompts.pending?.request, prompts.answer('other', answer)]).toEqual([request('one'), false]);
  expect([prompts.answer(id, answer), await one, prompts.answer(id, answer)]).toEqual([true, answer, false]);
  await clock.advance(0);
  expect(prompts.pending?.request).toEqual(request('two'));
  prompts.answer(prompts.pending?.id ?? '', undefined);
  expect([await two, prompts.pending, clock.pending]).toEqual([undefined, undefined, 0]);
});

test('nobody to ask means no answer, at once; nobody answering, after two minutes', async () => {
  expect(await desk(undefined, false).ask(request('x'), open)).toBe(undefined);
  const asked = desk().ask(request('x'), open);
  await clock.advance(120_000);
  expect([await asked, clock.pending]).toEqual([undefined, 0]);
});

test('a question that is given up ends at once, be it open or still in the queue', async () => {
  const prompts = desk();
  const stop = new AbortController();
  const first = prompts.ask(request('one'), open);
  const second = prompts.ask(request('two'), stop.signal);
  await clock.advance(0);
  stop.abort();
  expect([await second, prompts.pending?.request]).toEqual([undefined, request('one')]);
  prompts.answer(prompts.pending?.id ?? '', answer);
  expect([await first, clock.pending]).toEqual([answer, 0]);
});

test('the terminal hears when another door was quicker, and its failure is the question’s', async () => {
  let over: AbortSignal | undefined;
  const prompts = desk((_request, signal) => {
    over = signal;
    return new Promise(() => undefined);
  });
  const asked = prompts.ask(request('x'), open);
  await clock.advance(0);
  prompts.answer(prompts.pending?.id ?? '', answer);
  expect([await asked, over?.aborted]).toEqual([answer, true]);
  const broken = desk(() => Promise.reject(new Error('no tty')));
  await expect(broken.ask(request('x'), open)).rejects.toThrow('no tty');
  expect([broken.pending, clock.pending]).toEqual([undefined, 0]);
});
