import { CoalescedPass } from '../engine/base/coalesced.ts';
import type { Disposable } from '../engine/base/disposables.ts';
import type { Event } from '../engine/base/emitter.ts';
import type { Settings } from '../shared/settings.ts';
import { toFailure, type Failure } from '../shared/failure.ts';
import type { LoginItem } from './login-item.ts';

export interface LoginItemKeeperOptions {
  readonly item: LoginItem;
  readonly settings: {
    readonly settings: Settings;
    readonly onDidChange: Event<Settings>;
    update(change: (settings: Settings) => Settings): Promise<void>;
  };
  /** The system does not do what the user asked for, and why. */
  readonly fail: (failure: Failure) => void;
}

/**
 * Keeps the system's list of login items as the settings say. If the user has switched the app off in the system's own settings, the
 * settings follow; nothing is put back behind his back.
 */
export class LoginItemKeeper implements Disposable {
  readonly #options: LoginItemKeeperOptions;
  readonly #passes = new CoalescedPass(() => this.#pass());
  readonly #following: Disposable;
  /** What the settings said when the system was last told. */
  #told: boolean | undefined;

  constructor(options: LoginItemKeeperOptions) {
    this.#options = options;
    this.#following = options.settings.onDidChange(() => {
      if (this.#wanted !== this.#told) void this.refresh(); // reports its failures
    });
  }

  /** To be called at the start. Resolves when the list is as it should be, or the failure has been told. */
  refresh(): Promise<void> {
    return this.#passes.request();
  }

  async dispose(): Promise<void> {
    await this.#following.dispose();
  }

  get #wanted(): boolean {
    return this.#options.settings.settings.desktop.startAtLogin;
  }

  async #pass(): Promise<void> {
    const { item, settings, fail } = this.#options;
    const wanted = this.#wanted;
    const isStart = this.#told === undefined;
    this.#told = wanted;
    try {
      const state = isStart ? await item.refresh(wanted) : await item.set(wanted);
      if (state.kind === 'needs-user') fail(state.failure);
      if (wanted && isStart && state.kind === 'off') {
        this.#told = false;
        await settings.update((all) => ({ ...all, desktop: { ...all.desktop, startAtLogin: false } }));
      }
    } catch (error) {
      fail(toFailure(error));
    }
  }
}
