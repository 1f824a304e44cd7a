/** Something that is owned and must be released. Releasing twice is the same as once. */
export interface Disposable {
  dispose(): void | Promise<void>;
}

/** A disposable from a function; the function runs once, and whoever disposes again waits for the same end. */
export function disposable(release: () => void | Promise<void>): Disposable {
  let released: { result: void | Promise<void> } | undefined;
  return {
    dispose() {
      if (released !== undefined) return released.result;
      released = { result: undefined };
      released.result = release();
      return released.result;
    },
  };
}

/**
 * Owns what was opened and releases it last in, first out, one at a time; all errors are joined into one.
 * What arrives after the store has closed is released at once, so that nothing opened late can leak.
 */
export class DisposableStore implements Disposable {
  readonly #owned = new Set<Disposable>();
  #closing: Promise<void> | undefined;

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  add<T extends Disposable>(item: T): T {
    if (this.closed) void disposeQuietly(item);
    else this.#owned.add(item);
    return item;
  }

  /** Owns a plain function, run on release. */
  defer(release: () => void | Promise<void>): Disposable {
    return this.add(disposable(release));
  }

  /** Releases one item early and forgets it. */
  async release(item: Disposable): Promise<void> {
    if (this.#owned.delete(item)) await item.dispose();
  }

  dispose(): Promise<void> {
    if (this.#closing !== undefined) return this.#closing;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closing = promise; // before the first release, which may add or dispose itself
    resolve(this.#disposeAll());
    return promise;
  }

  async #disposeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const item of [...this.#owned].reverse()) {
      this.#owned.delete(item);
      try {
        await item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, 'several things could not be released');
  }
}

/** For what arrives too late: nobody is left to hear of its errors. */
async function disposeQuietly(item: Disposable): Promise<void> {
  try {
    await item.dispose();
  } catch {
    // see above
  }
}
