import { app, BrowserWindow, clipboard, ipcMain, Menu, powerMonitor, powerSaveBlocker, session, shell } from 'electron';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '../engine/base/clock.ts';
import type { DisposableStore } from '../engine/base/disposables.ts';
import type { Paths } from '../engine/paths.ts';
import { toFailure, type Failure } from '../shared/failure.ts';
import { applicationMenu } from './application-menu.ts';
import { openDesktopEngine } from './desktop-engine.ts';
import { openIpcDoor } from './ipc-door.ts';
import type { Launch } from './launch.ts';
import { LoginItemKeeper } from './login-item-keeper.ts';
import { systemLoginItem } from './login-item-system.ts';
import { measureLoopDelay } from './loop-delay.ts';
import { watchNetwork } from './network-watch.ts';
import { NotificationWatch } from './notification-watch.ts';
import { openNotices } from './notices.ts';
import { isOwnPage } from './page-protocol.ts';
import { followPower } from './power.ts';
import { servePages } from './serve-pages.ts';
import { restrictSession } from './session-rules.ts';
import { ShellState } from './shell-state.ts';
import { carryOut } from './tray-actions.ts';
import type { TrayAction } from './tray-menu-item.ts';
import { openTray } from './tray.ts';
import { Windows } from './windows.ts';

export interface DesktopOptions {
  readonly paths: Paths;
  /** Where the built main process lies, with the preload script. */
  readonly folder: string;
}

export interface Desktop {
  /** What a start of the app asks for, this one or a later one. */
  readonly open: (launch: Launch) => void;
}

/** Composes the app: the engine, its door for the windows, the windows, the tray, and what the machine tells. */
export async function startDesktop(owned: DisposableStore, { paths, folder }: DesktopOptions): Promise<Desktop> {
  const onStopRequested = (): void => void setImmediate(() => app.quit()); // whoever asks gets an answer first
  const commandFile = join(folder, '..', 'headless', 'towline.js');
  const { engine, settings, log, problems } = owned.add(
    await openDesktopEngine({ paths, commandFile, onStopRequested }),
  );
  const { store } = engine;
  const resources = join(app.getAppPath(), 'build');

  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu(process.platform)));
  restrictSession(session.defaultSession);
  await servePages();
  const shellState = new ShellState(paths.stateFile, log);
  const windows = owned.add(new Windows({ folder, icon: join(resources, 'icons', '256x256.png'), shellState, log }));
  const isOurs = ({ sender, senderFrame }: Electron.IpcMainEvent): boolean =>
    senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url) && windows.owns(sender);
  owned.add(openIpcDoor({ ipcMain, commands: engine, isOurs, log }));

  const notices = owned.add(openNotices());
  const fail = ({ message, hint = '' }: Failure): void => notices.show({ title: message, body: hint });
  const act = (action: TrayAction): void =>
    void carryOut(action, {
      ...{ commands: engine, log, fail },
      openExternal: (url) => shell.openExternal(url),
      copy: (text) => clipboard.writeText(text),
      show: (window, route) => windows.show(window, route),
      quit: () => app.quit(),
    }); // never rejects
  const watch = owned.add(
    new NotificationWatch({
      clock,
      state: () => store.state,
      isWatched: () => BrowserWindow.getFocusedWindow() !== null,
      show: ({ title, body, action }) => notices.show({ title, body, onClick: () => act(action) }),
    }),
  );
  owned.add(store.onDidChange(() => watch.look()));

  owned.add(
    followPower({
      ...{ powerMonitor, powerSaveBlocker, store, log },
      onReturn: (why) => {
        if (why === 'resume') watch.didResume();
        engine.checkConnections(why);
      },
    }),
  );
  const onDidChange = (): void => engine.checkConnections('network');
  owned.add(await watchNetwork({ file: '/etc/resolv.conf', onDidChange, clock, log }));
  owned.add(measureLoopDelay(clock, log, (loopDelay) => store.update((state) => ({ ...state, loopDelay }))));
  const loginItem = systemLoginItem({
    ...{ platform: process.platform, env: process.env, home: homedir(), app, execPath: process.execPath },
    ...{ appPath: app.getAppPath(), isPackaged: app.isPackaged },
    icon: app.isPackaged ? 'towline' : join(resources, 'icons', '512x512.png'),
  });
  if (loginItem !== undefined) await owned.add(new LoginItemKeeper({ item: loginItem, settings, fail })).refresh();
  owned.add(
    openTray({
      ...{
        folder: join(resources, 'tray'),
        store,
        clock,
        act,
        canStartAtLogin: loginItem !== undefined,
      },
      onClick: (icon) => (icon === undefined ? windows.show('main') : windows.togglePopover(icon)),
    }),
  );
  await engine.start();
  problems.forEach(fail);

  const open = ({ demo, hidden, route }: Launch): void => {
    if (demo) void engine.startDemo().catch((error: unknown) => fail(toFailure(error)));
    if (!hidden) windows.show('main', route);
  };
  return { open };
}
