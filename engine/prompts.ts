import { randomUUID } from 'node:crypto';
import type { PromptAnswer, PromptRequest } from '../shared/prompt.ts';
import type { Clock } from './base/clock.ts';
import { Emitter } from './base/emitter.ts';
import type { Prompter } from './ssh/prompter.ts';

/** A question that waits for a person. */
export interface PendingPrompt {
  readonly id: string;
  readonly request: PromptRequest;
}

/** Nobody answered within this time: the connection says so and waits for the user. */
const patienceMs = 120_000;

/**
 * The questions of one host, asked one at a time, to whoever can answer: the terminal that started the engine, or any door
 * that shows the state. The first answer counts. With nobody to ask, the answer is none, at once.
 */
export class PromptDesk {
  readonly #options: { terminal: Prompter | undefined; doorsCanAnswer: () => boolean; clock: Clock };
  readonly #didChange = new Emitter<void>();
  #pending: (PendingPrompt & { settle: (answer: PromptAnswer | undefined) => void }) | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  readonly onDidChange = this.#didChange.event;

  constructor(options: { terminal: Prompter | undefined; doorsCanAnswer: () => boolean; clock: Clock }) {
    this.#options = options;
  }

  get pending(): PendingPrompt | undefined {
    return this.#pending === undefined ? undefined : { id: this.#pending.id, request: this.#pending.request };
  }

  readonly ask: Prompter = (request, signal) => {
    const turn = this.#queue.then(() => (signal.aborted ? undefined : this.#askNow(request, signal)));
    this.#queue = turn.catch(() => undefined);
    return Promise.race([turn, aborted(signal)]); // not to wait for a turn that will not be taken
  };

  /** False when that question is no longer open. */
  answer(promptId: string, answer: PromptAnswer | undefined): boolean {
    if (this.#pending?.id !== promptId) return false;
    this.#pending.settle(answer);
    return true;
  }

  async #askNow(request: PromptRequest, signal: AbortSignal): Promise<PromptAnswer | undefined> {
    const { terminal, doorsCanAnswer, clock } = this.#options;
    if (terminal === undefined && !doorsCanAnswer()) return undefined;
    const over = new AbortController();
    const ended = AbortSignal.any([signal, over.signal]);
    try {
      return await new Promise<PromptAnswer | undefined>((resolve, reject) => {
        const timer = clock.after(patienceMs, () => resolve(undefined));
        ended.addEventListener('abort', () => {
          void timer.dispose();
          resolve(undefined);
        });
        this.#pending = { id: randomUUID(), request, settle: resolve };
        this.#didChange.fire();
        terminal?.(request, ended).then(resolve, reject);
      });
    } finally {
      this.#pending = undefined;
      over.abort();
      this.#didChange.fire();
    }
  }
}

/** Resolves with no answer once the signal is aborted. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
