/** Something with a time that sorts as text. */
interface Timed {
  readonly at: string;
}

/** A history, and how far it has been taken. */
interface Source<T> {
  readonly batches: Iterator<readonly T[], void> | AsyncIterator<readonly T[], void>;
  batch: readonly T[];
  next: number;
}

const batchSize = 1_000;

/**
 * Several histories as one, in the order of time. Each keeps its own order; only as much of each is read as is taken. Who stops
 * reading lets all of them go.
 */
export async function* mergedByTime<T extends Timed>(
  histories: readonly (Iterable<readonly T[], void> | AsyncIterable<readonly T[], void>)[],
): AsyncGenerator<T[], void> {
  const sources = histories.map((history): Source<T> => {
    const batches = Symbol.asyncIterator in history ? history[Symbol.asyncIterator]() : history[Symbol.iterator]();
    return { batches, batch: [], next: 0 };
  });
  try {
    await Promise.all(sources.map(fill));
    let merged: T[] = [];
    for (let line = takeEarliest(sources); line !== undefined; line = takeEarliest(sources)) {
      merged.push(line.taken);
      if (line.left > 0) continue;
      if (merged.length >= batchSize) {
        yield merged;
        merged = [];
      }
      await fill(line.from);
    }
    if (merged.length > 0) yield merged;
  } finally {
    for (const { batches } of sources) await batches.return?.();
  }
}

function takeEarliest<T extends Timed>(
  sources: readonly Source<T>[],
): { taken: T; left: number; from: Source<T> } | undefined {
  let from: Source<T> | undefined;
  let taken: T | undefined;
  for (const source of sources) {
    const line = source.batch[source.next];
    if (line === undefined || (taken !== undefined && taken.at <= line.at)) continue;
    from = source;
    taken = line;
  }
  if (from === undefined || taken === undefined) return undefined;
  from.next += 1;
  return { taken, left: from.batch.length - from.next, from };
}

async function fill<T>(source: Source<T>): Promise<void> {
  while (source.next >= source.batch.length) {
    const { done, value } = await source.batches.next();
    if (done === true) return;
    source.batch = value;
    source.next = 0;
  }
}
