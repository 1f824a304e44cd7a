import { EventEmitter } from 'node:events';
import type { IpcMain, IpcMainEvent, WebContents } from 'electron';
import { vi } from 'vitest';
import type { Bridge } from '../../shared/bridge.ts';

/** Electron's IPC between one page and the main process, with the real preload script at the page's end. */
export class PageDouble {
  /** The main process's end. */
  readonly ipcMain = new EventEmitter() as IpcMain;
  readonly sender = Object.assign(new EventEmitter(), {
    id: 7,
    isDestroyed: () => false,
    send: (channel: string, message: unknown) => this.#arrive(channel, message),
  }) as unknown as WebContents;
  readonly frame = { url: 'app://towline/index.html', parent: null };
  /** Every message of the main process to the page. */
  readonly heard: unknown[] = [];
  /** While true, the page is too busy to take what is sent to it. */
  busy = false;
  readonly #late: (() => void)[] = [];
  #ipcRenderer = new EventEmitter();

  /** Loads the page, anew if it was there before; resolves with what its preload script gives it. */
  async load(): Promise<Bridge> {
    const { promise, resolve } = Promise.withResolvers<Bridge>();
    const send = (channel: string, message: unknown): void => this.say(message, channel);
    this.#ipcRenderer = Object.assign(new EventEmitter(), { send });
    vi.resetModules();
    vi.doMock('electron', () => ({
      ipcRenderer: this.#ipcRenderer,
      contextBridge: { exposeInMainWorld: (_name: string, bridge: Bridge) => resolve(bridge) },
    }));
    await import('../../electron/preload.ts');
    return promise;
  }

  /** A message to the main process, as a page might make one that has got round the preload script. */
  say(message: unknown, channel = 'towline:contract'): void {
    const event = { sender: this.sender, senderFrame: this.frame } as unknown as IpcMainEvent;
    this.ipcMain.emit(channel, event, structuredClone(message));
  }

  /** The page has time again. */
  takeAll(): void {
    this.busy = false;
    for (const take of this.#late.splice(0)) take();
  }

  #arrive(channel: string, message: unknown): void {
    this.heard.push(message);
    const copy: unknown = structuredClone(message);
    const take = (): void => void this.#ipcRenderer.emit(channel, {}, copy);
    if (this.busy) this.#late.push(take);
    else take();
  }
}
