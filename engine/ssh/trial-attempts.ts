import { FailureError } from '../../shared/failure.ts';
import type { Clock } from '../base/clock.ts';
import type { Attempt, AttemptBudget } from './attempt-budget.ts';

/** A person watches a trial: they are told rather than kept waiting for longer. */
const patienceMs = 5_000;

/** A trial's share in the budget of attempts: it counts like any other's, but a long wait for its turn is a failure. */
export class TrialAttempts {
  readonly #budget: AttemptBudget;
  readonly #clock: Clock;

  constructor(budget: AttemptBudget, clock: Clock) {
    this.#budget = budget;
    this.#clock = clock;
  }

  /** Rejects with `attempts-spent` when it is not its turn in 5 s. */
  async request(address: string, signal: AbortSignal): Promise<Attempt> {
    const patience = new AbortController();
    const timer = this.#clock.after(patienceMs, () => patience.abort(attemptsSpent(address)));
    try {
      return await this.#budget.request(address, AbortSignal.any([signal, patience.signal]));
    } finally {
      void timer.dispose();
    }
  }
}

function attemptsSpent(address: string): FailureError {
  return new FailureError({
    code: 'attempts-spent',
    message: `${address} has been called on too often of late, or has turned us away too often: it is left alone for a while.`,
    hint: 'Servers lock out who comes again and again. Try again in a minute.',
  });
}
