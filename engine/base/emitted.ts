export type Emit<T> = (value: T) => Promise<void>;

/**
 * What `work` emits, as a stream that ends when the work does. `emit` resolves when the value has been taken: who awaits it
 * goes no faster than the reader. Who stops reading aborts the work and waits for it.
 */
export async function* emitted<T>(
  work: (emit: Emit<T>, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  const waiting: { value: T; taken: () => void }[] = [];
  const left = new AbortController();
  let wake: () => void = () => undefined;
  let over = false;
  const emit: Emit<T> = (value) =>
    new Promise((taken) => {
      if (left.signal.aborted) return taken();
      waiting.push({ value, taken });
      wake();
    });
  const done = work(emit, AbortSignal.any([signal, left.signal])).finally(() => {
    over = true;
    wake();
  });
  done.catch(() => undefined); // it is awaited below, maybe later than it fails
  try {
    while (!over || waiting.length > 0) {
      const next = waiting.shift();
      next?.taken();
      if (next !== undefined) yield next.value;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    await done;
  } finally {
    left.abort(new Error('nobody listens any more'));
    for (const { taken } of waiting.splice(0)) taken();
    await done.catch(() => undefined);
  }
}
