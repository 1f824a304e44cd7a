import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../shared/bridge.ts';
import { ipcChannel, type MainMessage, type PageMessage } from './ipc-message.ts';

/** All that a page gets of Electron: `window.towline.connect`, which carries the contract's frames. */

const page = Math.random().toString(36).slice(2);
const ways = new Map<number, { readonly onFrame: (frame: string) => void; readonly onClose: () => void }>();
let opened = 0;

const say = (message: PageMessage): void => ipcRenderer.send(ipcChannel, message);

ipcRenderer.on(ipcChannel, (_event, message: MainMessage) => {
  const way = message.page === page ? ways.get(message.way) : undefined;
  if (way === undefined) return;
  if (message.kind === 'frame') {
    say({ kind: 'took', page, way: message.way });
    way.onFrame(message.frame);
  } else {
    ways.delete(message.way);
    way.onClose();
  }
});

const bridge: Bridge = {
  connect(onFrame, onClose) {
    opened += 1;
    const way = opened;
    ways.set(way, { onFrame, onClose });
    say({ kind: 'open', page, way });
    return {
      send: (frame) => {
        if (ways.has(way)) say({ kind: 'frame', page, way, frame });
      },
      close: () => {
        if (!ways.delete(way)) return;
        say({ kind: 'close', page, way });
        onClose();
      },
    };
  },
};
contextBridge.exposeInMainWorld('towline', bridge);
