import { dirname } from 'node:path';
import type { Rectangle } from 'electron';
import Store from 'electron-store';
import type { Logger } from '../engine/base/logger.ts';

/** What the desktop shell remembers for itself; the settings that people edit are the engine's and not in here. */
interface Remembered {
  /** By the window's name. */
  bounds: Record<string, Rectangle>;
}

/** The shell's own small memory, `desktop.json` beside the engine's state; what can't be read or written is forgotten. */
export class ShellState {
  readonly #store: Store<Remembered>;
  readonly #log: Logger;

  constructor(stateFile: string, log: Logger) {
    this.#log = log;
    this.#store = new Store<Remembered>({
      cwd: dirname(stateFile),
      name: 'desktop',
      defaults: { bounds: {} },
      clearInvalidConfig: true,
      configFileMode: 0o600,
    });
  }

  bounds(window: string): Rectangle | undefined {
    const { x, y, width, height } = this.#store.get('bounds')[window] ?? {};
    const whole = [x, y, width, height].every((value) => Number.isInteger(value));
    return whole ? ({ x, y, width, height } as Rectangle) : undefined;
  }

  rememberBounds(window: string, bounds: Rectangle): void {
    try {
      this.#store.set('bounds', { ...this.#store.get('bounds'), [window]: bounds });
    } catch (error) {
      this.#log.warn('the place of a window is not remembered', { window, error });
    }
  }
}
