import { isDeepStrictEqual } from 'node:util';
import { sleep, type Clock } from '../engine/base/clock.ts';
import { CoalescedPass } from '../engine/base/coalesced.ts';
import type { Disposable } from '../engine/base/disposables.ts';
import type { TrayItem } from './tray-menu-item.ts';
import type { TrayModel } from './tray-model.ts';

/** A desktop redraws a tray slowly, and some lose track of one that changes often. */
const gapMs = 250;

export interface TrayRedrawOptions {
  readonly clock: Clock;
  /** The tray as it should be now. */
  readonly model: () => TrayModel;
  readonly drawFace: (face: Omit<TrayModel, 'menu'>) => void;
  readonly drawMenu: (menu: readonly TrayItem[]) => void;
}

/** When the tray is drawn: at once, but at most every 250 ms; only what has changed; and the menu never while it is open. */
export class TrayRedraw implements Disposable {
  readonly #options: TrayRedrawOptions;
  readonly #ended = new AbortController();
  readonly #passes = new CoalescedPass(() => this.#pass());
  #face: Omit<TrayModel, 'menu'> | undefined;
  #menu: readonly TrayItem[] | undefined;
  #menuOpen = false;

  constructor(options: TrayRedrawOptions) {
    this.#options = options;
  }

  /** Something that the tray shows may have changed. */
  request(): void {
    if (!this.#ended.signal.aborted) void this.#passes.request(); // a pass doesn't fail
  }

  menuDidOpen(): void {
    this.#menuOpen = true;
  }

  menuDidClose(): void {
    this.#menuOpen = false;
    this.request();
  }

  dispose(): void {
    this.#ended.abort();
  }

  async #pass(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#draw();
    await sleep(this.#options.clock, gapMs, this.#ended.signal).catch(() => undefined); // disposed meanwhile
  }

  #draw(): void {
    const { menu, ...face } = this.#options.model();
    if (!isDeepStrictEqual(face, this.#face)) {
      this.#face = face;
      this.#options.drawFace(face);
    }
    if (!this.#menuOpen && !isDeepStrictEqual(menu, this.#menu)) {
      this.#menu = menu;
      this.#options.drawMenu(menu);
    }
  }
}
