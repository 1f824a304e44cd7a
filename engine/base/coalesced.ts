/**
 * Runs an async pass at most once at a time. Asked while one runs, it runs once more afterwards: however many
 * asked, the last state is always looked at, and passes never overlap.
 */
export class CoalescedPass {
  readonly #run: () => Promise<void>;
  #current: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(run: () => Promise<void>) {
    this.#run = run;
  }

  /** Asks for a pass that begins after this call. Settles as that pass does, whatever became of the one before. */
  request(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    if (this.#current === undefined) return this.#begin();
    const again = (): Promise<void> => {
      this.#next = undefined;
      return this.#begin();
    };
    this.#next = this.#current.then(again, again);
    return this.#next;
  }

  #begin(): Promise<void> {
    const pass = this.#pass();
    this.#current = pass;
    return pass;
  }

  async #pass(): Promise<void> {
    await Promise.resolve(); // so that `#current` is set, whatever the run does
    try {
      await this.#run();
    } finally {
      this.#current = undefined;
    }
  }
}
