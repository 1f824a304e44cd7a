import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Names what is awaited in the error: "waited 5000 ms for WHAT". */
  readonly what: string;
  readonly timeoutMs?: number;
}

const pollMs = 10;

/**
 * Asks again until the condition gives something truthy, and resolves to that. A condition that throws counts as "not
 * yet"; when time runs out, the error carries what it threw or gave last.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 5000 }: WaitOptions,
): Promise<Exclude<T, false | 0 | '' | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | 0 | '' | null | undefined>;
      last = `last seen: ${String(value)}`;
    } catch (error) {
      last = error;
    }
    await sleep(pollMs);
  } while (performance.now() < deadline);
  const seen = last instanceof Error ? last.message : String(last);
  throw new Error(`waited ${timeoutMs} ms for ${what}; ${seen}`, { cause: last });
}
