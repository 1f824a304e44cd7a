import { z } from 'zod';

/**
 * The only form in which an error leaves the engine.
 * `code` is stable kebab-case, `message` says what is so in the user's words, `hint` what to do about it.
 */
export const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
});

export type Failure = z.infer<typeof failureSchema>;

/** A failure on its way up the stack. Catch it where something can be done, otherwise let it reach a door. */
export class FailureError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.message, options);
    this.name = 'FailureError';
    this.code = failure.code;
    this.hint = failure.hint;
  }

  get failure(): Failure {
    return { code: this.code, message: this.message, ...(this.hint === undefined ? {} : { hint: this.hint }) };
  }
}

/** Whatever was thrown, as a failure: ours as it is, anything else under the code `internal`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof Error) return { code: 'internal', message: error.message };
  return { code: 'internal', message: String(error) };
}

/** Makes a switch over a union total: a new member stops compiling wherever nobody speaks of it. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
