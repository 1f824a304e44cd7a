import { RPCHandler } from '@orpc/server/ws';
import type { IpcMain, IpcMainEvent, WebContents } from 'electron';
import { z } from 'zod';
import { createApi } from '../engine/api.ts';
import { disposable, type Disposable } from '../engine/base/disposables.ts';
import type { Logger } from '../engine/base/logger.ts';
import type { EngineCommands } from '../engine/commands.ts';
import { ipcChannel, type MainMessage } from './ipc-message.ts';
import { IpcWay } from './ipc-way.ts';

const place = { page: z.string().max(32), way: z.int() };

/** Checked like any other input: a page is not trusted because it is ours. */
const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal(['open', 'took', 'close']), ...place }),
  z.strictObject({ kind: z.literal('frame'), ...place, frame: z.string().max(1024 * 1024) }),
]);

export interface IpcDoorOptions {
  readonly ipcMain: Pick<IpcMain, 'on' | 'off'>;
  readonly commands: EngineCommands;
  /** Whether this message comes from the top frame of one of our windows, showing our own page. */
  readonly isOurs: (event: IpcMainEvent) => boolean;
  readonly log: Logger;
}

/** The ways that one web contents has opened, by number, for the page that it shows now. */
interface Visitor {
  page: string;
  readonly ways: Map<number, IpcWay>;
}

/** The contract for the app's own windows, over Electron's IPC: the same handlers as behind every other door. */
export function openIpcDoor({ ipcMain, commands, isOurs, log }: IpcDoorOptions): Disposable {
  const handler = new RPCHandler(createApi(commands, log));
  const visitors = new Map<number, Visitor>();
  const watched = new WeakSet<WebContents>();

  const leave = (sender: number): void => {
    const visitor = visitors.get(sender);
    visitors.delete(sender);
    for (const way of visitor?.ways.values() ?? []) way.close();
  };

  const visitorOf = ({ sender }: IpcMainEvent, page: string): Visitor => {
    const known = visitors.get(sender.id);
    if (known?.page === page) return known;
    leave(sender.id); // of the page that was shown before
    if (!watched.has(sender)) {
      watched.add(sender);
      const { id } = sender;
      sender.once('destroyed', () => leave(id));
      sender.on('render-process-gone', () => leave(id));
    }
    const visitor: Visitor = { page, ways: new Map() };
    visitors.set(sender.id, visitor);
    return visitor;
  };

  const hear = (event: IpcMainEvent, raw: unknown): void => {
    const message = messageSchema.safeParse(raw);
    if (!isOurs(event) || !message.success) {
      log.warn('message refused', { sender: event.sender.id, url: event.senderFrame?.url ?? 'gone' });
      return;
    }
    const { kind, page, way: number } = message.data;
    const { ways } = visitorOf(event, page);
    const way = ways.get(number);
    switch (kind) {
      case 'open':
        if (way === undefined)
          ways.set(number, new IpcWay(handler, (data) => tell(event, { ...data, page, way: number })));
        return;
      case 'frame':
        if (way?.receive(message.data.frame) === false) {
          log.warn('page was cut off', { reason: 'not a request' });
          ways.delete(number);
          way.close();
        }
        return;
      case 'took':
        return way?.taken();
      case 'close':
        ways.delete(number);
        return way?.close();
    }
  };

  ipcMain.on(ipcChannel, hear);
  return disposable(() => {
    ipcMain.off(ipcChannel, hear);
    for (const sender of [...visitors.keys()]) leave(sender);
  });
}

function tell({ sender }: IpcMainEvent, message: MainMessage): void {
  if (!sender.isDestroyed()) sender.send(ipcChannel, message);
}
