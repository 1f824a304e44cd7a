import type { Attempt, AttemptBudget, AttemptView } from './attempt-budget.ts';

/** One host's share in the budget of attempts: every address on the way to it counts, the last one is the host's own. */
export class HostAttempts {
  readonly #budget: AttemptBudget;
  #address: string | undefined;

  constructor(budget: AttemptBudget) {
    this.#budget = budget;
  }

  /** Undefined before the first attempt. */
  get view(): AttemptView | undefined {
    return this.#address === undefined ? undefined : this.#budget.view(this.#address);
  }

  request(address: string, signal: AbortSignal): Promise<Attempt> {
    this.#address = address;
    return this.#budget.request(address, signal);
  }

  /** The user does not want to wait. */
  tryNow(): void {
    if (this.#address !== undefined) this.#budget.tryNow(this.#address);
  }
}
