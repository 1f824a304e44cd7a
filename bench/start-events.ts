import type Docker from 'dockerode';
import { createInterface } from 'node:readline';
import type { Disposable } from '../engine/base/disposables.ts';

interface StartEvent {
  readonly Actor: { readonly ID: string };
  readonly timeNano: number;
}

/** Docker's own account of when containers started, from its event stream on the host. */
export class StartEvents implements Disposable {
  readonly #waiting = new Map<string, (timeMs: number) => void>();
  readonly #stream: NodeJS.ReadableStream & { destroy?(): void };

  private constructor(stream: NodeJS.ReadableStream) {
    this.#stream = stream;
    createInterface(stream).on('line', (line) => {
      const { Actor, timeNano } = JSON.parse(line) as StartEvent;
      this.#waiting.get(Actor.ID)?.(timeNano / 1e6); // beyond 2^53, but right to 256 ns
    });
  }

  static async subscribe(docker: Docker): Promise<StartEvents> {
    return new StartEvents(
      await docker.getEvents({ filters: JSON.stringify({ type: ['container'], event: ['start'] }) }),
    );
  }

  /** Resolves as soon as the daemon tells, to the time it says: ms since the epoch, with fractions. */
  next(containerId: string): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.set(containerId, (timeMs) => {
        this.#waiting.delete(containerId);
        resolve(timeMs);
      });
    });
  }

  dispose(): void {
    this.#stream.destroy?.();
  }
}

/** Now on the clock by which the daemon dates its events, in ms. */
export const wallMs = (): number => performance.timeOrigin + performance.now();
