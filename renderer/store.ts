import type { AppState } from '../shared/app-state.ts';
import { applyPatches } from '../shared/patch.ts';
import type { StatePush } from '../shared/contract.ts';
import type { Api, Client, Connect } from './client.ts';
import { Traffic } from './models/traffic.ts';

/** Where the mirror stands: nothing heard yet, in step with the engine, or showing what was last heard. */
export type Link = 'joining' | 'live' | 'lost';

export interface Mirrored {
  readonly link: Link;
  /** Undefined until the first snapshot. */
  readonly state: AppState | undefined;
}

/** How long to wait before the next try to join, by the number of tries that failed. */
const retryMs = [0, 500, 1_000, 2_000, 5_000] as const;

/**
 * The engine's state, mirrored: a snapshot, then patches by revision. A gap, or a way that has gone, means to join anew;
 * what was last heard stays on show meanwhile. What has not changed keeps its identity from push to push.
 */
export class StateMirror {
  readonly traffic = new Traffic();
  readonly #connect: Connect;
  readonly #listeners = new Set<() => void>();
  #client: Client | undefined;
  #current: Mirrored = { link: 'joining', state: undefined };
  #revision = 0;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): Mirrored => this.#current;

  /** The contract, while there is a connection. */
  get api(): Api {
    if (this.#client === undefined) throw new Error('There is no connection to the engine.');
    return this.#client.api;
  }

  /** Follows the engine until `signal` ends it; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let failed = 0;
    while (!signal.aborted) {
      await pause(retryMs[Math.min(failed, retryMs.length - 1)] ?? 0, signal);
      failed = (await this.#follow(signal)) ? 1 : failed + 1;
      if (this.#current.state !== undefined) this.#show({ ...this.#current, link: 'lost' });
    }
  }

  /** Resolves when the way has gone; whether a snapshot was had before. */
  async #follow(signal: AbortSignal): Promise<boolean> {
    let joined = false;
    try {
      const client = await this.#connect();
      this.#client = client;
      signal.addEventListener('abort', client.close, { once: true });
      const pushes = await client.api.state.watch({ canAnswer: true }, { signal });
      for await (const push of pushes) {
        if (!this.take(push)) break;
        joined = true;
      }
      client.close();
    } catch {
      // the way has gone, or never was: `run` tries again
    } finally {
      this.#client = undefined;
    }
    return joined;
  }

  /** False where the push does not follow what is shown: the whole state is needed again. */
  take(push: StatePush): boolean {
    const before = this.#current.state;
    if (push.kind === 'patches' && (before === undefined || push.since !== this.#revision)) return false;
    const state = push.kind === 'snapshot' ? push.state : applyPatches(before as AppState, push.patches);
    this.#revision = push.revision;
    this.traffic.observe(this.#current.link === 'live' ? before : undefined, state, performance.now());
    this.#show({ link: 'live', state });
    return true;
  }

  #show(next: Mirrored): void {
    this.#current = next;
    for (const listener of this.#listeners) listener();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms === 0 || signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
