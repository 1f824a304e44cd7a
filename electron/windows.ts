import { join } from 'node:path';
import { BrowserWindow, screen, shell, type Rectangle, type WebContents } from 'electron';
import type { Disposable } from '../engine/base/disposables.ts';
import type { Logger } from '../engine/base/logger.ts';
import { mayOpenOutside } from './external-link.ts';
import { isOwnPage, pageAddress } from './page-protocol.ts';
import type { ShellState } from './shell-state.ts';
import { popoverPlace, windowPlace } from './window-bounds.ts';

/** The windows there may be, one of each. */
export type WindowName = 'main' | 'logs' | 'popover';

const least = { width: 720, height: 480 };
const usual = {
  main: { width: 1080, height: 720 },
  logs: { width: 1000, height: 640 },
  popover: { width: 360, height: 420 },
};
/** So often the page of a window is started anew; then the window closes. The forwards know nothing of either. */
const mostCrashes = 3;
const home: Record<WindowName, string> = { main: '#/forwards', logs: '#/logs', popover: '#/popover' };

export interface WindowsOptions {
  /** The folder with the built preload script. */
  readonly folder: string;
  /** The app's picture, for desktops that want it of each window. */
  readonly icon: string;
  readonly shellState: ShellState;
  readonly log: Logger;
}

/**
 * The app's windows. Each shows our own page and can't be led away from it; one that is closed is gone, and costs nothing
 * until it is opened again. What happens in a window never reaches the engine except through the contract.
 */
export class Windows implements Disposable {
  readonly #options: WindowsOptions;
  readonly #open = new Map<WindowName, BrowserWindow>();

  constructor(options: WindowsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether these web contents are one of ours. */
  owns(contents: WebContents): boolean {
    return [...this.#open.values()].some((window) => window.webContents === contents);
  }

  /** Opens the window, or brings it to the front; at a view if one is named. */
  show(name: 'main' | 'logs', route?: string): void {
    const there = this.#open.get(name);
    if (there === undefined) return this.#make(name, route ?? home[name]);
    if (route !== undefined) load(there, name, route);
    if (there.isMinimized()) there.restore();
    there.show();
    there.focus();
  }

  /** Opens the popover at the tray's icon, or closes it. */
  togglePopover(icon: Rectangle): void {
    const there = this.#open.get('popover');
    if (there !== undefined) return there.close();
    const { workArea } = screen.getDisplayMatching(icon);
    this.#make('popover', home.popover, popoverPlace(icon, workArea, usual.popover));
  }

  dispose(): void {
    for (const window of this.#open.values()) window.destroy();
  }

  #make(name: WindowName, route: string, at?: { x: number; y: number }): void {
    const { folder, icon, shellState } = this.#options;
    const popover = name === 'popover';
    const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
    const place = popover
      ? { ...usual.popover, ...at }
      : windowPlace(shellState.bounds(name), displays, usual[name], least);
    const window = new BrowserWindow({
      ...place,
      ...(popover
        ? { frame: false, resizable: false, skipTaskbar: true, alwaysOnTop: true, fullscreenable: false }
        : {}),
      ...(popover ? {} : { minWidth: least.width, minHeight: least.height }),
      ...(process.platform === 'linux' ? { icon } : {}),
      title: name === 'logs' ? 'Towline logs' : 'Towline',
      show: false,
      autoHideMenuBar: true,
      webPreferences: {
        preload: join(folder, 'preload.cjs'),
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        spellcheck: false,
      },
    });
    this.#open.set(name, window);
    this.#lock(window);
    window.once('ready-to-show', () => window.show());
    if (popover) window.on('blur', () => window.close());
    else window.on('close', () => shellState.rememberBounds(name, window.getNormalBounds()));
    window.on('closed', () => this.#open.delete(name));
    let crashes = 0;
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      crashes += 1;
      this.#options.log.error('the page of a window has crashed', { window: name, reason, crashes });
      if (crashes <= mostCrashes) window.webContents.reload();
      else window.destroy();
    });
    load(window, name, route);
  }

  /** A link of a page that asks for a window of its own. */
  #showRoute(route: string): void {
    const isLogs = route.startsWith(home.logs);
    this.show(isLogs ? 'logs' : 'main', route === '' ? undefined : route);
  }

  /** Only our own page, no other window, and outside only what the allow-list has. */
  #lock({ webContents }: BrowserWindow): void {
    const { log } = this.#options;
    webContents.on('will-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    webContents.setWindowOpenHandler(({ url }) => {
      if (isOwnPage(url)) this.#showRoute(new URL(url).hash);
      else if (mayOpenOutside(url))
        void shell.openExternal(url).catch((error: unknown) => log.warn('not opened', { url, error }));
      else log.warn('address refused', { url });
      return { action: 'deny' };
    });
  }
}

/** A load that was overtaken by another, or by the window's end, is no news. */
function load(window: BrowserWindow, name: WindowName, route: string): void {
  const page = name === 'logs' ? `?window=logs${route}` : route; // without the main window's sidebar
  void window.loadURL(pageAddress(page)).catch(() => undefined);
}
