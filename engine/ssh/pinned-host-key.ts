import { FailureError } from '../../shared/failure.ts';

/** Trusts one key and no other: for a server that this very process started. */
export class PinnedHostKey {
  readonly #key: Buffer;
  #failure: FailureError | undefined;

  constructor(key: Buffer) {
    this.#key = key;
  }

  get failure(): FailureError | undefined {
    return this.#failure;
  }

  readonly verify = (key: Buffer, verdict: (trusted: boolean) => void): void => {
    const trusted = key.equals(this.#key);
    if (!trusted)
      this.#failure = new FailureError({
        code: 'host-key-changed',
        message: 'Another server answers in place of the demo host.',
      });
    verdict(trusted);
  };
}
